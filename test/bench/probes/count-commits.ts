import { existsSync, readFileSync } from 'node:fs'
import { endianness } from 'node:os'
import { join } from 'node:path'

/** Where the index of a write-ahead log has its `iChange`: https://www.sqlite.org/walformat.html#the_wal_index_file_format. */
const CHANGES_AT = 8

/** Transactions that the daemon with its state in this directory has committed since it opened its databases, by database; `NaN` where it cannot be seen. */
export interface Commits {
  account: number
  daemon: number
}

/** Of the default account. SQLite counts them in the shared index of the log, in the byte order of the machine. */
export function countCommits(stateDirectory: string): Commits {
  const changesOf = (database: string): number => {
    const path = `${database}-shm`
    if (!existsSync(path)) return Number.NaN
    const index = readFileSync(path)
    return endianness() === 'LE' ? index.readUInt32LE(CHANGES_AT) : index.readUInt32BE(CHANGES_AT)
  }
  return {
    account: changesOf(join(stateDirectory, 'accounts', 'default', 'account.db')),
    daemon: changesOf(join(stateDirectory, 'daemon.db')),
  }
}
