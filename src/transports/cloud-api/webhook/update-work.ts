import { performance } from 'node:perf_hooks'
import type { Logger } from 'pino'
import { DatabaseClosed } from '../../../storage/database/database.ts'
import { StorageError } from '../../../storage/storage-error.ts'
import type { BusinessUpdate } from './business-update.ts'
import type { UpdateHandlers } from './update-handlers.ts'
import type { OpenUpdate, UpdateJournal } from './update-journal.ts'

/** Work without a pause for others. */
const SLICE_MS = 10
const READ_AT_ONCE = 50
/** What says the same a second time: all but a price, which is counted. News of the account may be outdated by then, so their names stay. */
const IDEMPOTENT: ReadonlySet<BusinessUpdate['kind']> = new Set(['status', 'handover'])

export interface UpdateWorkDependencies {
  journal: UpdateJournal
  handlers: Pick<UpdateHandlers, 'handle'>
  storageFailed: (error: unknown) => void
  logger: Logger
}

/**
 * Works on what was posted, in its order, in slices that leave room for everything else. What is begun is written before the next: after a
 * crash nothing is lost, and what was worked on already means nothing.
 */
export class UpdateWork {
  readonly #deps: UpdateWorkDependencies
  #scheduled: NodeJS.Immediate | null = null
  #idle: (() => void)[] = []

  constructor(deps: UpdateWorkDependencies) {
    this.#deps = deps
  }

  /** Goes on with what is there. */
  wake(): void {
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = null
      this.#slice()
    })
  }

  /** Nothing is worked on until the next `wake`. Idempotent. */
  stop(): void {
    if (this.#scheduled !== null) clearImmediate(this.#scheduled)
    this.#scheduled = null
    this.#rest()
  }

  /** Resolves when nothing waits, or nothing can be worked on. */
  settled(): Promise<void> {
    return this.#scheduled === null ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve))
  }

  #slice(): void {
    const end = performance.now() + SLICE_MS
    try {
      for (const open of this.#deps.journal.open(READ_AT_ONCE)) {
        this.#work(open)
        if (performance.now() >= end) break
      }
      if (this.#deps.journal.hasOpen) this.wake()
      else this.#rest()
    } catch (error) {
      this.#rest()
      // Closed meanwhile: it is worked on when the account is open again.
      if (!(error instanceof DatabaseClosed)) this.#deps.storageFailed(error)
    }
  }

  #work({ sequence, content }: OpenUpdate): void {
    const { journal, handlers, logger } = this.#deps
    const update = readStored(content)
    try {
      if (update !== null) handlers.handle(update)
    } catch (error) {
      if (error instanceof StorageError || error instanceof DatabaseClosed) throw error
      // It would fail each time, and everything behind it would wait.
      logger.error(
        { err: error, kind: update?.kind },
        'something that WhatsApp posted could not be worked on',
      )
    }
    if (update !== null && isIdempotent(update)) journal.drop(sequence)
    else journal.settle(sequence)
  }

  #rest(): void {
    const idle = this.#idle
    this.#idle = []
    for (const resolve of idle) resolve()
  }
}

function isIdempotent(update: BusinessUpdate): boolean {
  return IDEMPOTENT.has(update.kind) && !(update.kind === 'status' && update.status['pricing'] !== undefined)
}

/** `null` for what another program made of it. */
function readStored(content: string): BusinessUpdate | null {
  try {
    // What `toNewUpdate` wrote.
    return JSON.parse(content) as BusinessUpdate
  } catch {
    return null
  }
}
