import { isRecord } from '../../../protocol/is-record.ts'
import type { ReplyPart, ReplyUsage } from '../../agent.ts'
import { AgentError } from '../../agent-error.ts'
import { readAnswerBody, STREAM_END } from '../../openai/answer-body.ts'
import { type CompletionPiece, readCompletion } from './chat-completion.ts'
import type { Finish } from './finish-reason.ts'

/** Behind an answer that the model or its server did not finish. */
const CUT_MARK = '…'
/** Some servers keep the connection open behind a finished answer, and send no end of the stream. */
const LINGER_MS = 2_000

/**
 * The text of an answer with status 200, streamed or whole, whatever its label says; one that was cut ends in "…". Throws `AgentError`
 * where there is no text to send, and says which of the many reasons it is. The end of the stream behind a finished answer is awaited
 * for two seconds; the caller closes the connection.
 */
export async function* readChatAnswer(
  body: AsyncIterable<Uint8Array> | null,
): AsyncGenerator<ReplyPart, void, void> {
  const answer = new ChatAnswer()
  try {
    for await (const value of untilComplete(readAnswerBody(body), answer)) {
      const { text, images } = answer.add(value)
      if (text !== '') yield { type: 'delta', text }
      yield* images
      if (value === STREAM_END) break
    }
  } catch (error) {
    // What comes after the end changes nothing: some servers close the connection there.
    if (!answer.isComplete) throw error
  }
  yield* answer.end()
}

/** The values, until none comes for a while behind a complete answer. */
async function* untilComplete(
  values: AsyncGenerator<unknown, void, void>,
  answer: ChatAnswer,
): AsyncGenerator<unknown, void, void> {
  let late: Promise<null> | null = null
  let timer: NodeJS.Timeout | undefined
  let isLate = false
  try {
    for (;;) {
      const next = values.next()
      if (answer.isComplete) {
        // Closing the connection rejects it, when nobody reads it any more.
        next.catch(() => {})
        late ??= new Promise((resolve) => {
          timer = setTimeout(() => resolve(null), LINGER_MS)
        })
      }
      const step = late === null ? await next : await Promise.race([next, late])
      isLate = step === null
      if (step === null || step.done === true) return
      yield step.value
    }
  } finally {
    clearTimeout(timer)
    // A generator that waits for bytes would end only with the connection.
    if (!isLate) await values.return()
  }
}

class ChatAnswer {
  #finish: Finish | null = null
  #isEnded = false
  #isWhole = false
  #isStream = false
  #hasText = false
  #hasImages = false
  #hasThoughts = false
  #asksForTool = false
  #hasChoices = false
  #refusal = ''
  #usage: ReplyUsage | null = null
  /** The last JSON value that is no part of a completion. */
  #unknown: unknown = undefined

  /** The model said that it is done, or the stream did. */
  get isComplete(): boolean {
    return this.#finish !== null || this.#isEnded
  }

  /** Takes the next value and answers with what of it is for the person. Throws `AgentError` for an error in it. */
  add(value: unknown): Pick<CompletionPiece, 'text' | 'images'> {
    if (value === STREAM_END) {
      this.#isEnded = true
      return { text: '', images: [] }
    }
    const piece = readCompletion(value)
    if (!piece.isKnown) this.#unknown = value
    // Of a stream each one counts from the beginning: the last one is the whole.
    this.#usage = piece.usage ?? this.#usage
    // Some streams end in the whole answer once more.
    const images = piece.isWhole && this.#hasImages ? [] : piece.images
    this.#hasImages ||= images.some(({ type }) => type === 'media')
    return { text: this.#take(piece), images }
  }

  /** What comes behind the text. Throws `AgentError` where there was none, or where it broke off. */
  *end(): Generator<ReplyPart, void, void> {
    // Also of an answer that cannot be used: it was paid for.
    if (this.#usage !== null) yield this.#usage
    if (this.#hasText || this.#hasImages) {
      if (this.#finish === 'broken' || (!this.isComplete && !this.#isWhole)) throw brokeOff()
      if (this.#finish === 'cut' || this.#finish === 'filtered') {
        const marked: ReplyPart = { type: 'delta', text: CUT_MARK }
        // A server that sends thoughts apart has none in the text.
        yield this.#hasThoughts ? marked : { ...marked, isCut: true }
      }
    } else if (this.#refusal.trim() === '') throw this.#noText()
    else yield { type: 'delta', text: this.#refusal }
  }

  #take(piece: CompletionPiece): string {
    this.#finish = piece.finish ?? this.#finish
    this.#hasThoughts ||= piece.hasThoughts
    this.#asksForTool ||= piece.asksForTool || piece.finish === 'tool'
    this.#hasChoices ||= piece.isKnown
    this.#isStream ||= piece.isDelta
    this.#refusal += piece.refusal
    // Some streams end in the whole answer once more.
    if (piece.isWhole && this.#hasText && !this.#isWhole) return ''
    this.#isWhole ||= piece.isWhole
    this.#hasText ||= piece.text.trim() !== ''
    return piece.text
  }

  #noText(): AgentError {
    if (this.#finish === 'broken') return brokeOff()
    if (this.#finish === 'filtered') {
      return new AgentError('refused', "a filter of the assistant's server kept the answer back")
    }
    if (this.#asksForTool)
      return noAnswer('asked for a tool, and none is offered to it', { action: NO_TOOLS })
    if (this.#finish === 'cut') {
      const what = this.#hasThoughts ? 'thought' : 'said nothing'
      return noAnswer(`${what} until its limit of tokens was reached, and gave no answer`, {
        action: 'Raise the limit of tokens of the model at its server, or lower historyChars.',
      })
    }
    if (this.#hasThoughts) return noAnswer('thought, and gave no answer')
    if (this.#isStream && !this.isComplete) return brokeOff()
    if (this.#hasChoices) return noAnswer('finished without any text')
    return this.#unknown === undefined
      ? new AgentError('bad_answer', 'the assistant sent an empty answer')
      : unknownShape(this.#unknown)
  }
}

/** Other interfaces, by a key that only they have. Some servers offer several under addresses that are one word apart. */
const OTHER_INTERFACES: Readonly<Record<string, string>> = {
  output: "OpenAI's Responses",
  stop_reason: "Anthropic's Messages",
  candidates: "Gemini's",
  response: "Ollama's generate",
  generated_text: "Hugging Face's",
}

const NO_TOOLS = 'Choose a model, or a prompt at its server, that answers without tools.'

function noAnswer(what: string, options: { action?: string } = {}): AgentError {
  return new AgentError('no_answer', `the assistant ${what}`, options)
}

function brokeOff(): AgentError {
  return new AgentError('interrupted', 'the assistant stopped in the middle of its answer', {
    retryable: true,
  })
}

function unknownShape(value: unknown): AgentError {
  const [, name] =
    Object.entries(OTHER_INTERFACES).find(([key]) => isRecord(value) && Object.hasOwn(value, key)) ?? []
  return new AgentError(
    'bad_answer',
    name === undefined
      ? 'the assistant sent something that is no chat completion'
      : `the assistant answers by another interface (${name}) than chat completions`,
  )
}
