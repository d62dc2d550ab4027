import type { AnsweringAgent, ReplyItem, ReplyUsage, Turn } from '../../agents/agent.ts'
import { loadTextReader } from '../../text/text-reader.ts'
import { AnswerBuilder, type AnswerBuilderDependencies } from './answer-builder.ts'
import type { AnswerPiece } from './answer-piece.ts'
import type { ReadyItem } from './items/item-preparation.ts'
import { SpokenText } from './spoken-text.ts'
import type { ThoughtHabits } from './thought-habits.ts'

export interface ReplyStreamInput extends Pick<AnswerBuilderDependencies, 'skip' | 'pieces' | 'coalesce'> {
  agent: AnsweringAgent
  turn: Turn
  signal: AbortSignal
  /** Whose answers begin with thoughts that have no opening mark. */
  habits: ThoughtHabits
  /** Makes of an item something that can be queued. Never rejects. */
  prepare: (item: Exclude<ReplyItem, { type: 'quote' }>) => Promise<ReadyItem>
  /**
   * The reply ends early: its server cut it off, it ended inside of a thought, or it is longer, or has more items, than any that is sent.
   * Called once for each.
   */
  cut: (by: 'server' | 'thought' | 'length' | 'items') => void
  /** The agent tells tokens: of the whole answer, or of a part of it. */
  used: (usage: ReplyUsage) => void
}

/**
 * Runs the agent and answers the pieces of its reply that were not handed to `pieces`, without a model's thoughts. Rejects with the
 * agent's error, with `AgentError` where it only thought, with the signal's reason as soon as it is aborted, or with what `pieces` threw.
 */
export async function streamReply(input: ReplyStreamInput): Promise<readonly AnswerPiece[]> {
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
  #builder: AnswerBuilder | null = null
  #hasTooMany = false

  constructor(input: ReplyStreamInput) {
    this.#input = input
    this.#interrupted = new Promise((_resolve, reject) => {
      this.#interrupt = reject
    })
    // It is raced against the agent: when the agent settles first, this rejection has no reader.
    this.#interrupted.catch(() => {})
  }

  async run(): Promise<readonly AnswerPiece[]> {
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
      const builder = new AnswerBuilder({ ...this.#input, reader, failed: (error) => this.#interrupt(error) })
      this.#builder = builder
      for (; ; next = iterator.next()) {
        const step = await Promise.race([next, this.#interrupted])
        const part = step.done === true ? null : step.value
        if (part?.type === 'usage') {
          this.#input.used(part)
          continue
        }
        const { pieces, isRetracted } = part === null ? spoken.end() : spoken.push(part)
        if (isRetracted) builder.retract()
        if (!(await this.#take(pieces, builder))) {
          end(iterator)
          this.#input.cut('length')
          return builder.rest()
        }
        if (step.done === true) {
          if (spoken.isCut) this.#input.cut('server')
          else if (spoken.isLeftOpen) this.#input.cut('thought')
          return builder.rest()
        }
        builder.schedule()
      }
    } catch (error) {
      end(iterator)
      throw error
    }
  }

  dispose(): void {
    this.#input.signal.removeEventListener('abort', this.#aborted)
    this.#builder?.stop()
  }

  readonly #aborted = (): void => this.#interrupt(this.#input.signal.reason)

  /** False where the answer ends with these, because it is too long. */
  async #take(pieces: readonly (string | ReplyItem)[], builder: AnswerBuilder): Promise<boolean> {
    for (const piece of pieces) {
      if (typeof piece === 'string') {
        if (!builder.say(piece)) return false
      } else if (piece.type === 'quote') builder.quote(piece.messageId)
      else await this.#item(piece, builder)
    }
    return true
  }

  async #item(item: Exclude<ReplyItem, { type: 'quote' }>, builder: AnswerBuilder): Promise<void> {
    const state = builder.beginItem(item.type)
    if (state === 'wanted') builder.add(await Promise.race([this.#input.prepare(item), this.#interrupted]))
    if (state !== 'too many' || this.#hasTooMany) return
    this.#hasTooMany = true
    this.#input.cut('items')
  }
}

/** Lets the agent clean up; a generator that hangs must not hold the turn. */
function end(iterator: AsyncIterator<unknown>): void {
  iterator.return?.()?.catch(() => {})
}
