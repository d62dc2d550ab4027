import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomically } from './atomic-write.ts'

/** A copy of the last valid file in the state dir (0600), so that a restart with a broken one is no surprise. */
export class LastValid {
  readonly #path: string

  constructor(stateDir: string) {
    this.#path = join(stateDir, 'config.last-valid.json5')
  }

  /** The text, or `null` when there is none that can be read. */
  read(): string | null {
    try {
      return readFileSync(this.#path, 'utf8')
    } catch {
      return null
    }
  }

  /** Throws what the file system throws. */
  write(text: string): void {
    if (this.read() !== text) writeAtomically(this.#path, text, { mode: 0o600 })
  }
}
