import { cpuTimeMs } from './process-figures.ts'

const INTERVAL_MS = 100

/** What a process has used over time, so that a moment can be looked up of which one hears only later. */
export class CpuSamples {
  readonly #pid: number
  readonly #samples: { at: number; usedMs: number }[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(pid: number) {
    this.#pid = pid
  }

  start(): void {
    this.#take()
    this.#timer = setInterval(() => this.#take(), INTERVAL_MS)
  }

  /** Takes the last sample. */
  stop(): void {
    clearInterval(this.#timer)
    this.#take()
  }

  /** CPU time used up to this moment (milliseconds since the epoch), to a tenth of a second. */
  at(epochMs: number): number {
    const sample = this.#samples.find(({ at }) => at >= epochMs) ?? this.#samples.at(-1)
    return sample?.usedMs ?? 0
  }

  #take(): void {
    this.#samples.push({ at: Date.now(), usedMs: cpuTimeMs(this.#pid) })
  }
}
