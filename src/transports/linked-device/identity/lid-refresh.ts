import { isLidUser, jidDecode } from '@whiskeysockets/baileys'
import type { LidDirectory } from './lid-directory.ts'

export interface LidRefreshDependencies {
  lids: Pick<LidDirectory, 'numberOf'>
  /** Asks WhatsApp for the LID of a number, digits; resolves when the directory has the answer, rejects without one. */
  ask: (number: string) => Promise<void>
}

/**
 * WhatsApp marks the acknowledgement of a message (`refresh_lid`) whose recipient has another LID by now. One such message is
 * tolerated; accounts that went on were restricted (Baileys#2661). The LID is asked for, once for each person and connection, and
 * further messages to them wait for the answer. Where there is none, the next mark asks again (whatsapp-rust#1313).
 */
export class LidRefresh {
  readonly #deps: LidRefreshDependencies
  readonly #asked = new Set<string>()
  readonly #pending = new Map<string, Promise<void>>()

  constructor(deps: LidRefreshDependencies) {
    this.#deps = deps
  }

  /** The acknowledgement of a message to this address was marked. */
  marked(address: string): void {
    const user = jidDecode(address)?.user ?? ''
    const number = isLidUser(address) === true ? this.#deps.lids.numberOf(user) : user
    if (!number || this.#asked.has(number)) return
    this.#asked.add(number)
    const answered = this.#deps
      .ask(number)
      .catch(() => void this.#asked.delete(number))
      .finally(() => this.#pending.delete(number))
    this.#pending.set(number, answered)
  }

  /** Resolves when nothing is open about this number, digits; never rejects. */
  async settled(number: string | null): Promise<void> {
    if (number !== null) await this.#pending.get(number)
  }

  /** What was asked counts for one connection. */
  reconnected(): void {
    this.#asked.clear()
  }
}
