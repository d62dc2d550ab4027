import { writeFileSync } from 'node:fs'

/** A wall clock for WhatsApp and the bot that can jump; the bot reads its offset from a file. */
export class WallClock {
  readonly file: string
  #offsetMs = 0

  constructor(file: string) {
    this.file = file
    writeFileSync(file, '0')
  }

  /** Milliseconds since the epoch. */
  readonly now = (): number => Date.now() + this.#offsetMs

  /** Forward. The bot notices when it is told to read the file. */
  jump(byMs: number): void {
    this.#offsetMs += byMs
    writeFileSync(this.file, String(this.#offsetMs))
  }
}
