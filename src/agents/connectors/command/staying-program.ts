import type { FileHandle } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { untilAborted } from '../../../timing/until-aborted.ts'
import type { Agent, AgentHealth, ReplyPart, Turn } from '../../agent.ts'
import type { AgentCheck } from '../../agent-check.ts'
import { AgentError } from '../../agent-error.ts'
import { withTimeLimit } from '../../answers/with-time-limit.ts'
import { startProgram } from '../../programs/start-program.ts'
import type { CommandOptions } from './command-options.ts'
import { doesNotReact } from './program-failures.ts'
import { ProgramSession } from './program-session.ts'

const FIRST_RESTART_MS = 1_000
const LAST_RESTART_MS = 60_000

/**
 * A program that is started once and answers many questions. One that ends by itself is started again, after one second, then two, four,
 * … up to a minute, until it answers; questions wait for it, each to its deadline. `reply` throws `AgentError`.
 */
export class StayingProgram implements Agent {
  readonly textFormat: 'plain' | 'markdown'
  readonly timeoutMs: number
  /** The program is handed the file. */
  readonly hears = (): boolean => true
  readonly checks: readonly AgentCheck[]
  readonly #options: CommandOptions
  readonly #life = new AbortController()
  /** The running program, or the one that is being started. */
  #session: Promise<ProgramSession> | null = null
  /** The one that runs. */
  #current: ProgramSession | null = null
  /** Ends by itself since the last answer. */
  #crashes = 0
  /** Why it does not run now. */
  #failure: AgentError | null = null

  constructor(options: CommandOptions) {
    this.#options = options
    this.textFormat = options.textFormat
    this.checks = options.checks
    this.timeoutMs = options.timeoutSeconds * 1_000
  }

  async start(signal: AbortSignal): Promise<void> {
    await untilAborted(this.#running(), signal)
  }

  async stop(): Promise<void> {
    const stopped = new AgentError('interrupted', `the agent "${this.#options.host.id}" is stopped`)
    this.#life.abort(stopped)
    const session = await this.#session?.catch(() => null)
    await session?.giveUp(stopped)
  }

  health(): AgentHealth {
    return { ok: this.#failure === null, message: this.#failure?.message ?? null }
  }

  openFile(path: string): Promise<FileHandle> {
    return this.#options.openFile(path)
  }

  async *reply(turn: Turn, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    signal.throwIfAborted()
    const { host, timeoutSeconds } = this.#options
    yield* withTimeLimit((ended) => this.#answer(turn, ended, signal), {
      signal,
      timeoutSeconds,
      agent: host.id,
    })
  }

  async *#answer(
    turn: Turn,
    ended: AbortSignal,
    takenBack: AbortSignal,
  ): AsyncGenerator<ReplyPart, void, void> {
    const session = await untilAborted(this.#running(), ended)
    const linesBefore = session.lines
    const askedAt = performance.now()
    try {
      yield* session.ask(turn, ended)
      this.#crashes = 0
    } catch (error) {
      const isLate = ended.aborted && !takenBack.aborted
      // It said nothing to anybody, though it had time enough: it may never speak again.
      if (isLate && session.lines === linesBefore && performance.now() - askedAt > this.timeoutMs / 2)
        this.#giveUp(session, doesNotReact(this.#options.host.id))
      throw error
    }
  }

  #running(): Promise<ProgramSession> {
    this.#session ??= this.#open(0)
    return this.#session
  }

  async #open(waitMs: number): Promise<ProgramSession> {
    try {
      if (waitMs > 0) await delay(waitMs, undefined, { signal: this.#life.signal, ref: false })
      this.#life.signal.throwIfAborted()
      const { host, request } = this.#options
      const session = new ProgramSession(host.id, await startProgram(request(), host))
      this.#failure = null
      this.#current = session
      void session.over.then((why) => this.#startAgain(session, why))
      return session
    } catch (error) {
      // The next question tries again.
      this.#session = null
      this.#failure = error instanceof AgentError && !this.#life.signal.aborted ? error : this.#failure
      throw error
    }
  }

  /** No further question reaches it. */
  #giveUp(session: ProgramSession, why: AgentError): void {
    const gone = session.giveUp(why)
    this.#startAgain(session, why, gone)
  }

  /** Once for each of them; the next one starts when this one is gone. */
  #startAgain(session: ProgramSession, why: unknown, gone: Promise<void> = Promise.resolve()): void {
    if (this.#current !== session || this.#life.signal.aborted) return
    this.#current = null
    this.#failure = why instanceof AgentError ? why : null
    const waitMs = Math.min(FIRST_RESTART_MS * 2 ** this.#crashes, LAST_RESTART_MS)
    this.#crashes += 1
    const next = gone.then(() => this.#open(waitMs))
    this.#session = next
    // Told by `health`, and to the next question.
    next.catch(() => {})
  }
}
