import { setTimeout as delay } from 'node:timers/promises'
import type { Agent, ReplyPart, Turn } from '../../agent.ts'
import type { Fetch } from '../../../network/fetch-through.ts'
import { ProxyError } from '../../../network/proxy-error.ts'
import { AgentError } from '../../agent-error.ts'
import type { ShownSetting } from '../../connector.ts'
import { readChatAnswer } from './chat-answer.ts'
import { type ChatMessage, charactersOf, toChatMessages } from './chat-messages.ts'
import { explain } from './explain-failure.ts'
import { toResponseError } from './response-error.ts'

/** Waits between the tries of a request that the server could not take; none once it began to answer. */
const RETRY_DELAYS_MS = [500, 2_000]
const MAX_RETRY_AFTER_MS = 20_000
/** Names of models whose templates begin the thoughts by themselves, where the server does not take them out. */
const THINKING_MODEL =
  /(?:^|[^a-z0-9])(?:r1|qwq|qvq|magistral|exaone-deep|deep-?think|think(?:ing|er)?|reason(?:er|ing)?)(?![a-z0-9])/i
/** How often a conversation that is too long for the model is halved. */
const MAX_SHORTENINGS = 5

export interface OpenAiChatOptions {
  /** Its id in the config, for what people read. */
  id?: string
  /** Up to and without `/chat/completions`. */
  baseUrl: string
  model: string
  systemPrompt: string | null
  timeoutSeconds: number
  /** Asked for at every turn, so that a rotated key is used at once; `null` for servers without keys. */
  apiKey: () => string | null
  /** What sends requests; without it Node's own. */
  fetch?: Fetch
  /** Where the key comes from, such as "the environment variable OPENAI_API_KEY". Never the key. */
  keySource?: string | null
  /** What may be shown of `baseUrl` and `model`; they themselves without it. */
  shown?: ShownSetting
  /** Shorter waits, for tests. */
  retryDelaysMs?: readonly number[]
}

/**
 * Any server that speaks OpenAI's `/chat/completions`, streaming or not. `reply` throws `AgentError`. A conversation that is too long
 * for the model is asked again with less of it.
 */
export class OpenAiChatAgent implements Agent {
  readonly textFormat = 'markdown'
  readonly timeoutMs: number
  readonly mayThinkUnmarked: boolean
  readonly #options: OpenAiChatOptions

  constructor(options: OpenAiChatOptions) {
    this.#options = options
    this.timeoutMs = options.timeoutSeconds * 1_000
    this.mayThinkUnmarked = THINKING_MODEL.test(options.model)
  }

  /** Reads the key once: one that is not there is known before the first question. */
  async start(): Promise<void> {
    this.#options.apiKey()
  }

  async *reply(turn: Turn, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    const timeout = AbortSignal.timeout(this.timeoutMs)
    const ended = AbortSignal.any([signal, timeout])
    try {
      yield* this.#answer(turn, ended)
    } catch (error) {
      // The caller's own reason says more than what the aborted request throws.
      signal.throwIfAborted()
      throw explain(timeout.aborted ? this.#late() : error, this.#options)
    }
  }

  /** Asks until an answer begins; what fails later cannot be asked again. */
  async *#answer(turn: Turn, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    let messages = toChatMessages(turn, this.#options.systemPrompt)
    let shortenings = 0
    for (let attempt = 0; ;) {
      let hasBegun = false
      try {
        for await (const part of this.#ask(messages, signal)) {
          hasBegun = true
          yield part
        }
        return
      } catch (error) {
        if (hasBegun || !(error instanceof AgentError)) throw error
        if (error.code === 'context_overflow') {
          const shorter = this.#shorten(turn, messages)
          if (shorter === null || shortenings >= MAX_SHORTENINGS) throw error
          messages = shorter
          shortenings += 1
        } else {
          await this.#waitBeforeRetry(error, attempt, signal)
          attempt += 1
        }
      }
    }
  }

  /** Half of the conversation; `null` where nothing is left that could be left out. */
  #shorten(turn: Turn, messages: readonly ChatMessage[]): ChatMessage[] | null {
    const { systemPrompt } = this.#options
    const before = charactersOf(messages)
    const shorter = toChatMessages(turn, systemPrompt, Math.floor(before / 2))
    return charactersOf(shorter) < before ? shorter : null
  }

  async *#ask(messages: readonly ChatMessage[], signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    const { apiKey, baseUrl, model, fetch = globalThis.fetch } = this.#options
    const key = apiKey()
    const hangUp = new AbortController()
    let response: Response
    try {
      response = await fetch(`${baseUrl.replace(/\/+$/, '')}/chat/completions`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream, application/json',
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify({ model, stream: true, messages }),
        signal: AbortSignal.any([signal, hangUp.signal]),
        redirect: 'manual',
      })
    } catch (error) {
      signal.throwIfAborted()
      throw toNetworkError(error)
    }
    if (!response.ok) throw await toResponseError(response, new Date())
    try {
      yield* readChatAnswer(response.body)
    } finally {
      hangUp.abort()
    }
  }

  /** Throws the error where another try would not help, or not soon. */
  async #waitBeforeRetry(error: AgentError, attempt: number, signal: AbortSignal): Promise<void> {
    const wait = (this.#options.retryDelaysMs ?? RETRY_DELAYS_MS)[attempt]
    if (wait === undefined || !error.retryable) throw error
    const asked = error.retryAfterMs ?? wait
    if (asked > MAX_RETRY_AFTER_MS) throw error
    await delay(asked, undefined, { signal })
  }

  #late(): AgentError {
    return new AgentError('timeout', `the assistant did not finish within ${this.#options.timeoutSeconds} s`)
  }
}

/** Only the system's error code: messages of `fetch` quote headers, and so the key. */
function toNetworkError(error: unknown): AgentError {
  const { cause } = error as { cause?: { code?: unknown } }
  if (cause instanceof ProxyError)
    return new AgentError('unreachable', `${cause.message}: check whatsappd.proxy`, { retryable: true })
  const code = typeof cause?.code === 'string' ? ` (${cause.code})` : ''
  return new AgentError('unreachable', `the assistant cannot be reached${code}: check baseUrl`, {
    retryable: code !== '',
  })
}
