import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Lease, LeaseEvents } from '../../storage/leases/lease.ts'
import { requireRoom } from '../../storage/database/require-room.ts'
import { nothingToImport, type Obstacle, toObstacle } from '../status/obstacle.ts'
import type { LinkImporter } from '../../transports/link.ts'
import { importAccount } from './import-account.ts'
import { openAccount, type OpenAccount, type OpenAccountInput } from './open-account.ts'
import { ReopenTimer } from './reopen-timer.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { OwnTurns } from '../../timing/own-turns.ts'
import { ExclusiveLock } from '../../storage/files/exclusive-lock.ts'
import { setAside } from '../../storage/database/copies/set-aside.ts'

/** How often the files are looked for. */
const VERIFY_EVERY_MS = 5_000
/** In which accounts open and close: each of them waits for the disk several times. Of the process, as the event loop is. */
const turns = new OwnTurns()
/** How soon an import by itself is tried again: it looks at every file and every process. */
const IMPORT_AGAIN_MS = 15_000

interface AccountDirectoryEvents {
  /** The directory is open, locked and leased: the account may begin. Throws `StorageError`. */
  opened(parts: OpenAccount): void
  /** It is about to be closed: nothing that is awaited from it will come. */
  closing(): void
  /** What `parts` or `obstacle` say has changed. */
  changed(): void
  /** Time has passed, and the file is where it was. */
  looked(): void
}

export interface AccountDirectoryDependencies {
  directory: string
  /** What people read in place of `directory`. */
  directoryAsWritten: string
  lease: ((events: LeaseEvents) => Lease) | null
  importer: LinkImporter
  /** Whether the link of another program that lies there is taken over without being asked for. */
  importsByItself: () => boolean
  /** What is opened there; `storageFailed` gets every failure that its parts meet. */
  input: (
    storageFailed: (error: unknown) => void,
  ) => Omit<OpenAccountInput, 'directory' | 'mustExist' | 'fence'>
  events: AccountDirectoryEvents
  logger: Logger
  now: () => number
}

/**
 * An account's directory as long as the account lives: opened once the lease is held, closed when the disk, the lock or
 * the lease fails, and tried again until it can be used. Opening and closing follow each other.
 */
export class AccountDirectory {
  readonly #deps: AccountDirectoryDependencies
  readonly #lease: Lease | null
  readonly #reopenTimer: ReopenTimer
  #parts: OpenAccount | null = null
  #obstacle: Obstacle | null = null
  #stopping = false
  #verifyTimer: NodeJS.Timeout | undefined
  /** Counts openings: what an earlier one still reports is no news of the one in use. */
  #opening = 0
  /** The account's file was in use: when it is gone, it was taken away. */
  #hadFile = false
  #importing: Promise<void> | null = null
  #importTriedAt = Number.NEGATIVE_INFINITY
  #lifecycle: Promise<void> = Promise.resolve()

  constructor(deps: AccountDirectoryDependencies) {
    this.#deps = deps
    this.#lease =
      deps.lease?.({
        acquired: () => this.#reopen(),
        refused: (obstacle) => this.#blocked(obstacle),
      }) ?? null
    this.#reopenTimer = new ReopenTimer(() => this.#reopen(), deps.now)
  }

  /** What lives there; `null` while it is closed. */
  get parts(): OpenAccount | null {
    return this.#parts
  }

  /** Why it is closed, or `null`. */
  get obstacle(): Obstacle | null {
    return this.#obstacle
  }

  /** Opens now, `soon` in a turn of the event loop of its own, and with a lease once that is held. */
  start(opening: 'now' | 'soon'): void {
    this.#verifyTimer = setInterval(() => this.#verify(), VERIFY_EVERY_MS)
    this.#verifyTimer.unref()
    if (this.#lease === null) {
      if (opening === 'now') this.#open()
      else this.#openSoon()
      return
    }
    this.#obstacle = this.#lease.obstacle
    this.#deps.events.changed()
    this.#lease.start()
  }

