import { type Contact, jidDecode } from '@whiskeysockets/baileys'
import type { Database } from '../../../storage/database/database.ts'

/** More than the longest list of numbers that is supported, with the members of its groups. */
const MAX_PAIRS = 50_000
const PRUNE_EVERY_WRITES = 1_000
/** Older than every confirmation, so that the directory is asked anew. */
const IN_DOUBT = 0

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
  /** A number has another LID than before: another WhatsApp account. Called in the transaction that writes it. */
  changed?: (pair: LidPair & { former: string }) => void
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

  /** WhatsApp says that the LID of this number may be another one by now; so it is until its directory is asked. */
  doubt(phoneNumber: string): void {
    this.#deps.database
      .prepare('UPDATE lid_directory SET confirmed_at = ? WHERE phone_number = ?')
      .run(IN_DOUBT, phoneNumber)
  }

  isInDoubt(phoneNumber: string): boolean {
    return this.confirmedAt(phoneNumber) === IN_DOUBT
  }

  /** Takes in an answer of WhatsApp's directory to a question of ours; it replaces what was known of these numbers. */
  learn(pairs: readonly LidPair[]): void {
    const { database, learned } = this.#deps
    const answered = pairs.filter(({ phoneNumber }) => phoneNumber !== this.ownNumber)
    if (answered.length === 0) return
    database.transaction(() => {
      for (const pair of answered) this.#write(pair)
      this.#writes += answered.length
      if (this.#writes >= PRUNE_EVERY_WRITES) this.#prune()
    })
    for (const pair of answered) learned(pair)
  }

  /** Whether the number has another LID than the one that it was allowed with, and nobody has allowed it since. */
  isChanged(phoneNumber: string): boolean {
    // The next link may be that of a number which was somebody's before.
    if (phoneNumber === this.ownNumber) return false
    const row = this.#deps.database
      .prepare('SELECT 1 FROM lid_directory WHERE phone_number = ? AND former_lid IS NOT NULL')
      .get(phoneNumber)
    return row !== undefined
  }

  /** The numbers of which `isChanged` says so; a hundred at most. */
  get changedNumbers(): string[] {
    const rows = this.#deps.database
      .prepare('SELECT phone_number FROM lid_directory WHERE former_lid IS NOT NULL LIMIT 100')
      // The column asked for.
      .all() as { phone_number: string }[]
    const own = this.ownNumber
    return rows.map(({ phone_number }) => phone_number).filter((number) => number !== own)
  }

  /** Somebody has allowed these numbers, whoever has them now. */
  allow(phoneNumbers: readonly string[]): void {
    const allow = this.#deps.database.prepare(
      'UPDATE lid_directory SET former_lid = NULL WHERE phone_number = ? AND former_lid IS NOT NULL',
    )
    this.#deps.database.transaction(() => {
      for (const phoneNumber of phoneNumbers) allow.run(phoneNumber)
    })
  }

  /** For another link: who is somebody else stays so until somebody allows them; their LID is asked for anew. */
  forgetUnchanged(): void {
    const { database } = this.#deps
    database.prepare('DELETE FROM lid_directory WHERE former_lid IS NULL').run()
    database.prepare('UPDATE lid_directory SET confirmed_at = ?').run(IN_DOUBT)
  }

  #write({ lid, phoneNumber }: LidPair): void {
    const { database, now, changed } = this.#deps
    const known = database
      .prepare('SELECT lid, former_lid FROM lid_directory WHERE phone_number = ?')
      // The columns asked for.
      .get(phoneNumber) as { lid: string; former_lid: string | null } | undefined
    const isOther = known !== undefined && known.lid !== lid
    const former = isOther ? (known.former_lid ?? known.lid) : (known?.former_lid ?? null)
    database
      .prepare(
        'INSERT OR REPLACE INTO lid_directory (phone_number, lid, confirmed_at, former_lid) VALUES (?, ?, ?, ?)',
      )
      // Who has their own account back is who they were.
      .run(phoneNumber, lid, now(), former === lid ? null : former)
    if (isOther) changed?.({ lid, phoneNumber, former: known.lid })
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
           (SELECT phone_number FROM lid_directory WHERE former_lid IS NULL ORDER BY confirmed_at DESC LIMIT -1 OFFSET ?)`,
      )
      .run(MAX_PAIRS)
  }
}
