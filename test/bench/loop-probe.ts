import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const PROGRAM = new URL('./loop-probe.mjs', import.meta.url).href
const TIMEOUT_MS = 30_000
const POLL_MS = 10

/** Since the reading before, milliseconds. */
export interface LoopReading {
  /** The longest time for which the daemon's event loop did nothing else. */
  worstDelayMs: number
  /** Of the thread of the event loop: where others use the processor too, no stall that is our own is longer. */
  ownCpuMs: number
  /** Of all threads of the daemon. */
  cpuMs: number
}

/** Watches the event loop inside of the daemon's process, by a few lines that Node loads before the daemon. */
export class LoopProbe {
  readonly #directory = mkdtempSync(join(tmpdir(), 'bench-loop-'))
  readonly #file = join(this.#directory, 'reading.json')
  readonly nodeFlags = ['--import', PROGRAM]
  readonly env = { PROBE_FILE: this.#file }

  async read(pid: number): Promise<LoopReading> {
    rmSync(this.#file, { force: true })
    process.kill(pid, 'SIGUSR2')
    const deadline = performance.now() + TIMEOUT_MS
    while (!existsSync(this.#file)) {
      if (performance.now() > deadline) throw new Error('the probe did not answer')
      await delay(POLL_MS)
    }
    // Written by our own program, and renamed when it is whole.
    return JSON.parse(readFileSync(this.#file, 'utf8')) as LoopReading
  }

  close(): void {
    rmSync(this.#directory, { recursive: true, force: true })
  }
}
