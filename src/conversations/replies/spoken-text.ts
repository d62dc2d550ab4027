import type { AnsweringAgent, ReplyPart } from '../../agents/agent.ts'
import { AgentError } from '../../agents/agent-error.ts'
import { type FilteredText, ThoughtFilter } from '../../text/thought-filter.ts'
import type { ThoughtHabits } from './thought-habits.ts'

/** What of an agent's reply is for the person: all of a plain one, and of every other what is not thought. */
export class SpokenText {
  readonly #agent: AnsweringAgent
  readonly #habits: ThoughtHabits
  readonly #model: string | null
  /** `null` where the text goes out as it is. */
  readonly #filter: ThoughtFilter | null
  #hasThoughtOrText = false
  #hasText = false
  #isCut = false

  constructor(agent: AnsweringAgent, habits: ThoughtHabits, model: string | null) {
    this.#agent = agent
    this.#habits = habits
    this.#model = model
    const holdsBack = habits.holdsBack(agent, model)
    this.#filter = agent.textFormat === 'plain' ? null : new ThoughtFilter({ holdsBack })
  }

  push({ text, isCut }: ReplyPart): FilteredText {
    if (isCut === true) this.#isCut = true
    this.#hasThoughtOrText ||= text.trim() !== ''
    return this.#noted(this.#filter?.push(text) ?? { text, isRetracted: false })
  }

  /** Whether the agent's server has said that it cut the reply off. */
  get isCut(): boolean {
    return this.#isCut
  }

  /** The rest. Throws `AgentError` (`no_answer`) where the agent did nothing but think. */
  end(): FilteredText {
    if (this.#filter === null) return { text: '', isRetracted: false }
    const rest = this.#noted(this.#filter.end({ isCut: this.#isCut }))
    // The closing mark of an answer that was cut may have been to come.
    if (!this.#isCut || this.#filter.wasOpenedInPrompt)
      this.#habits.learn(this.#agent, this.#model, this.#filter.wasOpenedInPrompt)
    if (this.#hasText || !this.#hasThoughtOrText) return rest
    const error = new AgentError('no_answer', 'the assistant thought, and gave no answer')
    this.#agent.rejected?.(error)
    throw error
  }

  #noted(filtered: FilteredText): FilteredText {
    const { text, isRetracted } = filtered
    this.#hasText = (this.#hasText && !isRetracted) || text.trim() !== ''
    return filtered
  }
}
