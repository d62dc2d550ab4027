import type { ChildProcessByStdio } from 'node:child_process'
import { PassThrough, type Readable, type Writable } from 'node:stream'
import { withDeadline } from '../../timing/deadline.ts'
import { descendantsOf, type ProcessMark, signalProcess } from './process-tree.ts'

/** How long a program may take to end by itself when it is asked to. */
const GRACE_MS = 2_000
/** How long its output may be still after its end: a process that left its group may hold it open. */
const SILENCE_MS = 200

/** How a program ended: one of the two is `null`. */
export interface ProgramExit {
  code: number | null
  signal: NodeJS.Signals | null
}

export type Child = ChildProcessByStdio<Writable, Readable, Readable>

/** A program that was started as the leader of a process group of its own. What it writes to its error output is dropped. */
export class RunningProgram {
  /** What is written after its end is dropped; writing never throws. Its end closes it. */
  readonly stdin: Writable
  /** Read no faster than it is consumed. Ends with the program, whoever else holds it open. */
  readonly stdout: Readable
  /** Settles when it has ended, and so the processes of its group. Never rejects. */
  readonly exited: Promise<ProgramExit>
  readonly #child: Child
  readonly #kill = (): void => this.#signalGroup('SIGKILL')
  #stopped: Promise<void> | null = null

  /** `child` was started: it has a process id. */
  constructor(child: Child) {
    this.#child = child
    this.stdin = child.stdin
    // A program that reads nothing, or has ended: EPIPE.
    child.stdin.on('error', () => {})
    child.stderr.on('error', () => {}).resume()
    // A signal that could not be sent.
    child.on('error', () => {})
    this.stdout = this.#output()
    endWithProcess(this.#kill)
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        RUNNING.delete(this.#kill)
        this.#signalGroup('SIGKILL')
        resolve({ code, signal })
      })
    })
  }

  /** Ends it, and everything that it started: at first kindly, after two seconds by force. Idempotent; never rejects. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    const { pid } = this.#child
    if (pid === undefined || this.#hasEnded()) return
    // Shells that it started in sessions of their own are in no group of ours.
    const family = descendantsOf(pid)
    this.stdin.end()
    this.#signalGroup('SIGTERM')
    for (const mark of family) signalProcess(mark, 'SIGTERM')
    await withDeadline(this.exited, GRACE_MS, () => null)
    const later = this.#hasEnded() ? [] : descendantsOf(pid)
    this.#signalGroup('SIGKILL')
    for (const mark of distinct([...family, ...later])) signalProcess(mark, 'SIGKILL')
    await this.exited
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** The number of the group is not given away while one of its processes is there. */
  #signalGroup(signal: NodeJS.Signals): void {
    const { pid } = this.#child
    try {
      if (pid !== undefined) process.kill(-pid, signal)
    } catch {
      // None of them is there any more.
    }
  }

  #output(): Readable {
    const { stdout } = this.#child
    const output = new PassThrough()
    stdout.on('error', () => output.end())
    stdout.pipe(output)
    output.once('close', () => stdout.destroy())
    let isStill = false
    stdout.on('data', () => {
      isStill = false
    })
    this.#child.once('exit', () => {
      const timer = setInterval(() => {
        // Paused: what it wrote is not consumed yet.
        if (isStill && !stdout.isPaused()) stdout.destroy()
        isStill = true
      }, SILENCE_MS).unref()
      stdout.once('close', () => {
        clearInterval(timer)
        output.end()
      })
    })
    return output
  }
}

/** What ends the programs that run now. */
const RUNNING = new Set<() => void>()

/** Also where this process ends without stopping its parts; nothing can be done when it is killed. */
function endWithProcess(kill: () => void): void {
  if (RUNNING.size === 0 && !process.listeners('exit').includes(endAll)) process.on('exit', endAll)
  RUNNING.add(kill)
}

function endAll(): void {
  for (const kill of RUNNING) kill()
}

function distinct(marks: readonly ProcessMark[]): ProcessMark[] {
  return [...new Map(marks.map((mark) => [mark.pid, mark])).values()]
}
