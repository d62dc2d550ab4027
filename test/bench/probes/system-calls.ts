import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

const ATTACHED = /attached/

/** How often each system call was made. */
export type SystemCallCounts = Readonly<Record<string, number>>

/** Whether `strace` is installed. Without it no system calls are counted: Linux keeps no count of them. */
export function canCountSystemCalls(): boolean {
  return spawnSync('strace', ['-V'], { stdio: 'ignore' }).status === 0
}

/**
 * Counts the system calls of a process and its threads by `strace`, which slows each of them down: no time is measured meanwhile. `only`:
 * these alone.
 */
export class SystemCalls {
  readonly #child: ChildProcess
  readonly #ready: Promise<void>
  #text = ''

  constructor(pid: number, only: readonly string[] = []) {
    const filter = only.length === 0 ? [] : ['-e', `trace=${only.join(',')}`]
    this.#child = spawn('strace', ['-f', '-c', ...filter, '-p', String(pid)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#ready = new Promise((resolve, reject) => {
      this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        this.#text += text
        if (ATTACHED.test(this.#text)) resolve()
      })
      this.#child.once('error', reject)
      this.#child.once('exit', () => reject(new Error(`strace ended: ${this.#text.slice(0, 500)}`)))
    })
    this.#ready.catch(() => undefined)
  }

  /** Resolves when it counts. Rejects where it may not. */
  async started(): Promise<void> {
    await this.#ready
  }

  /** Ends the counting. */
  async counts(): Promise<SystemCallCounts> {
    await this.stop()
    return parseCounts(this.#text)
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const closed = once(this.#child, 'close')
    this.#child.kill('SIGINT')
    await closed
  }
}

/** Of the table that `strace -c` prints: share, seconds, µs a call, calls, errors (may be empty), name. */
export function parseCounts(text: string): SystemCallCounts {
  const rows = text.matchAll(/^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?([a-z_]\w*)$/gm)
  return Object.fromEntries(
    Array.from(rows, ([, calls, name]) => [name ?? '', Number(calls)] as const).filter(
      ([name]) => name !== 'total',
    ),
  )
}

export function totalOf(counts: SystemCallCounts): number {
  return Object.values(counts).reduce((sum, calls) => sum + calls, 0)
}
