import type { Logger } from 'pino'
import { withDeadline } from '../timing/deadline.ts'
import {
  type Agent,
  type AgentHealth,
  type AnsweringAgent,
  DEFAULT_REPLY_TIMEOUT_MS,
  type ReplyPart,
  type Turn,
} from './agent.ts'
import { AgentError } from './agent-error.ts'

/** A program may have to be loaded from a slow disk. */
const START_TIMEOUT_MS = 30_000
const STOP_TIMEOUT_MS = 5_000

const WELL: AgentHealth = { ok: true, message: null }

export interface PooledAgentDeps {
  /** Its id in the config, for messages and the log. */
  id: string
  agent: Agent
  logger: Logger
}

/**
 * One agent and its life: started once, again before the next turn where that failed, and stopped in bounded time. Its health is
 * known from its start and its last reply, whatever connects it.
 */
export class PooledAgent implements AnsweringAgent {
  readonly textFormat: 'plain' | 'markdown'
  readonly timeoutMs: number
  readonly #deps: PooledAgentDeps
  /** Aborted when it stops. */
  readonly #life = new AbortController()
  #turns = 0
  #started: Promise<void> | null = null
  #failure: string | null = null
  #retired: (() => void) | null = null
  #stopped: Promise<void> | null = null

  constructor(deps: PooledAgentDeps) {
    this.#deps = deps
    this.textFormat = deps.agent.textFormat ?? 'markdown'
    this.timeoutMs = deps.agent.timeoutMs ?? DEFAULT_REPLY_TIMEOUT_MS
  }

  /** Begins the start, which goes on by itself; a failure is logged, and tried again before the next turn. */
  start(): void {
    this.#ready().catch((error: unknown) => {
      if (this.#life.signal.aborted) return
      this.#deps.logger.warn({ err: error, agent: this.#deps.id }, 'an agent did not start')
    })
  }

  async *reply(turn: Turn, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    const over = this.#begin(signal)
    try {
      signal.throwIfAborted()
      await untilAborted(this.#ready(), signal)
      yield* this.#deps.agent.reply(turn, signal)
      this.#failure = null
    } catch (error) {
      // A turn that was taken back says nothing of the agent.
      if (!signal.aborted) this.#failure = sentenceOf(error)
      throw error
    } finally {
      over()
    }
  }

  /** As the agent reports it, else from what happened last. */
  health(): AgentHealth {
    const own = this.#deps.agent.health?.() ?? WELL
    if (!own.ok || this.#failure === null) return own
    return { ok: false, message: this.#failure }
  }

  /**
   * Another agent takes the next turns: this one stops when its own are over, each at its deadline at the latest, and calls
   * `stopped` then.
   */
  retire(stopped: () => void): void {
    this.#retired = stopped
    this.#stopWhenUnused()
  }

  /** Ends it; interrupts a start, and no turn. Resolves within five seconds, whatever the agent does. Idempotent. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  /** Counts a turn. It is over when its reply ends or its signal is aborted: an agent that ignores the signal delays nothing. */
  #begin(signal: AbortSignal): () => void {
    this.#turns += 1
    let isOver = false
    const over = (): void => {
      if (isOver) return
      isOver = true
      signal.removeEventListener('abort', over)
      this.#turns -= 1
      this.#stopWhenUnused()
    }
    signal.addEventListener('abort', over)
    if (signal.aborted) over()
    return over
  }

  #stopWhenUnused(): void {
    const stopped = this.#retired
    if (stopped !== null && this.#turns === 0) void this.stop().then(stopped)
  }

  /** Turns that come during a start share it. */
  #ready(): Promise<void> {
    if (this.#life.signal.aborted)
      return Promise.reject(new AgentError('interrupted', `the agent "${this.#deps.id}" is stopped`))
    this.#started ??= this.#start().catch((error: unknown) => {
      this.#started = null
      this.#failure = sentenceOf(error)
      throw error
    })
    return this.#started
  }

  async #start(): Promise<void> {
    const { agent, id } = this.#deps
    if (agent.start === undefined) return
    const attempt = new AbortController()
    const started = agent.start(AbortSignal.any([this.#life.signal, attempt.signal]))
    await withDeadline(started, START_TIMEOUT_MS, () => {
      attempt.abort()
      throw new AgentError('timeout', `the agent "${id}" did not start within ${START_TIMEOUT_MS / 1_000} s`)
    })
    this.#failure = null
  }

  async #stop(): Promise<void> {
    const { agent, id, logger } = this.#deps
    this.#life.abort(new AgentError('interrupted', `the agent "${id}" is stopped`))
    if (agent.stop === undefined) return
    try {
      await withDeadline(agent.stop(), STOP_TIMEOUT_MS, () => {
        throw new AgentError('timeout', `the agent "${id}" did not stop within ${STOP_TIMEOUT_MS / 1_000} s`)
      })
    } catch (error) {
      logger.warn({ err: error, agent: id }, 'an agent did not stop')
    }
  }
}

/** Rejects with the reason as soon as the signal is aborted, whatever `work` does. It must not be aborted yet. */
async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  let abort = (): void => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    // The reason is what the caller aborted with, an error of its own.
    abort = () => reject(signal.reason as Error)
  })
  signal.addEventListener('abort', abort, { once: true })
  try {
    await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Errors of other kinds may quote a key or a question. */
function sentenceOf(error: unknown): string {
  return error instanceof AgentError ? error.message : 'the agent failed'
}
