import type { EventPublisher } from '../../protocol/events.ts'

export interface MessageNewsDependencies {
  account: string
  publish: EventPublisher['publish']
  now: () => Date
}

/**
 * Says that something besides the words and the delivery of a message changed (`message.updated`): a reaction to it, a file of it, what a
 * machine heard in it. To be called after the commit.
 */
export class MessageNews {
  readonly #deps: MessageNewsDependencies

  constructor(deps: MessageNewsDependencies) {
    this.#deps = deps
  }

  /** `conversation`: what events call it. */
  updated(conversation: string, messageId: string): void {
    const { account, publish, now } = this.#deps
    publish('message.updated', { account, messageId, conversation, at: now().toISOString() })
  }
}
