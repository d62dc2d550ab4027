import { join } from 'node:path'
import { ExclusiveLock } from '../../storage/files/exclusive-lock.ts'
import { setAside } from '../../storage/database/set-aside.ts'

/**
 * Moves an account's file that cannot be read out of the way, to `account.db.damaged`: nothing of it is deleted. Throws
 * `LockHeldError` when another process has the account, and what the file system throws.
 */
export function setAccountAside(directory: string): void {
  const lock = new ExclusiveLock(directory)
  lock.acquire()
  try {
    setAside(join(directory, 'account.db'), 'damaged')
  } finally {
    lock.release()
  }
}
