import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const PROGRAM = new URL('./resource-probe.mjs', import.meta.url).href
const TIMEOUT_MS = 30_000
const POLL_MS = 20
/** Between two readings that must agree. */
const QUIET_MS = 5_000
/** Longer than anything that a finished message or connection may leave to run out. */
const QUIET_TIMEOUT_MS = 60_000

/** What is alive in the daemon's heap after a garbage collection. */
export interface Resources {
  timers: number
  promises: number
  emitters: number
  listeners: number
  activeResources: number
  heapUsedMib: number
  externalMib: number
}

/** Counts inside of the daemon's process, by a few lines that Node loads before the daemon. */
export class Probe {
  readonly #directory = mkdtempSync(join(tmpdir(), 'bench-probe-'))
  readonly #file = join(this.#directory, 'counts.json')
  readonly nodeFlags = ['--import', PROGRAM]
  readonly env = { PROBE_FILE: this.#file }

  /**
   * What is left when nothing runs out any more, of a daemon that has nothing to do: the first reading that is no lower
   * than the one before it. After a minute, whatever it is.
   */
  async readQuiet(pid: number): Promise<Resources> {
    const deadline = performance.now() + QUIET_TIMEOUT_MS
    let before = await this.#read(pid)
    for (;;) {
      await delay(QUIET_MS)
      const resources = await this.#read(pid)
      const isQuiet = resources.timers >= before.timers && resources.listeners >= before.listeners
      if (isQuiet || performance.now() > deadline) return resources
      before = resources
    }
  }

  async #read(pid: number): Promise<Resources> {
    rmSync(this.#file, { force: true })
    process.kill(pid, 'SIGUSR2')
    const deadline = performance.now() + TIMEOUT_MS
    while (!existsSync(this.#file)) {
      if (performance.now() > deadline) throw new Error('the probe did not answer')
      await delay(POLL_MS)
    }
    // Written by our own program, and renamed when it is whole.
    return JSON.parse(readFileSync(this.#file, 'utf8')) as Resources
  }

  close(): void {
    rmSync(this.#directory, { recursive: true, force: true })
  }
}
