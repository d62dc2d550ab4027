import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Fetch } from '../../../network/fetch-through.ts'
import { webhookHeaders } from '../../../network/standard-webhooks.ts'
import { DaemonError } from '../../../protocol/errors.ts'
import type { AgentCheck } from '../../agent-check.ts'
import { AgentError } from '../../agent-error.ts'
import type { Agent, ReplyPart, Turn } from '../../agent.ts'
import type { AwaitedAnswer } from '../../answers/awaited-answer.ts'
import type { AwaitedAnswers } from '../../answers/awaited-answers.ts'
import { readAnswer } from '../../answers/read-answer.ts'
import { withTimeLimit } from '../../answers/with-time-limit.ts'
import type { UrlOf } from '../../turn-json/turn-json.ts'
import { boundedTurnJson } from '../../turn-json/bounded-turn-json.ts'
import { type FailedPlace, toConnectionError, toStatusError } from './webhook-failure.ts'

/** What is posted at once; many receivers take no more. */
const MAX_BODY_BYTES = 1_048_576
const ACCEPTED = 202
const NO_CONTENT = 204
/** Before the tries after the first one; the last is the wait before all later ones. */
const RETRY_DELAYS_MS = [1_000, 2_000, 5_000, 15_000, 30_000]

export interface WebhookAgentOptions {
  id: string
  url: string
  /** As it may be shown. */
  shownUrl: string
  timeoutSeconds: number
  /** Whether an answer comes only by `POST /v1/turns/:id`, whatever the request is answered with. */
  answersLater: boolean
  /** Asked for at every request, so that a changed secret is used at once. Throws `AgentError`. */
  keys: () => Buffer[]
  headers: () => Record<string, string>
  answers: AwaitedAnswers
  fetch: Fetch
  /** Is told once a turn that it has to be posted again. */
  logger?: Pick<Logger, 'warn'> | undefined
  /** Shorter waits, for tests. */
  retryDelaysMs?: readonly number[]
}

/**
 * An agent behind a URL. The same turn always has the same `webhook-id`, also when it is posted again. It is answered in the response, or
 * later; the first answer counts.
 */
