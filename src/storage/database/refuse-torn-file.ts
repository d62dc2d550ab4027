import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { FILE_MARK, readFileMark } from './file-mark.ts'
import { StorageError } from '../storage-error.ts'

/** The smallest page of a database, https://www.sqlite.org/fileformat2.html. */
const LEAST_PAGE_BYTES = 512
const LOG_HEADER_BYTES = 32
const LOG_MAGIC = 0x37_7f_06_82

/**
 * Refuses a file that SQLite would open without an error and read as an older state, or as empty: an empty file, one that
 * was copied in use without its write-ahead log, one with a log that is damaged or belongs to another file. Throws
 * `StorageError` (`storage_unreadable`), or what SQLite and the file system throw. Changes nothing.
 */
export function refuseTornFile(path: string): void {
  const size = sizeOf(path)
  if (size < LEAST_PAGE_BYTES)
    refuse(size === 0 ? `${path} is empty` : `${path} is only a part of a database`)
  const mark = readFileMark(path)
  const log = `${path}-wal`
  const logHeader = readLogHeader(log)
  if (logHeader === null) {
    if (mark === FILE_MARK.open)
      refuse(`${log} is missing: this is a part of a copy that was made while whatsappd was running`)
    return
  }
  // A crash leaves less than a header, or zeros, of a log that was never used.
  if (logHeader.every((byte) => byte === 0)) return
  if ((logHeader.readUInt32BE(0) & ~1) >>> 0 !== LOG_MAGIC) refuse(`${log} is damaged`)
  if (mark === FILE_MARK.closed) refuse(`${log} belongs to another file than ${path}`)
}

function refuse(what: string): never {
  throw new StorageError('storage_unreadable', what)
}

/** Opening a pipe would wait for its other end. */
function sizeOf(path: string): number {
  const stat = statSync(path)
  return stat.isFile() ? stat.size : refuse(`${path} is not a regular file`)
}

/** Zeros where the log is shorter; `null` without one. */
function readLogHeader(log: string): Buffer | null {
  if (statSync(log, { throwIfNoEntry: false }) === undefined) return null
  sizeOf(log)
  const header = Buffer.alloc(LOG_HEADER_BYTES)
  const handle = openSync(log, 'r')
  try {
    return readSync(handle, header) < LOG_HEADER_BYTES ? Buffer.alloc(LOG_HEADER_BYTES) : header
  } finally {
    closeSync(handle)
  }
}
