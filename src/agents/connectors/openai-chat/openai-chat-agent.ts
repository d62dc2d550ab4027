import type { Agent, ReplyPart, SoundQuestion, Turn } from '../../agent.ts'
import type { AgentCheck } from '../../agent-check.ts'
import { AgentError } from '../../agent-error.ts'
import type { ShownSetting } from '../../connector.ts'
import { readChatAnswer } from './chat-answer.ts'
import { type ChatMessage, charactersOf, toChatMessages } from './chat-messages.ts'
import { authentication, type OpenAiServer, requestOf } from '../../openai/openai-server.ts'
import { explain } from './explain-failure.ts'
import {
  canSendSound,
  type FilePart,
  type FileSettings,
  type QuestionFile,
  readQuestionFiles,
} from './question-files.ts'
import { KnownModels } from './known-models.ts'
import { listModels } from '../../openai/list-models.ts'
import { RefusedFiles } from '../../openai/refused-files.ts'
import { serverCheck } from '../../openai/server-check.ts'
import { waitBeforeRetry } from '../../openai/wait-before-retry.ts'

/** Names of models whose templates begin the thoughts by themselves, where the server does not take them out. */
const THINKING_MODEL =
  /(?:^|[^a-z0-9])(?:r1|qwq|qvq|magistral|exaone-deep|deep-?think|think(?:ing|er)?|reason(?:er|ing)?)(?![a-z0-9])/i
/** How often a conversation that is too long for the model is halved. */
const MAX_SHORTENINGS = 5
/** Kinds of files that models refused; of more nothing is remembered. */
const MAX_REFUSALS = 100
/** How servers refuse files that their model does not take. */
const MAY_BE_FILES: readonly string[] = ['bad_request', 'not_found', 'server_error', 'bad_answer']

export interface OpenAiChatOptions extends OpenAiServer {
  /** Its id in the config, for what people read. */
  id?: string
  model: string
  systemPrompt: string | null
  timeoutSeconds: number
  /** `server`: it keeps the conversation by `user`, and is sent only what it does not know. */
  sessionMode?: 'stateless' | 'server'
  /** Which files are sent beside the text; none without it. */
  files?: FileSettings
  /** Whether people may choose every model of the server: then it is asked which it has. */
  offersAll?: boolean
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
  files: readonly QuestionFile[]
  hasUser: boolean
  /** It asks for the tokens of a streamed answer. */
  asksUsage: boolean
  shortenings: number
}

/**
 * Any server that speaks OpenAI's `/chat/completions`, streaming or not. `reply` throws `AgentError`. A conversation that is too long
 * for the model is asked again with less of it; one that the server refuses, without its files, or without `user`
 * and `stream_options`, which some servers do not know.
 */
export class OpenAiChatAgent implements Agent {
  readonly textFormat = 'markdown'
  readonly timeoutMs: number
  readonly checks: readonly AgentCheck[]
  readonly #options: OpenAiChatOptions
  readonly #known = new KnownModels((signal) => this.models(signal))
  /** Whether the server takes `user`; `null` until that is known. */
  #takesUser: boolean | null = null
  /** The same for `stream_options`. */
  #tellsUsage: boolean | null = null
  /** Which kinds of files which models do not take, by their own word: `<type> <model>`. */
  readonly #refusedFiles = new Set<string>()

  constructor(options: OpenAiChatOptions) {
    this.#options = options
    this.timeoutMs = options.timeoutSeconds * 1_000
    if (options.sessionMode === 'server') this.#takesUser = true
    const { id, model, shown = (_setting, value) => value } = options
    const place = `agents.${id ?? ''}.model (${JSON.stringify(shown('model', model))})`
    this.checks = [serverCheck((signal) => this.models(signal), { model, place })]
  }

