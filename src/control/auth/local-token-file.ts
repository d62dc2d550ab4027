import { type FSWatcher, watch } from 'node:fs'
import type { Logger } from 'pino'
import { KeptSecret } from '../../config/secrets/kept-secret.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { networkFileSystem } from '../../storage/files/network-file-system.ts'
import { ensureLocalToken, isLocalToken, isLocalTokenMissing, localTokenPath } from './local-token.ts'

/** How soon it is tried again to make a missing file. */
const RETRY_MS = 1_000
/** So long after a change the file may still be in the middle of its replacement. */
const UNSETTLED_MS = 2_000

/**
 * The local token as its file has it now. A missing file is created again with another token, at once where the system tells of the
 * deletion, else when it is asked for. A file that others can read, or that is damaged, is not accepted until that is corrected. A temporary
 * error of the disk changes nothing.
 */
export class LocalTokenFile {
  readonly #stateDirectory: string
  readonly #logger: Logger
  readonly #now: () => number
  readonly #changed: () => void
  readonly #file: KeptSecret
  /** Whether the system tells of every change: what another machine does on a network volume it does not. */
  #isTold = false
  #changedAt = Number.NEGATIVE_INFINITY
  #current: string | null = null
  #complaint: string | null = null
  #watcher: FSWatcher | null = null
  #retry: NodeJS.Timeout | undefined

  /** `changed`: the system told of a change, and the file was read again. */
  constructor(deps: { stateDirectory: string; logger: Logger; now?: () => number; changed?: () => void }) {
    const { stateDirectory, logger, now = () => performance.now(), changed = () => {} } = deps
    this.#stateDirectory = stateDirectory
    this.#logger = logger
    this.#now = now
    this.#changed = changed
    this.#file = new KeptSecret({
      path: localTokenPath(stateDirectory),
      read: () => ensureLocalToken(stateDirectory),
      isWhole: isLocalToken,
      now,
    })
  }

  /** Whether the next change will be told, and what the file holds is not in doubt: nobody need look by the clock. */
  get isSettled(): boolean {
    const isQuiet = this.#now() - this.#changedAt >= UNSETTLED_MS
    return this.#isTold && this.#watcher !== null && this.#complaint === null && isQuiet
  }

  /** Throws like `ensureLocalToken`. */
  start(): void {
    this.#current = this.#file.read()
    this.#isTold = networkFileSystem(this.#stateDirectory) === null
    this.#watch()
  }

  /** The file is followed no longer. Idempotent. */
  stop(): void {
    this.#watcher?.close()
    this.#watcher = null
    clearTimeout(this.#retry)
  }

  /** Reads the file again. `null` while no local token is accepted. */
  read(): string | null {
    const before = this.#current
    try {
      // Deleted is revoked, also while the disk takes no new one.
      if (isLocalTokenMissing(this.#stateDirectory)) this.#file.forget()
      this.#current = this.#file.read()
      this.#complain(this.#file.passingError)
    } catch (error) {
      this.#current = null
      this.#complain(error instanceof Error ? error : new Error('unknown error', { cause: error }))
    }
    if (before !== null && this.#current !== null && before !== this.#current) {
      this.#logger.info('the local token was replaced: connections that the old one opened are closed')
    }
    return this.#current
  }

  /** The file itself, not its directory: what lies beside it is written with every event. */
  #watch(): void {
    this.stop()
    try {
      const watcher = watch(localTokenPath(this.#stateDirectory), { persistent: false })
      this.#watcher = watcher
      watcher.once('change', () => {
        if (this.#watcher !== watcher) return
        this.#changedAt = this.#now()
        this.read()
        // Another file may have taken its place.
        this.#watch()
        this.#changed()
      })
      watcher.once('error', () => {
        watcher.close()
        if (this.#watcher === watcher) this.#watcher = null
      })
    } catch {
      // The disk takes no new one yet.
      this.#retry = setTimeout(() => {
        this.read()
        this.#watch()
        this.#changed()
      }, RETRY_MS)
      this.#retry.unref()
    }
  }

  /** Logs each cause once, however often the file is read; `null` when there is none. */
  #complain(error: Error | null): void {
    const message = error?.message ?? null
    if (message === this.#complaint) return
    this.#complaint = message
    if (message === null) return
    const action = error instanceof DaemonError ? error.action : undefined
    if (this.#current === null) {
      this.#logger.error({ err: error, action }, 'the local token cannot be used: no local token is accepted')
    } else {
      this.#logger.warn(
        { err: error, action },
        'the local token cannot be read at the moment: the one that was read before stays in force',
      )
    }
  }
}
