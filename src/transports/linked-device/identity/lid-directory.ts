import { type Contact, jidDecode } from '@whiskeysockets/baileys'
import type { Database } from '../../../storage/database/database.ts'
import { ReadCache } from '../../../storage/database/read-cache.ts'

/** More than the longest list of numbers that is supported, with the members of its groups. */
const MAX_PAIRS = 50_000
const PRUNE_EVERY_WRITES = 1_000
/** Older than every confirmation, so that the directory is asked anew. */
const IN_DOUBT = 0
/** Answers kept in memory, in each direction: a message asks some forty times about the same two people. */
const KEPT_ANSWERS = 500

/** Digits of a LID, and of the phone number of the same person. */
export interface LidPair {
  lid: string
  phoneNumber: string
}

interface Entry {
  lid: string
  confirmedAt: number
  formerLid: string | null
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
  readonly #entries: ReadCache<Entry | null>
  readonly #numbers: ReadCache<string | null>
  #writes = 0

  constructor(deps: LidDirectoryDependencies) {
    this.#deps = deps
    this.#entries = new ReadCache(deps.database, KEPT_ANSWERS)
    this.#numbers = new ReadCache(deps.database, KEPT_ANSWERS)
  }

  /** The account's own number, or `null` before it is linked. */
  get ownNumber(): string | null {
    return jidDecode(this.#deps.me()?.id)?.user ?? null
  }

  /** The LID of a number, or `null`. */
  lidOf(phoneNumber: string): string | null {
    const own = this.#own()
    if (phoneNumber === own?.phoneNumber) return own.lid
    return this.#entry(phoneNumber)?.lid ?? null
  }

  /** The number behind a LID; of several, the one that was confirmed last. `null` when none is known. */
  numberOf(lid: string): string | null {
    const own = this.#own()
    if (lid === own?.lid) return own.phoneNumber
    return this.#numbers.get(lid, () => {
      const row = this.#deps.database
        .prepare(
          'SELECT phone_number FROM lid_directory WHERE lid = ? ORDER BY confirmed_at DESC, phone_number LIMIT 1',
        )
        // The column asked for.
        .get(lid) as { phone_number: string } | undefined
      return row?.phone_number ?? null
    })
  }

  /** When WhatsApp confirmed the LID of a number last, milliseconds since the epoch; `null` when it never did. */
  confirmedAt(phoneNumber: string): number | null {
    return this.#entry(phoneNumber)?.confirmedAt ?? null
  }

  /** WhatsApp says that the LID of this number may be another one by now; so it is until its directory is asked. */
  doubt(phoneNumber: string): void {
    this.#deps.database
      .prepare('UPDATE lid_directory SET confirmed_at = ? WHERE phone_number = ?')
      .run(IN_DOUBT, phoneNumber)
    this.#written()
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
    return (this.#entry(phoneNumber)?.formerLid ?? null) !== null
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
      this.#written()
    })
  }

  /** For another link: who is somebody else stays so until somebody allows them; their LID is asked for anew. */
  forgetUnchanged(): void {
    const { database } = this.#deps
    database.prepare('DELETE FROM lid_directory WHERE former_lid IS NULL').run()
    database.prepare('UPDATE lid_directory SET confirmed_at = ?').run(IN_DOUBT)
    this.#written()
  }

  /** Everything: for an account that is erased. */
  erase(): void {
    this.#deps.database.prepare('DELETE FROM lid_directory').run()
    this.#written()
  }

  #entry(phoneNumber: string): Entry | null {
    return this.#entries.get(phoneNumber, () => {
      const row = this.#deps.database
        .prepare(
          'SELECT lid, confirmed_at AS confirmedAt, former_lid AS formerLid FROM lid_directory WHERE phone_number = ?',
        )
        // The columns asked for.
        .get(phoneNumber) as Entry | undefined
      return row ?? null
    })
  }

  /** What was read before may be another by now. */
  #written(): void {
    this.#entries.clear()
    this.#numbers.clear()
  }

  #write({ lid, phoneNumber }: LidPair): void {
    const { database, now, changed } = this.#deps
    const known = this.#entry(phoneNumber)
    const isOther = known !== null && known.lid !== lid
    const former = isOther ? (known.formerLid ?? known.lid) : (known?.formerLid ?? null)
    database
      .prepare(
        'INSERT OR REPLACE INTO lid_directory (phone_number, lid, confirmed_at, former_lid) VALUES (?, ?, ?, ?)',
      )
      // Who has their own account back is who they were.
      .run(phoneNumber, lid, now(), former === lid ? null : former)
    this.#written()
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
    this.#written()
  }
}
