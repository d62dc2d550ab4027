import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

const STOP_TIMEOUT_MS = 15_000
/** What a bot said last on stderr is told when it dies. */
const TAIL_CHARACTERS = 4_000

/** A child process with a deadline for its end; its output goes nowhere but into the error when it dies early. */
export class BotProcess {
  readonly child: ChildProcess
  /** Rejects when the process exits before `stop`; never resolves. */
  readonly died: Promise<never>
  #tail = ''
  #stopping = false

  /** `node`: the Node that runs it; this one without it. */
  constructor(
    args: readonly string[],
    o: { ipc: boolean; env?: NodeJS.ProcessEnv; node?: string | undefined },
  ) {
    this.child = spawn(o.node ?? process.execPath, args, {
      stdio: ['ignore', 'ignore', 'pipe', ...(o.ipc ? (['ipc'] as const) : [])],
      env: { ...process.env, NODE_OPTIONS: '', ...o.env },
    })
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#tail = (this.#tail + text).slice(-TAIL_CHARACTERS)
    })
    this.died = new Promise((_, reject) => {
      this.child.once('exit', (code, signal) => {
        if (!this.#stopping) reject(new Error(`the bot exited (${code ?? signal}):\n${this.#tail}`))
      })
    })
    // Whoever waits for the bot races this promise; nobody may be waiting when it rejects.
    this.died.catch(() => undefined)
  }

  get pid(): number {
    const { pid } = this.child
    if (pid === undefined) throw new Error('the bot could not be started')
    return pid
  }

  /** The end of what it said on stderr. */
  get tail(): string {
    return this.#tail
  }

  async stop(): Promise<void> {
    this.#stopping = true
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const exited = once(this.child, 'exit')
    this.child.kill('SIGTERM')
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await exited
    clearTimeout(timer)
  }
}
