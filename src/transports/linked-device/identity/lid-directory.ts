import { type Contact, jidDecode } from '@whiskeysockets/baileys'
import type { Database } from '../../../storage/database/database.ts'

/** More than the longest list of numbers that is supported, with the members of its groups. */
const MAX_PAIRS = 50_000
const PRUNE_EVERY_WRITES = 1_000

/** Digits of a LID, and of the phone number of the same person. */
export interface LidPair {
  lid: string
  phoneNumber: string
}

export interface LidDirectoryDependencies {
  database: Database
  now: () => number
  /** The linked account, whose own two names are known. */
  me: () => Contact | undefined
  /** WhatsApp gave, or confirmed, the number behind a LID. Called after it is written. */
  learned: (pair: LidPair) => void
}

/**
 * Who has which LID, as WhatsApp's directory answered when this daemon asked; nothing that an envelope, a notification
 * or a phone merely names is ever written here. Looked up in both directions. Everything is digits, without a server or
 * a device part. Synchronous; throws `StorageError`.
 */
export class LidDirectory {
  readonly #deps: LidDirectoryDependencies
  #writes = 0

  constructor(deps: LidDirectoryDependencies) {
    this.#deps = deps
  }

  /** The account's own number, or `null` before it is linked. */
  get ownNumber(): string | null {
    return jidDecode(this.#deps.me()?.id)?.user ?? null
  }

  /** The LID of a number, or `null`. */
  lidOf(phoneNumber: string): string | null {
    const own = this.#own()
    if (phoneNumber === own?.phoneNumber) return own.lid
    const row = this.#deps.database
      .prepare('SELECT lid FROM lid_directory WHERE phone_number = ?')
      // The column asked for.
      .get(phoneNumber) as { lid: string } | undefined
    return row?.lid ?? null
  }

  /** The number behind a LID; of several, the one that was confirmed last. `null` when none is known. */
  numberOf(lid: string): string | null {
    const own = this.#own()
    if (lid === own?.lid) return own.phoneNumber
    const row = this.#deps.database
      .prepare(
        'SELECT phone_number FROM lid_directory WHERE lid = ? ORDER BY confirmed_at DESC, phone_number LIMIT 1',
      )
      // The column asked for.
      .get(lid) as { phone_number: string } | undefined
    return row?.phone_number ?? null
  }

  /** When WhatsApp confirmed the LID of a number last, milliseconds since the epoch; `null` when it never did. */
  confirmedAt(phoneNumber: string): number | null {
    const row = this.#deps.database
      .prepare('SELECT confirmed_at FROM lid_directory WHERE phone_number = ?')
      // The column asked for.
      .get(phoneNumber) as { confirmed_at: number } | undefined
    return row?.confirmed_at ?? null
  }

  /** Takes in an answer of WhatsApp's directory to a question of ours; it replaces what was known of these numbers. */
  learn(pairs: readonly LidPair[]): void {
    const { database, now, learned } = this.#deps
    const answered = pairs.filter(({ phoneNumber }) => phoneNumber !== this.ownNumber)
    if (answered.length === 0) return
    database.transaction(() => {
      const insert = database.prepare(
        'INSERT OR REPLACE INTO lid_directory (phone_number, lid, confirmed_at) VALUES (?, ?, ?)',
      )
      for (const { lid, phoneNumber } of answered) insert.run(phoneNumber, lid, now())
      this.#writes += answered.length
      if (this.#writes >= PRUNE_EVERY_WRITES) this.#prune()
    })
    for (const pair of answered) learned(pair)
  }

  #own(): LidPair | null {
    const me = this.#deps.me()
    const lid = jidDecode(me?.lid)?.user
    const phoneNumber = jidDecode(me?.id)?.user
    return lid === undefined || phoneNumber === undefined ? null : { lid, phoneNumber }
  }

  #prune(): void {
    this.#writes = 0
    this.#deps.database
      .prepare(
        `DELETE FROM lid_directory WHERE phone_number IN
           (SELECT phone_number FROM lid_directory ORDER BY confirmed_at DESC LIMIT -1 OFFSET ?)`,
      )
      .run(MAX_PAIRS)
  }
}
