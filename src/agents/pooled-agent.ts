import type { FileHandle } from 'node:fs/promises'
import type { Logger } from 'pino'
import { DEFAULT_PARALLEL_TURNS } from '../config/settings/connector-settings.ts'
import { AgentCounts } from '../observability/metrics/account-counts.ts'
import { withDeadline } from '../timing/deadline.ts'
import { untilAborted } from '../timing/until-aborted.ts'
import { Places } from '../timing/places.ts'
import { sharedAbort } from '../timing/shared-abort.ts'
import {
  type Agent,
  type AgentHealth,
  type AnsweringAgent,
  DEFAULT_REPLY_TIMEOUT_MS,
  type Presence,
  type ReplyPart,
  type SoundQuestion,
  type Turn,
} from './agent.ts'
import type { AgentFailureCode } from '../protocol/account/agent-failures.ts'
import { AgentAway } from './agent-away.ts'
import { AgentError } from './agent-error.ts'
import { AgentFileRefused } from './files/agent-file-refused.ts'
import { isAboutChosenModel } from './is-about-chosen-model.ts'

/** A program may have to be loaded from a slow disk. */
const START_TIMEOUT_MS = 30_000
const STOP_TIMEOUT_MS = 5_000

export interface PooledAgentDeps {
  /** Its id in the config, for messages and the log. */
  id: string
  agent: Agent
  logger: Logger
  /** How many turns it answers side by side; `DEFAULT_PARALLEL_TURNS` when left out. */
  parallelTurns?: number
  /** It failed, or answers again. */
  changed?: () => void
  /** Asked at each turn: an agent that is gone from the config for a while is counted anew. */
  counts?: () => AgentCounts
  now?: () => number
}

/** What is known of an agent since its start. Times in milliseconds since 1970. */
export interface AgentRecord extends AgentHealth {
  /** Since when it is `ok`, or not. */
  since: number
  lastSuccessAt: number | null
  lastFailure: { at: number; code: AgentFailureCode; message: string; action: string } | null
}

/**
 * One agent and its life: started once, again before the next turn where that failed, and stopped in bounded time. Its health is
 * known from its start and what became of its last reply, whatever connects it.
 */
export class PooledAgent implements AnsweringAgent {
  readonly textFormat: 'plain' | 'markdown'
  readonly timeoutMs: number
  readonly presence?: Presence
  readonly #deps: PooledAgentDeps
  /** Aborted when it stops. */
  readonly #life = sharedAbort()
  /** Turns, and places that are taken or waited for. */
  #users = 0
  #started: Promise<void> | null = null
  readonly #now: () => number
  readonly #places: Places
  #ok = true
  #since: number
  #lastSuccessAt: number | null = null
  #lastFailure: AgentRecord['lastFailure'] = null
  #retired: (() => void) | null = null
  #stopped: Promise<void> | null = null

  constructor(deps: PooledAgentDeps) {
    this.#deps = deps
    this.textFormat = deps.agent.textFormat ?? 'markdown'
    if (deps.agent.presence !== undefined) this.presence = deps.agent.presence
    this.#now = deps.now ?? Date.now
    this.#since = this.#now()
    this.#places = new Places(deps.parallelTurns ?? DEFAULT_PARALLEL_TURNS)
    this.timeoutMs = deps.agent.timeoutMs ?? DEFAULT_REPLY_TIMEOUT_MS
  }

