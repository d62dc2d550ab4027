import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DaemonError } from '../../protocol/errors.ts'
import { ExclusiveLock, LockHeldError } from '../../storage/files/exclusive-lock.ts'
import { openPrivateDirectory } from '../../storage/files/private-directory.ts'

/** One daemon a state directory: two would number the same events twice and speak for each other. */
export class StateDirectory {
  readonly #path: string
  readonly #lock: ExclusiveLock

  /** `path` is absolute. */
  constructor(path: string) {
    this.#path = path
    this.#lock = new ExclusiveLock(path)
  }

  /**
   * Creates the directory where it is missing, makes it private (0700) and locks it. Throws `DaemonError` (`owner_busy`) where
   * another daemon has it, and `StorageError` where it cannot be used or made private.
   */
  start(): void {
    openPrivateDirectory(this.#path)
    const accounts = join(this.#path, 'accounts')
    if (existsSync(accounts)) openPrivateDirectory(accounts, { isOurs: true })
    try {
      this.#lock.acquire()
    } catch (error) {
      if (!(error instanceof LockHeldError)) throw error
      throw new DaemonError('owner_busy', {
        message: `Another whatsappd uses the state directory ${this.#path} (${error.message}).`,
        action: 'Stop it, or give this one a directory of its own with --state-dir.',
        ...(error.holder === null ? {} : { details: { ...error.holder } }),
        cause: error,
      })
    }
  }

  /** Releases the lock. */
  stop(): void {
    this.#lock.release()
  }
}
