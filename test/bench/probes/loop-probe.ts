import { SignalProbe } from './signal-probe.ts'

/** Since the reading before, milliseconds. */
export interface LoopReading {
  /** The longest time for which the daemon's event loop did nothing else. */
  worstDelayMs: number
  /** The same without the time in which other programs kept its thread from the processor. */
  worstOwnDelayMs: number
  /** Of the thread of the event loop: where others use the processor too, no stall that is our own is longer. */
  ownCpuMs: number
  /** Of all threads of the daemon. */
  cpuMs: number
}

/** Watches the event loop of the daemon. */
export class LoopProbe extends SignalProbe<LoopReading> {
  constructor() {
    super(new URL('./loop-probe.mjs', import.meta.url).href)
  }
}
