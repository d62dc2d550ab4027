import { DaemonError } from '../../protocol/errors.ts'
import type { Status } from '../status/derive-status.ts'
import { confirmLostLink } from '../status/obstacle.ts'
import type { AccountDirectory } from './account-directory.ts'
import type { OpenAccount } from './open-account.ts'

interface RetireInput {
  id: string
  directory: Pick<AccountDirectory, 'tryAgain'>
  status: () => Status
  /** Throws `DaemonError`. */
  refuseWhileEnding: () => void
  /** Throws `DaemonError`. */
  usable: () => OpenAccount
  /** Called in the same turn in which it was seen that there is no link. */
  retired: () => void
  /** Where the disk fails, a link that cannot be seen may be lost. */
  mayLoseLink: boolean
}

/** Sees to it that nothing links an account any more that has no link. Throws `DaemonError` where it has one, and where nobody can tell. */
export async function retireAccount(input: RetireInput): Promise<void> {
  const { id, directory, status, refuseWhileEnding, usable, retired, mayLoseLink } = input
  refuseWhileEnding()
  if (status().state === 'storage_error') {
    await directory.tryAgain()
    refuseWhileEnding()
  }
  if (status().state === 'storage_error') {
    if (!mayLoseLink) throw confirmLostLink(id, status())
    return retired()
  }
  const { link } = usable()
  if (link.facts.linked) throw new DaemonError('still_linked')
  retired()
  link.cancelLink()
}
