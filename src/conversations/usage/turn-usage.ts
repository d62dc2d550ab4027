import type { ReplyUsage } from '../../agents/agent.ts'
import type { CommitGroup } from '../store/commit-group.ts'
import type { UsageStore } from './usage-store.ts'

export interface TurnUsageDependencies {
  usage: Pick<UsageStore, 'add'>
  commits: Pick<CommitGroup, 'later'>
  now: () => Date
}

/** What an agent tells of the tokens of one turn, until it is counted. */
export class TurnUsage {
  readonly #deps: TurnUsageDependencies
  #told: Pick<ReplyUsage, 'inputTokens' | 'outputTokens'> | null = null

  constructor(deps: TurnUsageDependencies) {
    this.#deps = deps
  }

  add({ inputTokens, outputTokens }: ReplyUsage): void {
    this.#told = {
      inputTokens: (this.#told?.inputTokens ?? 0) + inputTokens,
      outputTokens: (this.#told?.outputTokens ?? 0) + outputTokens,
    }
  }

  /** Inside of the transaction that ends the turn. */
  count(isAnswered: boolean): void {
    const told = this.#told
    this.#told = null
    if (!isAnswered && told === null) return
    const at = this.#deps.now().getTime()
    this.#deps.usage.add(
      { answers: isAnswered ? 1 : 0, ...(told !== null && { ...told, toldAnswers: isAnswered ? 1 : 0 }) },
      at,
    )
  }

  /** The turn failed, or goes on in another life, which tells tokens of its own: these were used all the same. */
  countLater(): void {
    if (this.#told === null) return
    this.#deps.commits.later(() => {
      this.count(false)
      return undefined
    })
  }
}
