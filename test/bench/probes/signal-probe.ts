import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const TIMEOUT_MS = 30_000
const POLL_MS = 10

/**
 * Reads figures of type `Reading` inside of the daemon's process: by a few lines in `program`, a module URL, that Node
 * loads before the daemon. At SIGUSR2 they write the figures as JSON to `PROBE_FILE`, and rename it when it is whole.
 */
export class SignalProbe<Reading> {
  readonly #directory = mkdtempSync(join(tmpdir(), 'bench-probe-'))
  readonly #file = join(this.#directory, 'reading.json')
  readonly nodeFlags: readonly string[]
  readonly env = { PROBE_FILE: this.#file }

  constructor(program: string) {
    this.nodeFlags = ['--import', program]
  }

  /** Throws when there is no answer within 30 s. */
  async read(pid: number): Promise<Reading> {
    rmSync(this.#file, { force: true })
    process.kill(pid, 'SIGUSR2')
    const deadline = performance.now() + TIMEOUT_MS
    while (!existsSync(this.#file)) {
      if (performance.now() > deadline) throw new Error('the probe did not answer')
      await delay(POLL_MS)
    }
    // Written by our own program.
    return JSON.parse(readFileSync(this.#file, 'utf8')) as Reading
  }

  stop(): void {
    rmSync(this.#directory, { recursive: true, force: true })
  }
}