  /** Whether one of them can go with the question, where the settings say so and the model has not refused sound. */
  async hears({ model, sounds }: SoundQuestion): Promise<boolean> {
    const { files } = this.#options
    if (files?.audio !== true || this.#refusedFiles.has(this.#keyOf({ model }, 'input_audio'))) return false
    const { converter } = files
    const canSend = await Promise.all(sounds.map((path) => canSendSound(path, converter)))
    return canSend.includes(true)
  }

  mayThinkUnmarked(model: string | null): boolean {
    return THINKING_MODEL.test(model ?? this.#options.model)
  }

  /** Reads key and headers once: what is not there is known before the first question. */
  async start(): Promise<void> {
    authentication(this.#options)
    if (this.#options.offersAll === true) void this.#known.refresh()
  }

  offeredModels(): readonly string[] {
    return this.#options.offersAll === true ? this.#known.names : []
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
    const files = await this.#files(turn, signal)
    let attempt: Attempt = {
      messages: this.#messages(turn, files),
      files,
      hasUser: this.#takesUser !== false,
      asksUsage: this.#tellsUsage !== false,
      shortenings: 0,
    }
    for (let retries = 0; ;) {
      let hasBegun = false
      try {
        for await (const part of this.#ask(turn, attempt, signal)) {
          hasBegun = true
          this.#takesUser ??= attempt.hasUser
          this.#tellsUsage ??= attempt.asksUsage
          yield part
        }
        return
      } catch (error) {
        if (hasBegun || !(error instanceof AgentError)) throw error
        const simpler = this.#simplify(turn, attempt, error)
        if (simpler !== null) attempt = simpler
        else await waitBeforeRetry(error, retries++, { signal, delaysMs: this.#options.retryDelaysMs })
      }
    }
  }

  async #files(turn: Turn, signal: AbortSignal): Promise<QuestionFile[]> {
    const { files } = this.#options
    if (files === undefined) return []
    const read = await readQuestionFiles(turn, files, signal)
    return without(read, (type) => this.#refusedFiles.has(this.#keyOf(turn, type)))
  }

  #messages(turn: Turn, files: readonly QuestionFile[], maxCharacters?: number): ChatMessage[] {
    const { systemPrompt, sessionMode } = this.#options
    return toChatMessages(turn, {
      systemPrompt,
      isKeptByServer: sessionMode === 'server',
      documents: files.flatMap(({ attachment: { name }, document }) =>
        document === null ? [] : [{ name, ...document }],
      ),
      noteOf: (attachment) => noteOf(files.find((file) => file.attachment === attachment)),
      ...(maxCharacters === undefined ? {} : { maxCharacters }),
    })
  }

  /** What may be taken where this was refused; `null` where nothing can be left out. */
  #simplify(turn: Turn, attempt: Attempt, error: AgentError): Attempt | null {
    const { messages, files, hasUser, asksUsage, shortenings } = attempt
    const { code, retryable } = error
    if (code === 'context_overflow') {
      const before = charactersOf(messages)
      const shorter = this.#messages(turn, files, Math.floor(before / 2))
      if (shortenings >= MAX_SHORTENINGS || charactersOf(shorter) >= before) return null
      return { ...attempt, messages: shorter, shortenings: shortenings + 1 }
    }
    const hasParts = files.some(({ part }) => part !== null)
    if (hasParts && !retryable && MAY_BE_FILES.includes(code)) {
      const refused = error instanceof RefusedFiles ? error.type : null
      const isNamed = files.some(({ part }) => part !== null && part.type === refused)
      if (refused !== null && isNamed) this.#remember(this.#keyOf(turn, refused))
      const fewer = without(files, (type) => !isNamed || type === refused)
      return { ...attempt, files: fewer, messages: this.#messages(turn, fewer) }
    }
    const mayBeUser = hasUser && this.#takesUser === null
    const mayBeUsage = asksUsage && this.#tellsUsage === null
    if (code !== 'bad_request' || !(mayBeUser || mayBeUsage)) return null
    return { ...attempt, hasUser: hasUser && !mayBeUser, asksUsage: asksUsage && !mayBeUsage }
  }

  #keyOf({ model }: Pick<Turn, 'model'>, type: FilePart['type']): string {
    return `${type} ${model ?? this.#options.model}`
  }

  #remember(refused: string): void {
    if (this.#refusedFiles.size < MAX_REFUSALS) this.#refusedFiles.add(refused)
  }

  async *#ask(
    turn: Turn,
    { messages, files, hasUser, asksUsage }: Attempt,
    signal: AbortSignal,
  ): AsyncGenerator<ReplyPart, void, void> {
    const hangUp = new AbortController()
    const response = await requestOf(this.#options, '/chat/completions', {
      body: {
        model: turn.model ?? this.#options.model,
        stream: true,
        messages: withParts(messages, files),
        ...(hasUser ? { user: turn.sessionId } : {}),
        ...(asksUsage ? { stream_options: { include_usage: true } } : {}),
      },
      traceparent: turn.traceparent,
      signal: AbortSignal.any([signal, hangUp.signal]),
    })
    try {
      yield* readChatAnswer(response.body)
    } finally {
      hangUp.abort()
    }
  }

  #late(): AgentError {
    return new AgentError('timeout', `the assistant did not finish within ${this.#options.timeoutSeconds} s`)
  }
}

/** Files belong to the last message, which is the question. */
function withParts(messages: readonly ChatMessage[], files: readonly QuestionFile[]): unknown[] {
  const parts = files.flatMap(({ part }) => (part === null ? [] : [part]))
  const last = messages.at(-1)
  if (parts.length === 0 || last === undefined) return [...messages]
  const content = [{ type: 'text', text: last.content }, ...parts]
  return [...messages.slice(0, -1), { role: last.role, content }]
}

function without(
  files: readonly QuestionFile[],
  isRefused: (type: FilePart['type']) => boolean,
): QuestionFile[] {
  return files.map((file) =>
    file.part === null || !isRefused(file.part.type)
      ? file
      : { ...file, part: null, leftOut: 'your server does not take files of its kind' },
  )
}

function noteOf(file: QuestionFile | undefined): string | null {
  if (file === undefined) return null
  if (file.leftOut !== null) return `which you do not have: ${file.leftOut}`
  return file.document === null ? null : 'its text stands below'
}