  #openSoon(): void {
    this.#obstacle = { code: 'starting', detail: '' }
    this.#lifecycle = turns.next().then(() => {
      if (!this.#stopping) this.#open()
    })
  }

  /** It is open, or cannot be opened: the lock server, where there is one, has said who holds the account, or has not answered in time. */
  async settled(): Promise<void> {
    await this.#lease?.answered
    await this.#lifecycle
  }

  /** Closed for good. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#reopenTimer.cancel()
    clearInterval(this.#verifyTimer)
    await this.#importing?.catch(() => undefined)
    await this.#close()
    // Not before the socket is closed: the next holder of the lease opens one.
    await this.#lease?.stop()
    this.#reopenTimer.cancel()
  }

  /** Something that was read or written there met `error`. */
  failed(error: unknown): void {
    if (this.#parts !== null) this.#blocked(this.#obstacleOf(error))
  }

  /** Closed and opened again, over the transport that fits by now. */
  async openAnew(): Promise<void> {
    const closed = this.#close()
    this.#obstacle = { code: 'starting', detail: '' }
    this.#deps.events.changed()
    // Whatever kept a part from stopping in order, the lock is given back: the account must not stay closed for it.
    await closed.catch((error: unknown) => {
      this.#deps.logger.warn({ err: error }, 'the account could not be closed in order')
    })
    await this.tryAgain()
  }

  /** What cannot be read is set aside, and the directory opened anew. Throws `DaemonError` (`storage_error`). */
  async beginAnew(): Promise<void> {
    this.#reopenTimer.cancel()
    await this.#lifecycle.catch(() => undefined)
    try {
      setAccountAside(this.#deps.directory)
    } catch (error) {
      this.#blocked(this.#obstacleOf(error))
      throw new DaemonError('storage_error', { cause: error })
    }
    this.#open()
  }

  /**
   * Takes over the link that another program left there, and opens the directory. Throws `DaemonError` (`import_refused`) and
   * what the disk, the lock or the lease says; the obstacle says it too.
   */
  async importLink(): Promise<void> {
    if (this.#obstacle?.code !== 'import_required') throw nothingToImport(null)
    this.#importing ??= this.#import().finally(() => (this.#importing = null))
    await this.#importing
  }

  async #import(): Promise<void> {
    const { directory, importer, events } = this.#deps
    try {
      const fence = (): void => this.#lease?.check()
      await importAccount({ source: directory, directory, importer, force: false, fence })
    } catch (thrown) {
      const error = this.#shown(thrown)
      const isRefused = error instanceof DaemonError && error.code === 'import_refused'
      this.#obstacle = isRefused
        ? { code: 'import_required', detail: error.message }
        : this.#obstacleOf(error)
      events.changed()
      throw error
    }
    if (!this.#stopping) this.#open()
  }

  /** The text with the directory as the config writes it. */
  asWritten(text: string): string {
    const { directory, directoryAsWritten } = this.#deps
    return text.replaceAll(directory, () => directoryAsWritten)
  }

  #shown(error: unknown): unknown {
    if (!(error instanceof DaemonError)) return error
    const message = this.asWritten(error.message)
    if (message === error.message) return error
    const { code, action, details } = error
    return new DaemonError(code, {
      message,
      ...(action !== undefined && { action }),
      ...(details !== undefined && { details }),
      cause: error,
    })
  }

  /** As the owner wants it; what keeps it from being done now is tried again with the next reopening. */
  #importByItself(): void {
    const { importsByItself, now, logger } = this.#deps
    if (this.#stopping || !importsByItself() || now() - this.#importTriedAt < IMPORT_AGAIN_MS) return
    this.#importTriedAt = now()
    this.importLink().catch((error: unknown) => {
      logger.warn({ err: error }, 'the link of the other program was not taken over yet')
    })
  }

  #open(): void {
    const { directory, input, events } = this.#deps
    this.#opening += 1
    const opening = this.#opening
    try {
      // SQLite may find room for its first writes where there is none for the next.
      if (this.#obstacle?.code === 'storage_full') requireRoom(directory)
      this.#parts = openAccount({
        directory,
        mustExist: this.#hadFile,
        fence: this.#lease === null ? undefined : () => this.#lease?.check(),
        ...input((error) => {
          if (opening === this.#opening) this.failed(error)
        }),
      })
      this.#obstacle = null
      this.#hadFile = true
      this.#reopenTimer.opened()
      events.opened(this.#parts)
      events.changed()
    } catch (error) {
      this.#blocked(this.#obstacleOf(error))
    }
  }

  /** Opens what is closed, once the last closing is over and the lease is held; what keeps it from that is the obstacle then. */
  async tryAgain(): Promise<void> {
    // A closing that failed has left nothing open that could be closed once more.
    await this.#lifecycle.catch(() => undefined)
    if (!this.#stopping && this.#parts === null && this.#lease?.isHeld !== false) this.#open()
  }

  #reopen(): void {
    void this.tryAgain()
  }

  #close(): Promise<void> {
    const parts = this.#parts
    this.#parts = null
    if (parts === null) return this.#lifecycle
    this.#deps.events.closing()
    this.#lifecycle = this.#end(parts, this.#obstacle)
    return this.#lifecycle
  }

  /**
   * Whatever fails on the way, everything is stopped and the lock given back: one that stays would keep this process itself out. Rejects in
   * an orderly stop alone: where something fails already, this is another failure of the same.
   */
  async #end(parts: OpenAccount, obstacle: Obstacle | null): Promise<void> {
    const { link, conversations } = parts
    const failures: unknown[] = []
    const failed = (error: unknown): void => void failures.push(error)
    // In an orderly stop the reply under way still goes out; a disk that fails must receive nothing more.
    for (const part of obstacle === null ? [conversations, link] : [link, conversations])
      await part.stop().catch(failed)
    await turns.next()
    try {
      parts.close()
    } catch (error) {
      failed(error)
    }
    if (failures.length === 0) return
    if (obstacle === null) throw failures[0]
    this.#deps.logger.warn({ err: failures[0] }, 'the account could not be closed in order')
  }

  /** Nothing works below the link: say so, close what is open, and try again until it does. */
  #blocked(obstacle: Obstacle): void {
    const { code, detail } = obstacle
    if (code !== this.#obstacle?.code) {
      this.#deps.logger.error({ reason: code, detail }, 'the account cannot be used')
    }
    // The refusal of an import says more than that one is needed.
    const saysMore = code === 'import_required' && this.#obstacle?.code === code
    if (!saysMore) this.#obstacle = obstacle
    // What cannot be read may be moved away by hand, to begin anew.
    if (code === 'storage_unreadable') this.#hadFile = false
    void this.#close()
    this.#deps.events.changed()
    this.#reopenTimer.failed()
    if (code === 'import_required') this.#importByItself()
  }

  #obstacleOf(error: unknown): Obstacle {
    // Whatever failed, it failed because of this.
    if (this.#lease?.isHeld === false) return this.#lease.obstacle
    const { directory, directoryAsWritten } = this.#deps
    return toObstacle(error, directory, directoryAsWritten)
  }

  #verify(): void {
    try {
      this.#parts?.verifyInPlace()
      // A phone that stays away reports nothing by itself.
      this.#deps.events.looked()
    } catch (error) {
      this.failed(error)
    }
  }
}

/**
 * Moves an account's file that cannot be read out of the way, to `account.db.damaged`: nothing of it is deleted. Throws
 * `LockHeldError` when another process has the account, and what the file system throws.
 */
function setAccountAside(directory: string): void {
  const lock = new ExclusiveLock(directory)
  lock.acquire()
  try {
    setAside(join(directory, 'account.db'), 'damaged')
  } finally {
    lock.release()
  }
}