  /** Begins the start, which goes on by itself; a failure is logged, and tried again before the next turn. */
  start(): void {
    this.#ready().catch((error: unknown) => {
      if (this.#life.signal.aborted) return
      const { id: agent, logger } = this.#deps
      if (!(error instanceof AgentError)) logger.warn({ err: error, agent }, 'an agent did not start')
      else
        logger.warn({ agent, code: error.code }, `an agent did not start: ${error.message}. ${error.action}`)
    })
  }

  /** Waits for a start that is under way. */
  async hears(question: SoundQuestion, signal: AbortSignal): Promise<boolean> {
    const { agent } = this.#deps
    if (agent.hears === undefined) return false
    try {
      await untilAborted(this.#ready(), signal)
    } catch {
      signal.throwIfAborted()
      // It did not start: what it hears is not known, and its reply says why.
      return true
    }
    return agent.hears(question, signal)
  }

  mayThinkUnmarked(model: string | null): boolean {
    return this.#deps.agent.mayThinkUnmarked?.(model) ?? false
  }

  async openFile(path: string): Promise<FileHandle> {
    const opened = this.#deps.agent.openFile?.(path)
    if (opened === undefined)
      throw new AgentFileRefused(
        'The agent has no directory on this machine: it can give the content itself.',
      )
    return opened
  }

  offeredModels(): readonly string[] {
    return this.#deps.agent.offeredModels?.() ?? []
  }

  async place(signal: AbortSignal): Promise<() => void> {
    // Who waits for a place, or is about to ask, needs the agent, too.
    const over = this.#use()
    try {
      const leave = await this.#places.take(signal)
      return () => {
        leave()
        over()
      }
    } catch (error) {
      over()
      throw error
    }
  }

  async *reply(turn: Turn, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    const over = this.#begin(signal)
    try {
      signal.throwIfAborted()
      await untilAborted(this.#ready(), signal)
      yield* measured(this.#deps.agent.reply(turn, signal), this.#deps.counts?.())
    } catch (error) {
      const isItsOwn = !(error instanceof AgentAway) && !isAboutChosenModel(error, turn.model)
      if (!signal.aborted && isItsOwn) this.#failed(error)
      throw error
    } finally {
      over()
    }
  }

  /** A reply was used. */
  accepted(): void {
    this.#lastSuccessAt = this.#now()
    this.#become(true)
  }

  /** A reply could not be used, though it ended well by itself. */
  rejected(error: AgentError): void {
    this.#failed(error)
  }

  /** As the agent reports it, else from what happened last. */
  health(): AgentRecord {
    const own = this.#deps.agent.health?.()
    const isOwn = own?.ok === false
    const { message = null, failure } = isOwn ? own : {}
    const { since = this.#since, code, action } = failure ?? {}
    return {
      ok: this.#ok && !isOwn,
      message: isOwn ? message : this.#ok ? null : (this.#lastFailure?.message ?? null),
      since,
      lastSuccessAt: this.#lastSuccessAt,
      lastFailure:
        code === undefined
          ? this.#lastFailure
          : { at: since, code, message: message ?? '', action: action ?? '' },
    }
  }

  /**
   * Another agent takes the next turns, and those that wait for a place: this one stops when its own are over, each at its deadline at
   * the latest, and calls `stopped` then.
   */
  retire(stopped: () => void): void {
    this.#retired = stopped
    this.#places.open()
    this.#stopWhenUnused()
  }

  /** Ends it; interrupts a start, and no turn. Resolves within five seconds, whatever the agent does. Idempotent. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  /** Counts a turn. It is over when its reply ends or its signal is aborted: an agent that ignores the signal delays nothing. */
  #begin(signal: AbortSignal): () => void {
    const used = this.#use()
    let isOver = false
    const over = (): void => {
      if (isOver) return
      isOver = true
      // A turn that was taken back says nothing of the agent; one that it did not finish in time does.
      if (signal.aborted && signal.reason instanceof AgentError) this.#failed(signal.reason)
      signal.removeEventListener('abort', over)
      used()
    }
    signal.addEventListener('abort', over)
    if (signal.aborted) over()
    return over
  }

  /** One more needs it, until the answered call. */
  #use(): () => void {
    this.#users += 1
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      this.#users -= 1
      this.#stopWhenUnused()
    }
  }

  #stopWhenUnused(): void {
    const stopped = this.#retired
    if (stopped !== null && this.#users === 0) void this.stop().then(stopped)
  }

  /** Turns that come during a start share it. */
  #ready(): Promise<void> {
    if (this.#life.signal.aborted)
      return Promise.reject(new AgentError('interrupted', `the agent "${this.#deps.id}" is stopped`))
    this.#started ??= this.#start().catch((error: unknown) => {
      this.#started = null
      if (!this.#life.signal.aborted) this.#failed(error)
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
    // It may answer now; that it does, its next reply says.
    if (this.#lastSuccessAt === null) this.#become(true)
  }

  /** Errors of other kinds may quote a key or a question. */
  #failed(error: unknown): void {
    const known = error instanceof AgentError ? error : new AgentError('failed', 'the agent failed')
    const { code, message, action } = known
    this.#deps.counts?.().failures.add(code)
    this.#lastFailure = { at: this.#now(), code, message, action }
    // These are about one question: the next one may be answered.
    if (code !== 'refused' && code !== 'turn_too_large' && !this.#become(false)) this.#deps.changed?.()
  }

  /** Whether that is news, which was told then. */
  #become(ok: boolean): boolean {
    if (this.#ok === ok) return false
    this.#ok = ok
    this.#since = this.#now()
    this.#deps.changed?.()
    return true
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

/** Also one that is left early counts as over then. */
async function* measured(
  reply: AsyncIterable<ReplyPart>,
  counts: AgentCounts = new AgentCounts(),
): AsyncGenerator<ReplyPart, void, void> {
  const began = performance.now()
  const seconds = (): number => (performance.now() - began) / 1_000
  let hasBegun = false
  counts.running += 1
  try {
    for await (const part of reply) {
      if (!hasBegun) counts.firstPieces.observe(seconds())
      hasBegun = true
      yield part
    }
  } finally {
    counts.running -= 1
    counts.answers.observe(seconds())
  }
}
