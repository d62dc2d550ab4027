import { untilAborted } from '../../../timing/until-aborted.ts'
import type { Agent } from '../../agent.ts'
import { AgentError } from '../../agent-error.ts'
import type { AcpFailures } from './acp-failures.ts'
import type { AcpSessions } from './acp-sessions.ts'
import type { AgentProcess } from './agent-process.ts'

/** Before the program is started again after an end of its own: twice as long each time. */
const FIRST_REST_MS = 1_000
const MAX_REST_MS = 60_000
/** A program that ran so long has not failed to start. */
const HEALTHY_MS = 60_000
/** A question waits so long for the next start. */
const MAX_WAIT_MS = 10_000

/** One run of the program, with its sessions. */
export interface AcpRun {
  process: AgentProcess
  sessions: AcpSessions
}

export interface AcpSupervisorDeps {
  /** Starts the program and agrees on the protocol. Rejects with `AgentError`. */
  start: (signal: AbortSignal) => Promise<AcpRun>
  failures: AcpFailures
  /** Shorter, for tests. */
  firstRestMs?: number | undefined
}

/** Keeps one program running: started again by itself when it ends, each time later, and ended with its children. */
export class AcpSupervisor {
  readonly #deps: AcpSupervisorDeps
  readonly #life = new AbortController()
  #run: Promise<AcpRun> | null = null
  /** What `#run` resolved with. */
  #present: AcpRun | null = null
  /** What `#present` took the place of, and still answers. */
  #former: AcpRun | null = null
  #rest: {
    timer: NodeJS.Timeout
    until: number
    since: number
    why: AgentError
    over: Promise<void>
  } | null = null
  #ends = 0

  constructor(deps: AcpSupervisorDeps) {
    this.#deps = deps
  }

  /** Resolves when the program speaks. Rejects with `AgentError`; nothing runs then. */
  async start(signal: AbortSignal): Promise<void> {
    await untilAborted(this.#running(), signal)
  }

  /** The present run; waits for one that is about to begin. Rejects with `AgentError`, or with the signal's reason. */
  async running(signal: AbortSignal): Promise<AcpRun> {
    const rest = this.#rest
    if (rest !== null) {
      const waitMs = rest.until - performance.now()
      if (waitMs > MAX_WAIT_MS) throw this.#deps.failures.restsUntil(rest.why, waitMs)
      await untilAborted(rest.over, signal)
    }
    return untilAborted(this.#running(), signal)
  }

  health(): ReturnType<NonNullable<Agent['health']>> {
    if (this.#rest === null) return { ok: true, message: null }
    const { why, since } = this.#rest
    const { code, action, message } = why
    return { ok: false, message, failure: { code, action, since } }
  }

  /** The run ends; where it is the present one, the next question begins another. Idempotent. */
  replace(run: AcpRun): void {
    this.#leave(run)
    void run.process.stop()
  }

  /** The next question begins another run, while this one answers what it was asked, until `replace`; so does one at a time. Idempotent. */
  relieve(run: AcpRun): void {
    if (run !== this.#present || this.#former !== null) return
    this.#clear()
    this.#former = run
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#life.abort(this.#deps.failures.stopped())
    if (this.#rest !== null) clearTimeout(this.#rest.timer)
    const run = await this.#run?.catch(() => null)
    await Promise.all([run, this.#former].map(async (each) => each?.process.stop()))
  }

  #running(): Promise<AcpRun> {
    if (this.#life.signal.aborted) return Promise.reject(this.#deps.failures.stopped())
    this.#run ??= this.#begin()
    return this.#run
  }

  async #begin(): Promise<AcpRun> {
    const startedAt = performance.now()
    try {
      const run = await this.#deps.start(this.#life.signal)
      this.#present = run
      void run.process.ended.then((why) => this.#ended(run, why, performance.now() - startedAt))
      return run
    } catch (error) {
      this.#run = null
      throw error
    }
  }

  #ended(run: AcpRun, why: AgentError, afterMs: number): void {
    // Otherwise another one has taken its place, or is about to.
    const isPresent = run === this.#present
    this.#leave(run)
    if (isPresent) this.#restart(why, afterMs)
  }

  #leave(run: AcpRun): void {
    if (run === this.#present) this.#clear()
    if (run === this.#former) this.#former = null
  }

  #clear(): void {
    this.#run = null
    this.#present = null
  }

  #restart(why: AgentError, afterMs: number): void {
    if (this.#life.signal.aborted) return
    this.#ends = afterMs >= HEALTHY_MS ? 1 : this.#ends + 1
    const { firstRestMs = FIRST_REST_MS } = this.#deps
    const restMs = Math.min(MAX_REST_MS, firstRestMs * 2 ** Math.min(this.#ends - 1, 16))
    let over = (): void => {}
    const rested = new Promise<void>((resolve) => {
      over = resolve
    })
    const timer = setTimeout(() => {
      this.#rest = null
      // Where that fails, the program rests again.
      this.#running().catch((error: unknown) => {
        if (error instanceof AgentError) this.#restart(error, 0)
      })
      over()
    }, restMs)
    timer.unref()
    this.#rest = { timer, until: performance.now() + restMs, since: Date.now(), why, over: rested }
  }
}
