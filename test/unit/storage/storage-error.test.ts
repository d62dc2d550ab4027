import { describe, expect, it } from 'vitest'
import { toStorageError } from '../../../src/storage/storage-error.ts'

const WHERE = '/state/accounts/default/account.db'
const SQLITE_IOERR_LOCK = 3850
const SQLITE_IOERR_SHMMAP = 5386
const SQLITE_IOERR_WRITE = 778

describe('what a file system that lacks locks or shared memory says', () => {
  it.each([
    { code: 'ENOLCK', message: 'ENOLCK: no locks available' },
    { code: 'EOPNOTSUPP', message: 'EOPNOTSUPP: operation not supported' },
    { errcode: SQLITE_IOERR_LOCK, message: 'disk I/O error' },
    { errcode: SQLITE_IOERR_SHMMAP, message: 'disk I/O error' },
  ])('is told apart from a disk that fails: $message, $errcode', (error) => {
    expect(toStorageError(Object.assign(new Error(error.message), error), WHERE)).toMatchObject({
      reason: 'storage_unsupported',
      detail: `${WHERE}: ${error.message}`,
    })
  })

  it('is another thing than a write that fails', () => {
    const error = Object.assign(new Error('disk I/O error'), { errcode: SQLITE_IOERR_WRITE })
    expect(toStorageError(error, WHERE).reason).toBe('storage_failed')
  })
})
