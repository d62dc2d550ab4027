import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

const TAIL_CHARACTERS = 8_000

export interface BotChildOptions {
  ipc: boolean
  env: NodeJS.ProcessEnv
  /** Called when it ends without a signal from `end`. */
  died: (how: string) => void
}

/** The bot as a process: it can be stopped in its tracks, let go on, and ended in any way. */
export class BotChild {
  readonly process: ChildProcess
  readonly #exited: Promise<unknown>
  #tail = ''
  #isEnding = false

  constructor(args: readonly string[], { ipc, env, died }: BotChildOptions) {
    this.process = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
      env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
    })
    const keep = (text: string): void => {
      this.#tail = (this.#tail + text).slice(-TAIL_CHARACTERS)
    }
    this.process.stdout?.setEncoding('utf8').on('data', keep)
    this.process.stderr?.setEncoding('utf8').on('data', keep)
    this.#exited = once(this.process, 'exit').then(() => {
      if (!this.#isEnding) died(`${this.process.exitCode ?? this.process.signalCode}`)
    })
  }

  get pid(): number {
    const { pid } = this.process
    if (pid === undefined) throw new Error('the bot could not be spawned')
    return pid
  }

  /** What it printed last. */
  get tail(): string {
    return this.#tail
  }

  get isRunning(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null
  }

  /** Sends a signal that does not end it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGUSR2'): void {
    if (this.isRunning) this.process.kill(signal)
  }

  /** Ends it: the signal is sent before this returns. Resolves when the process is gone, SIGKILLed after `limitMs`. */
  async end(signal: 'SIGKILL' | 'SIGTERM', limitMs: number): Promise<{ inTime: boolean }> {
    if (!this.isRunning) return { inTime: true }
    this.#isEnding = true
    let inTime = true
    this.process.kill(signal)
    const timer = setTimeout(() => {
      inTime = false
      this.process.kill('SIGKILL')
    }, limitMs)
    await this.#exited
    clearTimeout(timer)
    return { inTime }
  }
}
