import { setTimeout as delay } from 'node:timers/promises'
import type { Agent, ReplyPart, Turn } from '../../agent.ts'
import type { AgentCheck } from '../../agent-check.ts'
import { AgentError } from '../../agent-error.ts'
import type { ShownSetting } from '../../connector.ts'
import { readChatAnswer } from './chat-answer.ts'
import { type ChatMessage, charactersOf, toChatMessages } from './chat-messages.ts'
import { authentication, type ChatServer, requestOf } from './chat-server.ts'
import { explain } from './explain-failure.ts'
import { type ImagePart, readImages } from './image-parts.ts'
import { listModels } from './list-models.ts'
import { serverCheck } from './server-check.ts'

/** Waits between the tries of a request that the server could not take; none once it began to answer. */
const RETRY_DELAYS_MS = [500, 2_000]
const MAX_RETRY_AFTER_MS = 20_000
/** Names of models whose templates begin the thoughts by themselves, where the server does not take them out. */
const THINKING_MODEL =
  /(?:^|[^a-z0-9])(?:r1|qwq|qvq|magistral|exaone-deep|deep-?think|think(?:ing|er)?|reason(?:er|ing)?)(?![a-z0-9])/i
/** How often a conversation that is too long for the model is halved. */
const MAX_SHORTENINGS = 5
/** How servers refuse images that their model does not take. */
const MAY_BE_IMAGES: readonly string[] = ['bad_request', 'not_found', 'server_error', 'bad_answer']

export interface OpenAiChatOptions extends ChatServer {
  /** Its id in the config, for what people read. */
  id?: string
  model: string
  systemPrompt: string | null
  timeoutSeconds: number
  /** `server`: it keeps the conversation by `user`, and is sent only what it does not know. */
  sessionMode?: 'stateless' | 'server'
  /** Whether images are sent. */
  images?: boolean
  /** Where the key comes from, such as "the environment variable OPENAI_API_KEY". Never the key. */
  keySource?: string | null
  /** What may be shown of `baseUrl` and `model`; they themselves without it. */
  shown?: ShownSetting
  /** Shorter waits, for tests. */
  retryDelaysMs?: readonly number[]
}

/** What one request carries; each further try may carry less. */
interface Attempt {
  messages: ChatMessage[]
  images: readonly ImagePart[]
  hasUser: boolean
  shortenings: number
}

/**
 * Any server that speaks OpenAI's `/chat/completions`, streaming or not. `reply` throws `AgentError`. A conversation that is too long
 * for the model is asked again with less of it; one that the server refuses, without its images, or without `user`, which
 * some servers do not know.
 */
export class OpenAiChatAgent implements Agent {
  readonly textFormat = 'markdown'
  readonly timeoutMs: number
  readonly checks: readonly AgentCheck[]
  readonly #options: OpenAiChatOptions
  /** Whether the server takes `user`; `null` until that is known. */
  #takesUser: boolean | null = null

  constructor(options: OpenAiChatOptions) {
    this.#options = options
    this.timeoutMs = options.timeoutSeconds * 1_000
    if (options.sessionMode === 'server') this.#takesUser = true
    const { id, model, shown = (_setting, value) => value } = options
    const place = `agents.${id ?? ''}.model (${JSON.stringify(shown('model', model))})`
    this.checks = [serverCheck((signal) => this.models(signal), { model, place })]
  }

