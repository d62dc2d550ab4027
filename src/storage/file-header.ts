import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { StorageError } from './storage-error.ts'

/** `application_id` of a file that its owner closed in order: it is whole without a log. */
export const CLOSED_MARK = 0x77_61_70_00
/** `application_id` of a file in use: what was written last may be in its log only. */
export const OPEN_MARK = 0x77_61_70_01

/** https://www.sqlite.org/fileformat2.html#the_database_header */
const HEADER_BYTES = 100
const WRITE_VERSION_AT = 18
const APPLICATION_ID_AT = 68
const ROLLBACK_JOURNAL = 1
/** https://www.sqlite.org/fileformat2.html#the_wal_file_format */
const LOG_HEADER_BYTES = 32
const LOG_MAGIC = 0x37_7f_06_82

/**
 * Refuses what SQLite would open without a word and read as an older state, or as nothing at all: an empty file, one
 * that was copied without its write-ahead log while it was in use, a log that is damaged or belongs to another file.
 * Throws `StorageError` (`storage_unreadable`), or what the file system throws. Changes nothing.
 */
export function refuseTornFile(path: string): void {
  const header = readStart(path, HEADER_BYTES)
  const refuse = (what: string): never => {
    throw new StorageError('storage_unreadable', what)
  }
  if (header.length === 0) refuse(`${path} is empty`)
  if (header.length < HEADER_BYTES) refuse(`${path} is only a part of a database`)
  const log = `${path}-wal`
  const start =
    statSync(log, { throwIfNoEntry: false }) === undefined ? null : readStart(log, LOG_HEADER_BYTES)
  if (start === null) {
    if (header.readUInt32BE(APPLICATION_ID_AT) === OPEN_MARK)
      refuse(`${log} is missing: this is a part of a copy that was made while whatsappd was running`)
    return
  }
  // Less than a header, or zeros, are what a crash leaves of a log that was never used.
  if (start.length < LOG_HEADER_BYTES || start.every((byte) => byte === 0)) return
  if ((start.readUInt32BE(0) & ~1) >>> 0 !== LOG_MAGIC) refuse(`${log} is damaged`)
  if (header[WRITE_VERSION_AT] === ROLLBACK_JOURNAL) refuse(`${log} belongs to another file than ${path}`)
}

/** Whether the file says that it needs its log; false when it cannot be read. */
export function isMarkedOpen(path: string): boolean {
  try {
    const header = readStart(path, HEADER_BYTES)
    return header.length === HEADER_BYTES && header.readUInt32BE(APPLICATION_ID_AT) === OPEN_MARK
  } catch {
    return false
  }
}

function readStart(path: string, bytes: number): Buffer {
  const handle = openSync(path, 'r')
  try {
    const start = Buffer.alloc(Math.min(bytes, fstatSync(handle).size))
    readSync(handle, start, 0, start.length, 0)
    return start
  } finally {
    closeSync(handle)
  }
}
