import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'

/** What a daemon takes up, looked at from outside. */
export interface Footprint {
  residentMib: number
  /** Shared pages counted by share. */
  proportionalMib: number
  openFiles: number
  threads: number
  /** By table of `account.db`, and `events` of `daemon.db`. */
  rows: Record<string, number>
  /** Databases and their logs. */
  filesMib: number
}

/** The process `pid` with its state in `stateDirectory`. Linux only. */
export function footprint(pid: number, stateDirectory: string): Footprint {
  const memory = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const mib = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(memory)?.[1] ?? Number.NaN) / 1024
  const databases = [
    join(stateDirectory, 'accounts', 'default', 'account.db'),
    join(stateDirectory, 'daemon.db'),
  ]
  return {
    residentMib: mib('Rss'),
    proportionalMib: mib('Pss'),
    openFiles: readdirSync(`/proc/${pid}/fd`).length,
    threads: readdirSync(`/proc/${pid}/task`).length,
    rows: Object.assign({}, ...databases.map(countRows)) as Record<string, number>,
    filesMib: databases.flatMap(sizes).reduce((total, bytes) => total + bytes, 0) / 2 ** 20,
  }
}

function sizes(database: string): number[] {
  return ['', '-wal']
    .map((suffix) => database + suffix)
    .map((path) => (existsSync(path) ? statSync(path).size : 0))
}

function countRows(path: string): Record<string, number> {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    const tables = database
      // A virtual table has its rows in others.
      .prepare(
        `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%'`,
      )
      .all() as { name: string }[]
    return Object.fromEntries(
      tables.map(({ name }) => {
        const { rows } = database.prepare(`SELECT count(*) AS rows FROM "${name}"`).get() as { rows: number }
        return [name, rows]
      }),
    )
  } finally {
    database.close()
  }
}
