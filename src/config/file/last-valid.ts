import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { readPrivateFile } from '../../storage/files/read-private-file.ts'
import { replaceFile } from './replace-file.ts'

/** The largest config file that is taken. */
const MAX_FILE_BYTES = 1_048_576

/**
 * A copy of the last valid content of one file in the state dir (0600), so that a restart with a broken one is no
 * surprise. Named for the file's path: what another file allowed must not count for this one.
 */
export class LastValid {
  readonly #path: string
  readonly #logger: Logger
  /** What the file holds, as far as this process has read or written it. */
  #known: string | null = null

  constructor(stateDir: string, configPath: string, logger: Logger) {
    this.#logger = logger
    const name = createHash('sha256').update(configPath).digest('hex').slice(0, 8)
    this.#path = join(stateDir, `config.last-valid.${name}.json5`)
  }

  /** The text; `null` when there is none, or one that the daemon cannot have written, which is logged. */
  read(): string | null {
    try {
      this.#known = readPrivateFile(this.#path, { maxBytes: MAX_FILE_BYTES })
      return this.#known
    } catch (error) {
      this.#logger.error(
        { err: error },
        'the kept copy of the config cannot be used: nobody is allowed by it',
      )
      return null
    }
  }

  /** On disk when it resolves. Rejects with what the file system says. */
  async write(text: string): Promise<void> {
    if (this.#holds(text)) return
    this.#known = null
    await replaceFile(this.#path, text, { mode: 0o600 })
    this.#known = text
  }

  #holds(text: string): boolean {
    try {
      this.#known ??= readPrivateFile(this.#path, { maxBytes: MAX_FILE_BYTES })
    } catch {
      // Whatever lies there is replaced.
    }
    return this.#known === text
  }
}
