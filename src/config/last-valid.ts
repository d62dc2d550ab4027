import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { writeAtomically } from './atomic-write.ts'
import { readConfigFile } from './read-config-file.ts'

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

  /** The text, or `null` when there is none that can be read. */
  read(): string | null {
    const content = readConfigFile(this.#path)
    return content.kind === 'text' ? content.text : null
  }

  /** Throws what the file system throws. */
  write(text: string): void {
    if (this.read() !== text) writeAtomically(this.#path, text, { mode: 0o600 })
  }
}
