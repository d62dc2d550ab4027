import type { ReasonCode } from '../protocol/reasons.ts'

export type StorageReason = Extract<
  ReasonCode,
  'storage_unreadable' | 'storage_permissions' | 'storage_full' | 'storage_failed' | 'import_required'
>

/** The disk does not hold what it must, with the row of the reasons table that names the cure. */
export class StorageError extends Error {
  readonly reason: StorageReason
  /** What is wrong, in words for a person: a path or SQLite's sentence. Never a stored value. */
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

const REASON_BY_ERRNO: Readonly<Record<string, StorageReason>> = {
  ENOSPC: 'storage_full',
  EDQUOT: 'storage_full',
  EACCES: 'storage_permissions',
  EPERM: 'storage_permissions',
  EROFS: 'storage_permissions',
}

/** Any error of the file system or of SQLite as a `StorageError`; unknown ones are `storage_failed`. */
export function toStorageError(error: unknown, where: string): StorageError {
  if (error instanceof StorageError) return error
  const { code, errcode, message } = error as { code?: unknown; errcode?: unknown; message?: unknown }
  const reason =
    (typeof errcode === 'number' ? REASON_BY_RESULT_CODE[errcode & 0xff] : undefined) ??
    (typeof code === 'string' ? REASON_BY_ERRNO[code] : undefined) ??
    'storage_failed'
  return new StorageError(
    reason,
    `${where}: ${typeof message === 'string' ? message : 'unknown error'}`,
    error,
  )
}
