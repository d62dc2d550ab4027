import { setTimeout as delay } from 'node:timers/promises'
import { SignalProbe } from './signal-probe.ts'

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

/** Counts what is alive in the daemon. */
export class ResourceProbe extends SignalProbe<Resources> {
  constructor() {
    super(new URL('./resource-probe.mjs', import.meta.url).href)
  }

  /**
   * What is left when nothing runs out any more, of a daemon that has nothing to do: the first reading that is no lower
   * than the one before it. After a minute, whatever it is.
   */
  async readQuiet(pid: number): Promise<Resources> {
    const deadline = performance.now() + QUIET_TIMEOUT_MS
    let before = await this.read(pid)
    for (;;) {
      await delay(QUIET_MS)
      const resources = await this.read(pid)
      const isQuiet = resources.timers >= before.timers && resources.listeners >= before.listeners
      if (isQuiet || performance.now() > deadline) return resources
      before = resources
    }
  }
}
