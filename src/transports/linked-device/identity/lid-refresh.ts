import { isLidUser, jidDecode } from '@whiskeysockets/baileys'
import { withDeadline } from '../../../timing/deadline.ts'
import type { LidDirectory } from './lid-directory.ts'

/** How long a message waits for the answer before it is tried again later. */
const ANSWER_WAIT_MS = 20_000

export interface LidRefreshDependencies {
  lids: Pick<LidDirectory, 'numberOf' | 'doubt' | 'isInDoubt'>
  /** Asks WhatsApp for the LID of a number, digits; resolves when the directory has the answer, rejects without one. */
  ask: (number: string) => Promise<void>
}

/**
 * WhatsApp marks the acknowledgement of a message (`refresh_lid`) whose recipient has another LID by now. One such message is
 * tolerated; accounts that went on were restricted (Baileys#2661). The LID is asked for, once for each person and connection, and
 * further messages to them wait for the answer, also after a restart. Where there is none, the next message asks again.
 */
export class LidRefresh {
  readonly #deps: LidRefreshDependencies
  readonly #asked = new Set<string>()
  readonly #pending = new Map<string, Promise<void>>()

  constructor(deps: LidRefreshDependencies) {
    this.#deps = deps
  }

  /** The acknowledgement of a message to this address was marked. Throws `StorageError`. */
  marked(address: string): void {
    const { lids } = this.#deps
    const user = jidDecode(address)?.user ?? ''
    const number = isLidUser(address) === true ? lids.numberOf(user) : user
    if (!number || this.#asked.has(number)) return
    this.#ask(number)
    lids.doubt(number)
  }

  /** Whether nothing is open about this number, digits, after the answer was waited for; never rejects but with `StorageError`. */
  async settled(number: string | null): Promise<boolean> {
    if (number === null) return true
    const { lids } = this.#deps
    if (!this.#asked.has(number) && lids.isInDoubt(number)) this.#ask(number)
    const pending = this.#pending.get(number)
    if (pending !== undefined) await withDeadline(pending, ANSWER_WAIT_MS, () => undefined)
    // An answer that names no LID for the number leaves it in doubt, and is one nevertheless.
    const isAnswered = this.#asked.has(number) && !this.#pending.has(number)
    return isAnswered || !lids.isInDoubt(number)
  }

  /** What was asked counts for one connection. */
  reconnected(): void {
    this.#asked.clear()
  }

  #ask(number: string): void {
    this.#asked.add(number)
    const answered = this.#deps
      .ask(number)
      .catch(() => void this.#asked.delete(number))
      .finally(() => this.#pending.delete(number))
    this.#pending.set(number, answered)
  }
}
