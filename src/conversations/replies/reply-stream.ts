import type { Agent, Turn } from '../../agents/agent.ts'
import { clusterBoundary } from '../../text/graphemes.ts'
import { dropParagraphs, ParagraphBuffer } from '../../text/paragraph-buffer.ts'

/** A paragraph waits this long for more: an assistant that is done by then answers in one message. */
const SETTLE_MS = 250
/** At least this between two messages of a reply. */
const BETWEEN_PARTS_MS = 1_000
/** A longer reply is cut off here. */
const MAX_REPLY_LENGTH = 100_000
const CUT_MARK = '…'

export interface ReplyStreamInput {
  agent: Agent
  turn: Turn
  signal: AbortSignal
  /** Paragraphs at the start of the reply that went out before a crash. */
  skip: number
  /** Takes complete paragraphs while the reply goes on; `null` collects the whole reply. */
  paragraphs: ((text: string, count: number) => void) | null
}

/**
 * Runs the agent and answers the part of its reply that was not handed to `paragraphs`. Rejects with the agent's
 * error, with the signal's reason as soon as it is aborted, or with what `paragraphs` threw.
 */
export async function streamReply(input: ReplyStreamInput): Promise<string> {
  const stream = new ReplyStream(input)
  try {
    return await stream.run()
  } finally {
    stream.dispose()
  }
}

class ReplyStream {
  readonly #input: ReplyStreamInput
  readonly #buffer = new ParagraphBuffer()
  readonly #interrupted: Promise<never>
  #interrupt: (error: unknown) => void = () => {}
  #skip: number
  #timer: NodeJS.Timeout | null = null
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

  async run(): Promise<string> {
    const { agent, turn, signal } = this.#input
    signal.throwIfAborted()
    signal.addEventListener('abort', this.#aborted, { once: true })
    const iterator = agent.reply(turn, signal)[Symbol.asyncIterator]()
    try {
      for (let room = MAX_REPLY_LENGTH - CUT_MARK.length; ;) {
        const step = await Promise.race([iterator.next(), this.#interrupted])
        if (step.done === true) return this.#rest()
        const { text } = step.value
        if (text.length > room) {
          this.#buffer.push(text.slice(0, clusterBoundary(text, room)) + CUT_MARK)
          end(iterator)
          return this.#rest()
        }
        room -= text.length
        this.#buffer.push(text)
        this.#schedule()
      }
    } catch (error) {
      end(iterator)
      throw error
    }
  }

  dispose(): void {
    this.#input.signal.removeEventListener('abort', this.#aborted)
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  readonly #aborted = (): void => this.#interrupt(this.#input.signal.reason)

  #schedule(): void {
    if (this.#input.paragraphs === null || this.#timer !== null || this.#buffer.complete <= this.#skip) return
    this.#timer = setTimeout(() => this.#handOut(), this.#betweenParts)
  }

  #handOut(): void {
    this.#timer = null
    this.#betweenParts = BETWEEN_PARTS_MS
    const { text, paragraphs } = this.#buffer.take()
    try {
      this.#input.paragraphs?.(dropParagraphs(text, this.#skip), paragraphs - this.#skip)
      this.#skip = 0
    } catch (error) {
      this.#interrupt(error)
    }
  }

  #rest(): string {
    return dropParagraphs(this.#buffer.rest(), this.#skip)
  }
}

/** Lets the agent clean up; a generator that hangs must not hold the turn. */
function end(iterator: AsyncIterator<unknown>): void {
  iterator.return?.()?.catch(() => {})
}