  mayThinkUnmarked(model: string | null): boolean {
    return THINKING_MODEL.test(model ?? this.#options.model)
  }

  /** Reads key and headers once: what is not there is known before the first question. */
  async start(): Promise<void> {
    authentication(this.#options)
  }

  async *reply(turn: Turn, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    const timeout = AbortSignal.timeout(this.timeoutMs)
    const ended = AbortSignal.any([signal, timeout])
    try {
      yield* this.#answer(turn, ended)
    } catch (error) {
      // The caller's own reason says more than what the aborted request throws.
      signal.throwIfAborted()
      throw explain(timeout.aborted ? this.#late() : error, { ...this.#options, chosenModel: turn.model })
    }
  }

  /** The models that the server offers, in its order. Throws `AgentError`. */
  async models(signal: AbortSignal): Promise<string[]> {
    try {
      return await listModels(this.#options, signal)
    } catch (error) {
      signal.throwIfAborted()
      throw explain(error, this.#options)
    }
  }

  /** Asks until an answer begins; what fails later cannot be asked again. */
  async *#answer(turn: Turn, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    let attempt: Attempt = {
      messages: this.#messages(turn),
      images: this.#options.images === false ? [] : await readImages(turn),
      hasUser: this.#takesUser !== false,
      shortenings: 0,
    }
    for (let retries = 0; ;) {
      let hasBegun = false
      try {
        for await (const part of this.#ask(turn, attempt, signal)) {
          hasBegun = true
          this.#takesUser ??= attempt.hasUser
          yield part
        }
        return
      } catch (error) {
        if (hasBegun || !(error instanceof AgentError)) throw error
        const simpler = this.#simplify(turn, attempt, error)
        if (simpler !== null) attempt = simpler
        else await this.#waitBeforeRetry(error, retries++, signal)
      }
    }
  }

  #messages(turn: Turn, maxCharacters?: number): ChatMessage[] {
    const { systemPrompt, sessionMode } = this.#options
    return toChatMessages(turn, {
      systemPrompt,
      isKeptByServer: sessionMode === 'server',
      ...(maxCharacters === undefined ? {} : { maxCharacters }),
    })
  }

  /** What may be taken where this was refused; `null` where nothing can be left out. */
  #simplify(turn: Turn, attempt: Attempt, { code, retryable }: AgentError): Attempt | null {
    const { messages, images, hasUser, shortenings } = attempt
    if (code === 'context_overflow') {
      const before = charactersOf(messages)
      const shorter = this.#messages(turn, Math.floor(before / 2))
      if (shortenings >= MAX_SHORTENINGS || charactersOf(shorter) >= before) return null
      return { ...attempt, messages: shorter, shortenings: shortenings + 1 }
    }
    if (images.length > 0 && !retryable && MAY_BE_IMAGES.includes(code)) return { ...attempt, images: [] }
    const mayBeUser = code === 'bad_request' && hasUser && this.#takesUser === null
    return mayBeUser ? { ...attempt, hasUser: false } : null
  }

  async *#ask(
    turn: Turn,
    { messages, images, hasUser }: Attempt,
    signal: AbortSignal,
  ): AsyncGenerator<ReplyPart, void, void> {
    const hangUp = new AbortController()
    const response = await requestOf(this.#options, '/chat/completions', {
      body: {
        model: turn.model ?? this.#options.model,
        stream: true,
        messages: withImages(messages, images),
        ...(hasUser ? { user: turn.sessionId } : {}),
      },
      signal: AbortSignal.any([signal, hangUp.signal]),
    })
    try {
      yield* readChatAnswer(response.body)
    } finally {
      hangUp.abort()
    }
  }

  /** Throws the error where another try would not help, or not soon. */
  async #waitBeforeRetry(error: AgentError, retries: number, signal: AbortSignal): Promise<void> {
    const wait = (this.#options.retryDelaysMs ?? RETRY_DELAYS_MS)[retries]
    if (wait === undefined || !error.retryable) throw error
    const asked = error.retryAfterMs ?? wait
    if (asked > MAX_RETRY_AFTER_MS) throw error
    await delay(asked, undefined, { signal })
  }

  #late(): AgentError {
    return new AgentError('timeout', `the assistant did not finish within ${this.#options.timeoutSeconds} s`)
  }
}

/** Images belong to the last message, which is the question. */
function withImages(messages: readonly ChatMessage[], images: readonly ImagePart[]): unknown[] {
  const last = messages.at(-1)
  if (images.length === 0 || last === undefined) return [...messages]
  const content = [{ type: 'text', text: last.content }, ...images]
  return [...messages.slice(0, -1), { role: last.role, content }]
}
