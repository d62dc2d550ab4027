import type { Database } from '../../storage/database/database.ts'

/** How many of those who were allowed once are looked at for each that has to go. */
const LOOKED_AT = 4

export interface PruneOptions {
  /** It has the columns `address` and `is_allowed`. */
  table: 'business_windows' | 'business_people'
  /** What is kept longest comes first. */
  order: string
  /** The same backwards. */
  reverse: string
  /** Rows of people who may write, and as many of all others. */
  max: number
  /** Whether the person at this address may write now. */
  isAllowed: (address: string) => boolean
}

/**
 * Deletes what is too much, so that strangers, however many write, take no place from somebody who may: who was found to be allowed when a row
 * was about to go counts apart from then on. Inside of the caller's transaction. Answers with the addresses that went. Throws `StorageError`.
 */
export function pruneStrangers(database: Database, options: PruneOptions): string[] {
  const { isAllowed } = options
  const beyond = beyondLimit(database, options, 0)
  const [kept, gone] = split(beyond, isAllowed)
  mark(database, options, kept)
  const tooMany = kept.length === 0 ? [] : beyondLimit(database, options, 1)
  // Whoever may not write any more goes before those who may.
  const former = tooMany.length === 0 ? [] : formerAmong(database, options, tooMany.length)
  const others = tooMany.slice(0, Math.max(0, tooMany.length - former.length))
  remove(database, options, [...gone, ...former, ...others])
  return [...gone, ...former, ...others]
}

function beyondLimit(database: Database, { table, order, max }: PruneOptions, flag: 0 | 1): string[] {
  const rows = database
    .prepare(`SELECT address FROM ${table} WHERE is_allowed = ? ORDER BY ${order} LIMIT -1 OFFSET ?`)
    .all(flag, max)
  // The column asked for; the one that goes first comes first.
  return (rows as { address: string }[]).map(({ address }) => address).toReversed()
}

function formerAmong(database: Database, options: PruneOptions, count: number): string[] {
  const { table, reverse, isAllowed } = options
  const rows = database
    .prepare(`SELECT address FROM ${table} WHERE is_allowed = 1 ORDER BY ${reverse} LIMIT ?`)
    .all(count * LOOKED_AT)
  // The column asked for.
  const addresses = (rows as { address: string }[]).map(({ address }) => address)
  return split(addresses, isAllowed)[1].slice(0, count)
}

function split(addresses: readonly string[], isAllowed: (address: string) => boolean): [string[], string[]] {
  const kept: string[] = []
  const gone: string[] = []
  for (const address of addresses) (isAllowed(address) ? kept : gone).push(address)
  return [kept, gone]
}

function mark(database: Database, { table }: PruneOptions, addresses: readonly string[]): void {
  const update = database.prepare(`UPDATE ${table} SET is_allowed = 1 WHERE address = ?`)
  for (const address of addresses) update.run(address)
}

function remove(database: Database, { table }: PruneOptions, addresses: readonly string[]): void {
  const gone = database.prepare(`DELETE FROM ${table} WHERE address = ?`)
  for (const address of addresses) gone.run(address)
}
