import { isProven, provenNumber, type SenderIdentity } from '../../messaging/identity.ts'
import type { ConversationNews } from '../history/conversation-news.ts'
import type { Committed, CommitGroup } from '../store/commit-group.ts'
import type { ConversationStore, Merge } from '../store/conversation-store.ts'

export interface ConversationMergesDependencies {
  conversations: Pick<ConversationStore, 'numberLearned' | 'at'>
  news: Pick<ConversationNews, 'changed'>
  commits: CommitGroup
  /** What is in memory follows what is on disk, in this order. */
  followers: readonly { merged(merge: Merge): void }[]
}

/** Files what a person wrote under their number, as soon as that is proven: one person has one conversation. */
export class ConversationMerges {
  readonly #deps: ConversationMergesDependencies

  constructor(deps: ConversationMergesDependencies) {
    this.#deps = deps
  }

  /** Merges in one transaction; written when it returns. Throws `StorageError`, with nothing changed. */
  learn(person: SenderIdentity): void {
    const { conversations, commits, followers } = this.#deps
    const number = provenNumber(person)
    if (number === null || !isProven(person)) return
    commits.now(() => {
      const merge = conversations.numberLearned(person.address, number)
      if (merge === null) return undefined
      if (merge === 'renamed') return this.#renamed(number)
      return () => {
        for (const follower of followers) follower.merged(merge)
      }
    })
  }

  #renamed(number: string): Committed {
    const { conversations, news } = this.#deps
    return () => {
      const conversation = conversations.at(number)
      if (conversation !== undefined) news.changed(conversation.id)
    }
  }
}
