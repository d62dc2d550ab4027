import { ExclusiveLock } from '../../storage/files/exclusive-lock.ts'
import { readHostIdentity } from './host-identity.ts'
import { HostMark } from './host-mark.ts'

/**
 * Runs `work` while nobody else uses the account's directory: no other process of this machine and, on a network volume, no other host
 * that has renewed its mark a moment ago. `hasLease`: this host holds the account's lease. Throws `LockHeldError`, `StorageError`
 * (`lock_server_required` for another host), and what `work` throws.
 */
export function withExclusiveDirectory<Result>(
  directory: string,
  hasLease: boolean,
  work: () => Result,
): Result {
  const lock = new ExclusiveLock(directory)
  lock.acquire()
  // The work is over before the mark would have to be renewed.
  const mark = HostMark.on({ directory, host: readHostIdentity(null, {}), hasLease, failed: () => {} })
  try {
    mark?.start()
    return work()
  } finally {
    mark?.stop()
    lock.release()
  }
}
