import type { ReasonCode } from '../../protocol/reasons.ts'
import { DaemonError, type ErrorCode } from '../../protocol/errors.ts'
import { LockHeldError } from '../../storage/files/exclusive-lock.ts'
import { toStorageError } from '../../storage/storage-error.ts'
import type { Status } from './derive-status.ts'

/** Something below the link that keeps an account from its directory: the disk, the lock, the lease. */
export interface Obstacle {
  code: ReasonCode
  /** In words for a person; no secret. */
  detail: string
  /** Who holds the account, where that is known. */
  holder?: { pid: number; hostname: string }
}

/** What a caller hears while the directory is not open. */
const ERROR_OF_STATE: Partial<Record<Status['state'], ErrorCode>> = {
  owner_busy: 'owner_busy',
  misconfigured: 'misconfigured',
  connecting: 'not_connected',
}

/** Why `directory` could not be opened or used; `shown` is what people read in its place. */
export function toObstacle(error: unknown, directory: string, shown: string = directory): Obstacle {
  if (error instanceof LockHeldError) {
    const { message, holder } = error
    return {
      code: 'owner_busy',
      detail: message.replaceAll(directory, () => shown),
      ...(holder === null ? {} : { holder }),
    }
  }
  const { reason, detail } = toStorageError(error, directory)
  return { code: reason, detail: detail.replaceAll(directory, () => shown) }
}

/** The answer to a caller who would erase what cannot be read. */
export function confirmLostLink(account: string, { reason }: Status): DaemonError {
  return new DaemonError('confirmation_required', {
    message:
      `${reason?.message ?? ''} Whether a phone is linked cannot be seen; removing the account erases the link, and the phone still lists the device.`.trimStart(),
    details: { confirm: ['link'], accounts: [account] },
  })
}

/** The answer to a caller who would import where there is nothing to import. */
export function nothingToImport(linked: boolean | null): DaemonError {
  if (linked === true) return new DaemonError('already_linked')
  return new DaemonError('import_refused', {
    message: "The account's directory holds no link of another program.",
    action: 'Import another directory with "whatsappd import --from <directory>", or link with a QR code.',
    details: { reason: 'no_link' },
  })
}

/** The answer to a caller who wants something of an account in this state. */
export function unusable({ state, reason }: Status, obstacle: Obstacle | null): DaemonError {
  return new DaemonError(ERROR_OF_STATE[state] ?? 'storage_error', {
    ...(reason === null ? {} : { message: reason.message, action: reason.action }),
    ...(obstacle?.holder === undefined ? {} : { details: { ...obstacle.holder } }),
  })
}
