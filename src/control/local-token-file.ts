import type { Logger } from 'pino'
import { DaemonError } from '../protocol/errors.ts'
import { ensureLocalToken } from './local-token.ts'

/**
 * The local token as its file has it now. A file that is gone is made anew with another token; one that others can
 * read, or that is damaged, lets nobody in until it is mended.
 */
export class LocalTokenFile {
  readonly #stateDirectory: string
  readonly #logger: Logger
  #current: string | null = null
  #complaint: string | null = null

  constructor(dependencies: { stateDirectory: string; logger: Logger }) {
    this.#stateDirectory = dependencies.stateDirectory
    this.#logger = dependencies.logger
  }

  /** Throws like `ensureLocalToken`. */
  start(): void {
    this.#current = ensureLocalToken(this.#stateDirectory)
  }

  /** Reads the file anew. `null`: nobody is let in by it. */
  read(): string | null {
    const before = this.#current
    try {
      this.#current = ensureLocalToken(this.#stateDirectory)
      this.#complaint = null
    } catch (error) {
      this.#current = null
      this.#complain(error)
    }
    if (before !== null && this.#current !== null && before !== this.#current) {
      this.#logger.info('the local token was replaced: whatever the old one opened is closed')
    }
    return this.#current
  }

  /** Once for each cause, although the file is read twice a second. */
  #complain(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    if (message === this.#complaint) return
    this.#complaint = message
    const action = error instanceof DaemonError ? error.action : undefined
    this.#logger.error({ err: error, action }, 'the local token cannot be used: it lets nobody in')
  }
}
