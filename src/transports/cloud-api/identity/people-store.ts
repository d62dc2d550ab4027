import type { Database } from '../../../storage/database/database.ts'
import { pruneStrangers } from '../prune-strangers.ts'

/** More than write to a number within a month, of those who may write and of all others; the ones that were seen longest ago go. */
const MAX_PEOPLE = 50_000
/** That are told at a time. */
const MAX_CHANGED = 100
const PRUNE_EVERY_WRITES = 200

export interface KnownPerson {
  address: string
  /** E.164. */
  phoneNumber: string | null
  parentId: string | null
  /** The account of WhatsApp that the address is for; empty where that is not known. */
  business: string
  /** Milliseconds since 1970. */
  seenAt: number
}

const COLUMNS = 'address, phone_number AS phoneNumber, parent_id AS parentId, business, seen_at AS seenAt'

/** The tables `business_people` and `business_changed_numbers`. Methods that write run inside of the caller's transaction, `allow` in its own. Throws `StorageError`. */
export class PeopleStore {
  readonly #database: Database
  readonly #isAllowed: (address: string) => boolean
  #writes = PRUNE_EVERY_WRITES

  /** `isAllowed`: whether the person at this address may write now; nobody else takes their place. */
  constructor(database: Database, isAllowed: (address: string) => boolean) {
    this.#database = database
    this.#isAllowed = isAllowed
  }

  at(address: string): KnownPerson | null {
    return this.#one('address = ?', address)
  }

  /** Who has this number, E.164; of several addresses the one with an id. */
  withNumber(phoneNumber: string): KnownPerson | null {
    return this.#one(
      `phone_number = ? ORDER BY substr(address, 1, 3) = 'wa:', seen_at DESC LIMIT 1`,
      phoneNumber,
    )
  }

  /** Who else than `address` has this number, by an id. */
  holderOf(phoneNumber: string, address: string): KnownPerson | null {
    return this.#one(
      `phone_number = ? AND address != ? AND substr(address, 1, 3) != 'wa:' ORDER BY seen_at DESC LIMIT 1`,
      phoneNumber,
      address,
    )
  }

  /** Every address with this number. */
  addressesWith(phoneNumber: string): string[] {
    const rows = this.#database
      .prepare('SELECT address FROM business_people WHERE phone_number = ? ORDER BY seen_at DESC LIMIT 20')
      .all(phoneNumber)
    // The column asked for.
    return (rows as { address: string }[]).map(({ address }) => address)
  }

  /** Who was seen last with this id for the company. */
  withParent(parentId: string | null): KnownPerson | null {
    return parentId === null ? null : this.#one('parent_id = ? ORDER BY seen_at DESC LIMIT 1', parentId)
  }

  /** What is not named is kept as it was; what is older changes nothing that was named since. */
  see({ address, phoneNumber, parentId, business, seenAt }: KnownPerson): void {
    this.#database
      .prepare(
        `INSERT INTO business_people (address, phone_number, parent_id, business, seen_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (address) DO UPDATE SET
           phone_number = iif(?5 >= seen_at OR phone_number IS NULL, COALESCE(?2, phone_number), phone_number),
           parent_id = iif(?5 >= seen_at OR parent_id IS NULL, COALESCE(?3, parent_id), parent_id),
           business = iif(?4 != '' AND (?5 >= seen_at OR business = ''), ?4, business),
           seen_at = max(seen_at, ?5)`,
      )
      .run(address, phoneNumber, parentId, business, seenAt)
    this.#writes += 1
    if (this.#writes >= PRUNE_EVERY_WRITES) this.#prune()
  }

  loseNumber(address: string): void {
    this.#database.prepare('UPDATE business_people SET phone_number = NULL WHERE address = ?').run(address)
  }

  /** The first of those who had the number stays the one whom it was allowed for. */
  markChanged(phoneNumber: string, former: string): void {
    this.#database
      .prepare('INSERT OR IGNORE INTO business_changed_numbers (phone_number, former) VALUES (?, ?)')
      .run(phoneNumber, former)
  }

  isChanged(phoneNumber: string): boolean {
    return this.formerOf(phoneNumber) !== null
  }

  /** The address of the person whom the number was allowed for; `null` where it is theirs. */
  formerOf(phoneNumber: string): string | null {
    const row = this.#database
      .prepare('SELECT former FROM business_changed_numbers WHERE phone_number = ?')
      .get(phoneNumber)
    // The column asked for.
    return (row as { former: string } | undefined)?.former ?? null
  }

  /** Digits; a hundred at most. */
  get changedNumbers(): string[] {
    const rows = this.#database
      .prepare('SELECT phone_number AS number FROM business_changed_numbers LIMIT ?')
      .all(MAX_CHANGED)
    // The column asked for.
    return (rows as { number: string }[]).map(({ number }) => number.slice(1))
  }

  /** Somebody has allowed these numbers, digits, whoever has them now. */
  allow(phoneNumbers: readonly string[]): void {
    const allow = this.#database.prepare('DELETE FROM business_changed_numbers WHERE phone_number = ?')
    this.#database.transaction(() => {
      for (const digits of phoneNumbers) allow.run(`+${digits}`)
    })
  }

  #one(where: string, ...values: string[]): KnownPerson | null {
    // The columns asked for, which only this class writes.
    const row = this.#database.prepare(`SELECT ${COLUMNS} FROM business_people WHERE ${where}`).get(...values)
    return (row as KnownPerson | undefined) ?? null
  }

  /** They were seen last now, as far as is known; who may not write is not known any more. */
  forget(addresses: readonly string[], now: number): void {
    const stay = this.#database.prepare('UPDATE business_people SET seen_at = ? WHERE address = ?')
    const go = this.#database.prepare('DELETE FROM business_people WHERE address = ?')
    for (const address of addresses)
      if (this.#isAllowed(address)) stay.run(now, address)
      else go.run(address)
  }

  #prune(): void {
    this.#writes = 0
    pruneStrangers(this.#database, {
      table: 'business_people',
      order: 'seen_at DESC',
      reverse: 'seen_at',
      max: MAX_PEOPLE,
      isAllowed: this.#isAllowed,
    })
  }
}
