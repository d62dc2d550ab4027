import { setTimeout as delay } from 'node:timers/promises'
import type { Agent, ReplyPart, Turn } from '../../agent.ts'
import { AgentError } from '../../agent-error.ts'
import { readCompletion } from './chat-completion.ts'
import { toChatMessages } from './chat-messages.ts'
import { readEventStream } from './event-stream.ts'
import { toResponseError } from './response-error.ts'

/** Waits between the tries of a request that the server could not take; none once it began to answer. */
const RETRY_DELAYS_MS = [500, 2_000]
const MAX_RETRY_AFTER_MS = 20_000
const MAX_JSON_LENGTH = 2_000_000

export interface OpenAiChatOptions {
  /** Up to and without `/chat/completions`. */
  baseUrl: string
  model: string
  systemPrompt: string | null
  timeoutSeconds: number
  /** Asked for at every turn, so that a rotated key is used at once; `null` for servers without keys. */
  apiKey: () => string | null
}

/** Any server that speaks OpenAI's `/chat/completions`, streaming or not. `reply` throws `AgentError`. */
export class OpenAiChatAgent implements Agent {
  readonly textFormat = 'markdown'
  readonly timeoutMs: number
  readonly #options: OpenAiChatOptions

  constructor(options: OpenAiChatOptions) {
    this.#options = options
    this.timeoutMs = options.timeoutSeconds * 1_000
  }

  async *reply(turn: Turn, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    const timeout = AbortSignal.timeout(this.timeoutMs)
    const ended = AbortSignal.any([signal, timeout])
    try {
      const response = await this.#request(turn, ended)
      const isJson = response.headers.get('content-type')?.includes('application/json') === true
      for await (const text of isJson ? wholeAnswer(response) : streamedAnswer(response)) {
        yield { type: 'delta', text }
      }
    } catch (error) {
      if (timeout.aborted && !signal.aborted) {
        throw new AgentError(
          'timeout',
          `the assistant did not finish within ${this.#options.timeoutSeconds} s`,
        )
      }
      // The caller's own reason says more than what the aborted request throws.
      signal.throwIfAborted()
      throw error
    }
  }

  async #request(turn: Turn, signal: AbortSignal): Promise<Response> {
    const body = JSON.stringify({
      model: this.#options.model,
      stream: true,
      messages: toChatMessages(turn, this.#options.systemPrompt),
    })
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#fetch(body, signal)
      } catch (error) {
        const wait = RETRY_DELAYS_MS[attempt]
        if (wait === undefined || !(error instanceof AgentError) || !error.retryable) throw error
        const asked = error.retryAfterMs ?? wait
        if (asked > MAX_RETRY_AFTER_MS) throw error
        await delay(asked, undefined, { signal })
      }
    }
  }

  async #fetch(body: string, signal: AbortSignal): Promise<Response> {
    const key = this.#options.apiKey()
    let response: Response
    try {
      response = await fetch(`${this.#options.baseUrl.replace(/\/+$/, '')}/chat/completions`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream, application/json',
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        },
        body,
        signal,
        redirect: 'manual',
      })
    } catch (error) {
      signal.throwIfAborted()
      throw toNetworkError(error)
    }
    if (response.ok) return response
    throw await toResponseError(response)
  }
}

async function* streamedAnswer(response: Response): AsyncGenerator<string, void, void> {
  let isFinished = false
  try {
    for await (const payload of readEventStream(response.body ?? empty())) {
      if (payload === '[DONE]') return
      const piece = readCompletion(payload)
      isFinished ||= piece.finished
      if (piece.text !== '') yield piece.text
    }
  } catch (error) {
    if (error instanceof AgentError) throw error
    if (!isFinished) throw new AgentError('interrupted', 'the connection to the assistant was lost')
  }
  if (!isFinished) throw new AgentError('interrupted', 'the assistant stopped in the middle of its answer')
}

async function* wholeAnswer(response: Response): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder()
  let json = ''
  try {
    for await (const bytes of response.body ?? empty()) {
      json += decoder.decode(bytes, { stream: true })
      if (json.length > MAX_JSON_LENGTH) throw new AgentError('bad_answer', 'the assistant sent too much')
    }
  } catch (error) {
    if (error instanceof AgentError) throw error
    throw new AgentError('interrupted', 'the connection to the assistant was lost')
  }
  yield readCompletion(json).text
}

async function* empty(): AsyncGenerator<Uint8Array, void, void> {}

/** Only the system's error code: messages of `fetch` quote headers, and so the key. */
function toNetworkError(error: unknown): AgentError {
  const { cause } = error as { cause?: { code?: unknown } }
  const code = typeof cause?.code === 'string' ? ` (${cause.code})` : ''
  return new AgentError('unreachable', `the assistant cannot be reached${code}: check baseUrl`, {
    retryable: code !== '',
  })
}
