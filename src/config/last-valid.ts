import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { readPrivateFile } from '../storage/read-private-file.ts'
import { writePrivateFile } from '../storage/write-private-file.ts'

/** The largest config file that is taken. */
const MAX_FILE_BYTES = 1_048_576

/**
 * A copy of the last valid content of one file in the state dir (0600), so that a restart with a broken one is no
 * surprise. Named for the file's path: what another file allowed must not count for this one.
 */
export class LastValid {
  readonly #path: string

  constructor(stateDir: string, configPath: string) {
    const name = createHash('sha256').update(configPath).digest('hex').slice(0, 8)
    this.#path = join(stateDir, `config.last-valid.${name}.json5`)
  }

  /** The text, or `null` when there is none. Throws `StorageError` for what the daemon cannot have written. */
  read(): string | null {
    return readPrivateFile(this.#path, { maxBytes: MAX_FILE_BYTES })
  }

  /** Throws what the file system throws. */
  write(text: string): void {
    if (!this.#holds(text)) writePrivateFile(this.#path, text)
  }

  #holds(text: string): boolean {
    try {
      return this.read() === text
    } catch {
      // Whatever lies there is replaced.
      return false
    }
  }
}