export class WebhookAgent implements Agent {
  readonly textFormat = 'markdown'
  readonly timeoutMs: number
  /** It is told of the file. */
  readonly hears = (): boolean => true
  readonly checks: readonly AgentCheck[] = [
    { id: 'agent.secret', look: () => this.#lookAtSecrets() },
    { id: 'agent.server', look: (signal) => this.#lookAtServer(signal) },
  ]
  readonly #options: WebhookAgentOptions

  constructor(options: WebhookAgentOptions) {
    this.#options = options
    this.timeoutMs = options.timeoutSeconds * 1_000
  }

  /** Reads the secrets once: those that are wrong are known before the first question. */
  async start(): Promise<void> {
    this.#options.keys()
    this.#options.headers()
  }

  async *reply(turn: Turn, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    const { timeoutSeconds, id: agent } = this.#options
    yield* withTimeLimit((limited) => this.#answer(turn, limited), { signal, timeoutSeconds, agent })
  }

  async *#answer(turn: Turn, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    const offer = this.#options.answers.files.offer(turn)
    try {
      yield* this.#answerWith(turn, offer.urlOf, signal)
    } finally {
      offer.withdraw()
    }
  }

  async *#answerWith(turn: Turn, urlOf: UrlOf, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    const body = JSON.stringify(boundedTurnJson(turn, MAX_BODY_BYTES, urlOf))
    const answer = this.#options.answers.open(turn.id, 'posted')
    const over = new AbortController()
    const deadline = Math.min(turn.deadline.getTime(), Date.now() + this.timeoutMs)
    const posted = this.#post(answer, body, {
      deadline,
      signal: AbortSignal.any([signal, over.signal]),
      traceparent: turn.traceparent,
    })
    // The reader is told by `abandon`.
    posted.catch(() => {})
    try {
      yield* answer.parts(signal)
    } finally {
      over.abort()
      answer.abandon(new AgentError('interrupted', 'nobody waits for this answer any more'))
      this.#options.answers.close(answer, { again: false })
    }
  }

  /** Posts until the turn is taken, and hands on what the response says. */
  async #post(answer: AwaitedAnswer, body: string, limits: PostLimits): Promise<void> {
    const { deadline, signal } = limits
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#postOnce(answer, body, limits)
      } catch (error) {
        if (signal.aborted || answer.isComplete) return
        const failure = error instanceof AgentError ? error : toConnectionError(error, this.#place)
        if (answer.hasBegun || !failure.retryable) return answer.abandon(broken(failure, answer))
        if (attempt === 0) this.#logFirst(answer, failure)
        const wait = this.#waitBeforeRetry(attempt, failure)
        if (Date.now() + wait >= deadline) return answer.abandon(failure)
        try {
          await delay(wait, undefined, { signal })
        } catch {
          return
        }
      }
    }
  }

  async #postOnce(answer: AwaitedAnswer, body: string, { signal, traceparent }: PostLimits): Promise<void> {
    const { url, fetch, headers, keys, answersLater } = this.#options
    const message = { id: answer.turn, at: new Date(), body }
    const hangUp = new AbortController()
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, application/x-ndjson, text/event-stream, text/plain',
        ...headers(),
        ...(traceparent !== undefined && { traceparent }),
        ...webhookHeaders(message, keys()),
      },
      body,
      signal: AbortSignal.any([signal, hangUp.signal]),
      redirect: 'manual',
    })
    try {
      if (!response.ok) throw toStatusError(response, this.#place, new Date())
      if (answersLater || response.status === ACCEPTED || answer.hasBegun) return
      if (response.status === NO_CONTENT) return void answer.take({ type: 'done' })
      await this.#take(answer, response)
    } finally {
      hangUp.abort()
    }
  }

  async #take(answer: AwaitedAnswer, { headers, body }: Response): Promise<void> {
    for await (const step of readAnswer({
      contentType: headers.get('content-type'),
      bytes: body ?? NOTHING,
    })) {
      try {
        await this.#options.answers.takeWhenRoom(answer.turn, 'posted', step)
      } catch (error) {
        // Answered from elsewhere meanwhile, or nobody reads on.
        if (error instanceof DaemonError) return
        throw error
      }
      await answer.drained()
    }
  }

  /** In milliseconds: never less than our own wait, so that no server makes a loop of it. */
  #waitBeforeRetry(attempt: number, { retryAfterMs }: AgentError): number {
    const delays = this.#options.retryDelaysMs ?? RETRY_DELAYS_MS
    return Math.max(retryAfterMs ?? 0, delays[Math.min(attempt, delays.length - 1)] ?? 0)
  }

  #logFirst({ turn }: AwaitedAnswer, { code, message }: AgentError): void {
    const { id: agent, logger } = this.#options
    logger?.warn({ turn, agent, code }, `a turn has to be posted again: ${message}`)
  }

  async #lookAtSecrets(): Promise<{ message: string }> {
    await this.start()
    return { message: this.#options.keys().length === 0 ? 'Nothing is signed.' : 'Its secret can sign.' }
  }

  /** With a method that has no effect: whatever is answered shows that somebody is there. */
  async #lookAtServer(signal: AbortSignal): Promise<{ message: string }> {
    const { url, fetch } = this.#options
    try {
      const response = await fetch(url, { method: 'OPTIONS', headers: {}, signal, redirect: 'manual' })
      await response.body?.cancel()
    } catch (error) {
      throw toConnectionError(error, this.#place)
    }
    return { message: 'Something answers at its url.' }
  }

  get #place(): FailedPlace {
    const { id, shownUrl: url } = this.#options
    return { id, url }
  }
}

interface PostLimits {
  /** After which nothing is posted again, in milliseconds since 1970. */
  deadline: number
  signal: AbortSignal
  /** W3C Trace Context. */
  traceparent: string | undefined
}

const NOTHING: AsyncIterable<Uint8Array> = {
  async *[Symbol.asyncIterator]() {
    // No body: the answer is empty.
  },
}

/** A connection that ends in the middle of an answer was there before. */
function broken(failure: AgentError, answer: AwaitedAnswer): AgentError {
  if (!answer.hasBegun || failure.code !== 'unreachable') return failure
  return new AgentError('interrupted', 'the connection to the webhook ended in the middle of its answer')
}
