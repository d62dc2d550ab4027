import { mayWrite } from '../../access/may-write.ts'
import type { Verdict } from '../../access/policy.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { AccountConfig } from '../../config/model.ts'
import { identityOf, isGroupConversation } from '../store/conversation-key.ts'
import type { InboxStore } from '../store/inbox-store.ts'

export interface AdmissionDependencies {
  inbox: Pick<InboxStore, 'find'>
  config: () => AccountConfig
}

/** The verdict on people, asked anew at every step: when they write, when their turn starts, when a reply goes out. */
export class Admission {
  readonly #deps: AdmissionDependencies

  constructor(deps: AdmissionDependencies) {
    this.#deps = deps
  }

  judge({ chat, sender }: Pick<IncomingMessage, 'chat' | 'sender'>): Verdict {
    return mayWrite(this.#deps.config(), chat.kind === 'group' ? chat.address : null, sender)
  }

  /** Whether this person, as the inbox names them, may still talk there. */
  allows(conversation: string, person: string): boolean {
    const group = isGroupConversation(conversation) ? conversation : null
    return mayWrite(this.#deps.config(), group, identityOf(person)).allowed
  }

  /** Whether a message may go out: whoever it answers may still talk. Unknown is not allowed. */
  allowsReply({ conversation, after_inbox }: { conversation: string; after_inbox: number }): boolean {
    if (!isGroupConversation(conversation)) return this.allows(conversation, conversation)
    const asked = this.#deps.inbox.find(after_inbox)
    return (
      asked !== undefined && asked.conversation === conversation && this.allows(conversation, asked.sender)
    )
  }
}
