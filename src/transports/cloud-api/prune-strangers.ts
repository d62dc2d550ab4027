import type { Database } from '../../storage/database/database.ts'

/** How many of those who were allowed once are looked at for each that has to go. */
const LOOKED_AT = 4

/** What makes a row of these tables itself. */
const KEYS = { business_windows: ['address', 'number'], business_people: ['address'] } as const

export interface PruneOptions {
  /** It has the columns `address` and `is_allowed`. */
  table: keyof typeof KEYS
  /** What is kept longest comes first. */
  order: string
  /** The same backwards. */
  reverse: string
  /** Rows of people who may write, and as many of all others. */
  max: number
  /** Whether the person at this address may write now. */
  isAllowed: (address: string) => boolean
}

/** The key of a row; `number`: of our number, in `business_windows` alone. */
export interface PrunedRow {
  address: string
  number?: string
}

/**
 * Deletes what is too much, so that strangers, however many write, take no place from somebody who may: who was found to be allowed when a row
 * was about to go counts apart from then on. Inside of the caller's transaction. Answers with the rows that went. Throws `StorageError`.
 */
export function pruneStrangers(database: Database, options: PruneOptions): PrunedRow[] {
  const { isAllowed } = options
  const beyond = beyondLimit(database, options, 0)
  const [kept, gone] = split(beyond, isAllowed)
  change(database, options, kept, `UPDATE ${options.table} SET is_allowed = 1`)
  const tooMany = kept.length === 0 ? [] : beyondLimit(database, options, 1)
  // Whoever may not write any more goes before those who may.
  const former = tooMany.length === 0 ? [] : formerAmong(database, options, tooMany.length)
  const others = tooMany.slice(0, Math.max(0, tooMany.length - former.length))
  const pruned = [...gone, ...former, ...others]
  change(database, options, pruned, `DELETE FROM ${options.table}`)
  return pruned
}

function beyondLimit(database: Database, { table, order, max }: PruneOptions, flag: 0 | 1): PrunedRow[] {
  const rows = database
    .prepare(
      `SELECT ${KEYS[table].join(', ')} FROM ${table} WHERE is_allowed = ? ORDER BY ${order} LIMIT -1 OFFSET ?`,
    )
    .all(flag, max)
  // The columns asked for; the one that goes first comes first.
  return (rows as PrunedRow[]).toReversed()
}

function formerAmong(database: Database, options: PruneOptions, count: number): PrunedRow[] {
  const { table, reverse, isAllowed } = options
  const rows = database
    .prepare(
      `SELECT ${KEYS[table].join(', ')} FROM ${table} WHERE is_allowed = 1 ORDER BY ${reverse} LIMIT ?`,
    )
    .all(count * LOOKED_AT)
  // The columns asked for.
  return split(rows as PrunedRow[], isAllowed)[1].slice(0, count)
}

function split(
  rows: readonly PrunedRow[],
  isAllowed: (address: string) => boolean,
): [PrunedRow[], PrunedRow[]] {
  const kept: PrunedRow[] = []
  const gone: PrunedRow[] = []
  for (const row of rows) (isAllowed(row.address) ? kept : gone).push(row)
  return [kept, gone]
}

function change(
  database: Database,
  { table }: PruneOptions,
  rows: readonly PrunedRow[],
  statement: string,
): void {
  const key = KEYS[table]
  const prepared = database.prepare(
    `${statement} WHERE ${key.map((column) => `${column} = ?`).join(' AND ')}`,
  )
  for (const row of rows) prepared.run(...key.map((column) => row[column] ?? ''))
}
