import type { AnsweringAgent, Turn } from '../../agents/agent.ts'
import { clusterBoundary } from '../../text/graphemes.ts'
import { dropParagraphs, ParagraphBuffer } from '../../text/paragraph-buffer.ts'
import { loadTextReader, type TextReader } from '../../text/text-reader.ts'
import { MAX_REPLY_LENGTH } from './reply-text.ts'
import { SpokenText } from './spoken-text.ts'
import type { ThoughtHabits } from './thought-habits.ts'

/** A paragraph waits this long for more: an assistant that is done by then answers in one message. */
const SETTLE_MS = 250
/** At least this between two messages of a reply. */
const BETWEEN_PARTS_MS = 1_000
const CUT_MARK = '…'
const MAX_LENGTH_UNCUT = MAX_REPLY_LENGTH - CUT_MARK.length

export interface ReplyStreamInput {
  agent: AnsweringAgent
  turn: Turn
  signal: AbortSignal
  /** Whose answers begin with thoughts that have no opening mark. */
  habits: ThoughtHabits
  /** Paragraphs at the start of the reply that went out before a crash. */
  skip: number
  /** Takes complete paragraphs while the reply goes on; `null` collects the whole reply. */
  paragraphs: ((said: Said, count: number) => void) | null
  /** When it takes them; `null`: as they come. */
  coalesce: { minChars: number; maxChars: number; idleMs: number } | null
  /** The reply ends early: its server cut it off, or it is longer than any that is sent. Called once, before the rest is answered. */
  cut: (by: 'server' | 'length') => void
}

/** What an agent said, and how it is read. */
export interface Said {
  text: string
  reader: TextReader
}

/**
 * Runs the agent and answers the part of its reply that was not handed to `paragraphs`, without a model's thoughts. Rejects with the
 * agent's error, with `AgentError` where it only thought, with the signal's reason as soon as it is aborted, or with what `paragraphs` threw.
 */
export async function streamReply(input: ReplyStreamInput): Promise<Said> {
  const stream = new ReplyStream(input)
  try {
    return await stream.run()
  } finally {
    stream.dispose()
  }
}

class ReplyStream {
  readonly #input: ReplyStreamInput
  readonly #interrupted: Promise<never>
  #interrupt: (error: unknown) => void = () => {}
  #skip: number
  #timer: NodeJS.Timeout | null = null
  /** Whether the timer waits for the assistant to pause. */
  #isIdling = false
  #betweenParts = SETTLE_MS

  constructor(input: ReplyStreamInput) {
    this.#input = input
    this.#skip = input.skip
    this.#interrupted = new Promise((_resolve, reject) => {
      this.#interrupt = reject
    })
    // It is raced against the agent: when the agent settles first, this rejection has no reader.
    this.#interrupted.catch(() => {})
  }

  async run(): Promise<Said> {
    const { agent, turn, signal, habits } = this.#input
    const spoken = new SpokenText(agent, habits, turn.model)
    signal.throwIfAborted()
    signal.addEventListener('abort', this.#aborted, { once: true })
    const iterator = agent.reply(turn, signal)[Symbol.asyncIterator]()
    let next = iterator.next()
    // It is awaited below; when the reader fails first, its rejection has no reader.
    next.catch(() => {})
    try {
      const reader = await Promise.race([loadTextReader(agent.textFormat ?? 'markdown'), this.#interrupted])
      let buffer = new ParagraphBuffer(reader)
      for (let room = MAX_LENGTH_UNCUT; ; next = iterator.next()) {
        const step = await Promise.race([next, this.#interrupted])
        const { text, isRetracted } = step.done === true ? spoken.end() : spoken.push(step.value)
        if (isRetracted) {
          // A paragraph of thoughts that is out stays out.
          this.#clearTimer()
          buffer = new ParagraphBuffer(reader)
          room = MAX_LENGTH_UNCUT
        }
        if (text.length > room) {
          buffer.push(text.slice(0, clusterBoundary(text, room)) + CUT_MARK)
          end(iterator)
          this.#input.cut('length')
          return this.#rest(buffer)
        }
        room -= text.length
        buffer.push(text)
        if (step.done === true) {
          if (spoken.isCut) this.#input.cut('server')
          return this.#rest(buffer)
        }
        this.#schedule(buffer, text.includes('\n'))
      }
    } catch (error) {
      end(iterator)
      throw error
    }
  }

  dispose(): void {
    this.#input.signal.removeEventListener('abort', this.#aborted)
    this.#clearTimer()
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  readonly #aborted = (): void => this.#interrupt(this.#input.signal.reason)

  #schedule(buffer: ParagraphBuffer, hasNewLine: boolean): void {
    const { paragraphs, coalesce } = this.#input
    if (paragraphs === null || !buffer.mayHaveParagraph) return
    if (coalesce === null || buffer.length >= coalesce.maxChars) {
      if (this.#timer !== null && !this.#isIdling) return
      this.#clearTimer()
      this.#timer = setTimeout(() => this.#handOut(buffer, 0), this.#betweenParts)
      this.#isIdling = false
    } else if (coalesce.idleMs > 0 && (this.#timer === null || (this.#isIdling && hasNewLine))) {
      // Each further line begins the wait anew.
      this.#clearTimer()
      const waitMs = Math.max(coalesce.idleMs, this.#betweenParts)
      this.#timer = setTimeout(() => this.#handOut(buffer, coalesce.minChars), waitMs)
      this.#isIdling = true
    }
  }

  #handOut(buffer: ParagraphBuffer, minChars: number): void {
    this.#timer = null
    const { reader } = buffer
    const { text, ends } = buffer.take(minChars)
    const skipped = Math.min(this.#skip, ends.length)
    this.#skip -= skipped
    if (ends.length === skipped) return
    this.#betweenParts = BETWEEN_PARTS_MS
    const maxChars = this.#input.coalesce?.maxChars ?? Infinity
    const start = skipped === 0 ? 0 : (ends[skipped - 1] ?? 0)
    try {
      for (const [from, until, count] of together(start, ends.slice(skipped), maxChars))
        this.#input.paragraphs?.({ text: text.slice(from, until), reader }, count)
    } catch (error) {
      this.#interrupt(error)
    }
  }

  #rest(buffer: ParagraphBuffer): Said {
    const { reader } = buffer
    return { text: dropParagraphs(reader, buffer.rest(), this.#skip), reader }
  }
}

/** The paragraphs that end there, put together as long as they have no more characters than that: from, until, and how many they are. */
function together(
  start: number,
  ends: readonly number[],
  maxChars: number,
): [from: number, until: number, count: number][] {
  const pieces: [from: number, until: number, count: number][] = []
  for (const end of ends) {
    const last = pieces.at(-1)
    if (last !== undefined && end - last[0] <= maxChars) {
      last[1] = end
      last[2] += 1
    } else pieces.push([last?.[1] ?? start, end, 1])
  }
  return pieces
}

/** Lets the agent clean up; a generator that hangs must not hold the turn. */
function end(iterator: AsyncIterator<unknown>): void {
  iterator.return?.()?.catch(() => {})
}
