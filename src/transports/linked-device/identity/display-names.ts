import { jidDecode, type WAMessage } from '@whiskeysockets/baileys'
import { TEXT_LIMITS } from '../../../protocol/text/text-limits.ts'
import { cutText } from '../../../text/bounded-text.ts'

/** People; whoever has not written for the longest is forgotten first. */
const MAX_NAMES = 2_000

/**
 * What people call themselves, from the messages that they wrote since the start, by the digits of each address. Kept in memory
 * alone: also strangers in a group have a name when somebody mentions them.
 */
export class DisplayNames {
  readonly #names = new Map<string, string>()

  learn({ key, pushName }: Pick<WAMessage, 'key' | 'pushName'>): void {
    if (!pushName || key.fromMe === true) return
    const addresses = key.participant
      ? [key.participant, key.participantAlt]
      : [key.remoteJid, key.remoteJidAlt]
    for (const address of addresses) {
      const digits = jidDecode(address ?? undefined)?.user
      if (digits === undefined || digits.length > TEXT_LIMITS.identifier) continue
      this.#names.delete(digits)
      this.#names.set(digits, cutText(pushName, TEXT_LIMITS.name))
    }
    for (const oldest of this.#names.keys()) {
      if (this.#names.size <= MAX_NAMES) break
      this.#names.delete(oldest)
    }
  }

  forget(addresses: readonly string[]): void {
    for (const address of addresses) this.#names.delete(jidDecode(address)?.user ?? '')
  }

  clear(): void {
    this.#names.clear()
  }

  of(digits: string): string | null {
    return this.#names.get(digits) ?? null
  }
}
