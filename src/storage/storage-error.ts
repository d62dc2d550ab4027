import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'
import type { ReasonCode } from '../protocol/reasons.ts'

export type StorageReason = Extract<
  ReasonCode,
  | 'storage_unreadable'
  | 'storage_missing'
  | 'storage_newer'
  | 'storage_permissions'
  | 'storage_read_only'
  | 'storage_full'
  | 'storage_failed'
  | 'storage_unsupported'
  | 'lock_server_required'
  | 'import_required'
>

/** The disk refuses, or does not hold what it must. `reason` is the row of the reasons table that names the cure. */
export class StorageError extends Error {
  readonly reason: StorageReason
  /** What is wrong, for a person: a path, or SQLite's message. Never a stored value. */
  readonly detail: string

  constructor(reason: StorageReason, detail: string, cause?: unknown) {
    super(`${reason}: ${detail}`, cause === undefined ? undefined : { cause })
    this.name = 'StorageError'
    this.reason = reason
    this.detail = detail
  }
}

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html. */
const REASON_BY_RESULT_CODE: Readonly<Record<number, StorageReason>> = {
  3: 'storage_permissions', // SQLITE_PERM
  8: 'storage_permissions', // SQLITE_READONLY
  10: 'storage_failed', // SQLITE_IOERR
  11: 'storage_unreadable', // SQLITE_CORRUPT
  13: 'storage_full', // SQLITE_FULL
  14: 'storage_permissions', // SQLITE_CANTOPEN
  26: 'storage_unreadable', // SQLITE_NOTADB
}

/** From https://www.sqlite.org/rescode.html: SQLITE_IOERR_UNLOCK, _RDLOCK, _CHECKRESERVEDLOCK, _LOCK, _SHMLOCK, _SHMMAP: no locks, or no memory that is shared. */
const UNSUPPORTED_RESULT_CODES: readonly number[] = [2058, 2314, 3594, 3850, 5130, 5386]

const REASON_BY_ERRNO: Readonly<Record<string, StorageReason>> = {
  ENOSPC: 'storage_full',
  EDQUOT: 'storage_full',
  EACCES: 'storage_permissions',
  EPERM: 'storage_permissions',
  EROFS: 'storage_read_only',
  ENOLCK: 'storage_unsupported',
  ENOSYS: 'storage_unsupported',
  ENOTSUP: 'storage_unsupported',
  EOPNOTSUPP: 'storage_unsupported',
}

/** Any error of the file system or of SQLite as a `StorageError`; an unknown one is `storage_failed`. `where` is the path. */
export function toStorageError(error: unknown, where: string): StorageError {
  if (error instanceof StorageError) return error
  const { code, message } = error as { code?: unknown; message?: unknown }
  const named =
    diskReason(error) ?? (typeof code === 'string' ? REASON_BY_ERRNO[code] : undefined) ?? 'storage_failed'
  const text = typeof message === 'string' ? message : 'unknown error'
  return new StorageError(
    named === 'storage_permissions' && isReadOnlyDisk(where) ? 'storage_read_only' : named,
    text.includes(where) ? text : `${where}: ${text}`,
    error,
  )
}

/** The reason, where an error of SQLite comes from the disk or the file; `undefined` for every other error. */
export function diskReason(error: unknown): StorageReason | undefined {
  const { errcode } = error as { errcode?: unknown }
  if (typeof errcode !== 'number') return undefined
  return UNSUPPORTED_RESULT_CODES.includes(errcode)
    ? 'storage_unsupported'
    : REASON_BY_RESULT_CODE[errcode & 0xff]
}

/** SQLite reports a file without write permission and a read-only disk with the same code. */
function isReadOnlyDisk(path: string): boolean {
  try {
    accessSync(dirname(path), constants.W_OK)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EROFS'
  }
}
