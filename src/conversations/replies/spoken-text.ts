import type { AnsweringAgent, ReplyItem, ReplyPart, ReplyUsage } from '../../agents/agent.ts'
import { AgentError } from '../../agents/agent-error.ts'
import { type FilteredText, ThoughtFilter } from '../../text/thought-filter.ts'
import type { ThoughtHabits } from './thought-habits.ts'

/** What of an agent's reply is for the person, in order. */
export interface Spoken {
  pieces: (string | ReplyItem)[]
  /** All words that were given out before were thoughts. */
  isRetracted: boolean
}

/** What of an agent's reply is for the person: all of a plain one, and of every other what is not thought. */
export class SpokenText {
  readonly #agent: AnsweringAgent
  readonly #habits: ThoughtHabits
  readonly #model: string | null
  /** `null` where the text goes out as it is. */
  readonly #filter: ThoughtFilter | null
  /** Items among words that are held back, each with how many characters are before it. */
  #heldItems: { after: number; item: ReplyItem }[] = []
  #hasThoughtOrText = false
  #hasText = false
  #hasItem = false
  #isCut = false

  constructor(agent: AnsweringAgent, habits: ThoughtHabits, model: string | null) {
    this.#agent = agent
    this.#habits = habits
    this.#model = model
    const holdsBack = habits.holdsBack(agent, model)
    this.#filter = agent.textFormat === 'plain' ? null : new ThoughtFilter({ holdsBack })
  }

  push(part: Exclude<ReplyPart, ReplyUsage>): Spoken {
    if (part.type !== 'delta') return this.#item(part)
    const { text, isCut } = part
    if (isCut === true) this.#isCut = true
    this.#hasThoughtOrText ||= text.trim() !== ''
    return this.#spoken(this.#filter?.push(text) ?? { text, isRetracted: false })
  }

  /** Whether the agent's server has said that it cut the reply off. */
  get isCut(): boolean {
    return this.#isCut
  }

  /** Whether the reply has ended inside of a thought, although nobody cut it. */
  get isLeftOpen(): boolean {
    return this.#filter?.isLeftOpen === true
  }

  /** The rest. Throws `AgentError` (`no_answer`) where the agent did nothing but think. */
  end(): Spoken {
    if (this.#filter === null) return { pieces: [], isRetracted: false }
    const rest = this.#spoken(this.#filter.end({ isCut: this.#isCut }))
    // The closing mark of an answer that was cut may have been to come.
    if (!this.#isCut || this.#filter.wasOpenedInPrompt)
      this.#habits.learn(this.#agent, this.#model, this.#filter.wasOpenedInPrompt)
    if (this.#hasText || this.#hasItem || !this.#hasThoughtOrText) return rest
    const error = new AgentError('no_answer', 'the assistant thought, and gave no answer')
    this.#agent.rejected?.(error)
    throw error
  }

  #item(item: ReplyItem): Spoken {
    this.#hasItem = true
    const before = this.#spoken(this.#filter?.interrupt() ?? { text: '', isRetracted: false })
    const held = this.#filter?.heldLength ?? null
    if (held === null) return { ...before, pieces: [...before.pieces, item] }
    this.#heldItems.push({ after: held, item })
    return before
  }

  #spoken({ text, isRetracted }: FilteredText): Spoken {
    this.#hasText = (this.#hasText && !isRetracted) || text.trim() !== ''
    if (this.#heldItems.length === 0 || (this.#filter?.heldLength ?? null) !== null)
      return { pieces: [text], isRetracted }
    const items = this.#heldItems
    this.#heldItems = []
    // The words before them were thoughts.
    if (isRetracted) return { pieces: [...items.map(({ item }) => item), text], isRetracted }
    let from = 0
    const pieces = items.flatMap(({ after, item }) => {
      const words = text.slice(from, after)
      from = after
      return [words, item]
    })
    return { pieces: [...pieces, text.slice(from)], isRetracted }
  }
}
