import { isProven, provenNumber, type SenderIdentity } from '../../messaging/identity.ts'
import type { CommitGroup } from '../store/commit-group.ts'
import type { ConversationStore, Merge } from '../store/conversation-store.ts'

export interface ConversationMergesDependencies {
  conversations: Pick<ConversationStore, 'numberLearned'>
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
      if (merge === null || merge === 'renamed') return undefined
      return () => {
        for (const follower of followers) follower.merged(merge)
      }
    })
  }
}
