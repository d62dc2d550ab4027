import { join } from 'node:path'
import { isRecord } from '../../protocol/is-record.ts'
import { isPrintable } from '../../protocol/text/printable.ts'
import { readPrivateFile } from '../../storage/files/read-private-file.ts'
import { writePrivateFile } from '../../storage/files/write-private-file.ts'

const FILE_NAME = 'backup.json'
const MAX_BYTES = 8_192

/** The last copy that was made of an account. */
export interface BackupNote {
  /** Milliseconds since the epoch. */
  at: number
  /** Absolute. */
  file: string
}

/** Notes beside the account that a copy was made. A directory that cannot be written keeps no copy from being one. */
export function noteBackup(directory: string, { at, file }: BackupNote): void {
  try {
    writePrivateFile(
      join(directory, FILE_NAME),
      `${JSON.stringify({ at: new Date(at).toISOString(), file })}\n`,
      {
        isDurable: false,
      },
    )
  } catch {
    // The copy itself is there.
  }
}

/** `null` where none was noted, or what is there cannot be read. */
export function readBackupNote(directory: string): BackupNote | null {
  try {
    const found: unknown = JSON.parse(
      readPrivateFile(join(directory, FILE_NAME), { maxBytes: MAX_BYTES }) ?? 'null',
    )
    if (!isRecord(found)) return null
    const { at, file } = found
    const time = typeof at === 'string' ? Date.parse(at) : Number.NaN
    return Number.isNaN(time) || typeof file !== 'string' || !isPrintable(file) ? null : { at: time, file }
  } catch {
    return null
  }
}
