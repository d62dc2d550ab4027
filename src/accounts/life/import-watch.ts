import type { Logger } from 'pino'
import type { LinkImporter } from '../../transports/link.ts'
import type { FactsStore } from './facts-store.ts'

/** Some milliseconds of work each time: it looks at every file. */
const LOOK_EVERY_MS = 30_000

export interface ImportWatchDependencies {
  facts: FactsStore
  importer: LinkImporter
  /** What `changedIn` says has changed. */
  changed(): void
  logger: Logger
}

/**
 * Looks whether the program that a link was taken over from uses it again: then the files in its directory change. Nothing
 * to do for a link that was made here, or whose former directory is gone.
 */
export class ImportWatch {
  readonly #deps: ImportWatchDependencies
  #timer: NodeJS.Timeout | undefined
  #isChanged = false

  constructor(deps: ImportWatchDependencies) {
    this.#deps = deps
  }

  /** The directory that has changed since the import; `null` as long as none has. */
  get changedIn(): string | null {
    const { importedFrom } = this.#deps.facts.link
    return this.#isChanged ? (importedFrom?.directory ?? null) : null
  }

  start(): void {
    void this.look()
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Never rejects: a directory that cannot be read is as one that has not changed. */
  async look(): Promise<void> {
    const { facts, importer, changed, logger } = this.#deps
    const { importedFrom } = facts.link
    if (importedFrom === null) return
    const { directory } = importedFrom
    const changedAt = await importer.changedAt(directory).catch(() => null)
    const isChanged = changedAt !== null && changedAt > importedFrom.changedAt
    if (isChanged === this.#isChanged) return
    this.#isChanged = isChanged
    if (isChanged)
      logger.warn({ directory }, 'the program that this link was imported from has changed its files since')
    changed()
  }
}
