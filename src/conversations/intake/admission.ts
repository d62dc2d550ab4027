import { authorizeGroup } from '../../access/authorize-group.ts'
import type { AccessPolicy, Verdict } from '../../access/policy.ts'
import type { SenderIdentity } from '../../messaging/identity.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { AccountConfig } from '../../config/model.ts'
import { identityOf, isGroupConversation } from '../store/conversation-key.ts'
import type { InboxStore } from '../store/inbox-store.ts'

export interface AdmissionDependencies {
  inbox: Pick<InboxStore, 'find'>
  config: () => AccountConfig
  authorize: (policy: AccessPolicy, sender: SenderIdentity) => Verdict
}

/** The verdict on people, asked anew at every step: when they write, when their turn starts, when a reply goes out. */
export class Admission {
  readonly #deps: AdmissionDependencies

  constructor(deps: AdmissionDependencies) {
    this.#deps = deps
  }

  judge({ chat, sender }: Pick<IncomingMessage, 'chat' | 'sender'>): Verdict {
    return chat.kind === 'group' ? this.#judgeInGroup(chat.address, sender) : this.#judgeDirect(sender)
  }

  /** Whether this person, as the inbox names them, may still talk there. */
  allows(conversation: string, person: string): boolean {
    const sender = identityOf(person)
    const verdict = isGroupConversation(conversation)
      ? this.#judgeInGroup(conversation, sender)
      : this.#judgeDirect(sender)
    return verdict.allowed
  }

  /** Whether a message may go out: whoever it answers may still talk. Unknown is not allowed. */
  allowsReply({ conversation, after_inbox }: { conversation: string; after_inbox: number }): boolean {
    if (!isGroupConversation(conversation)) return this.allows(conversation, conversation)
    const asked = this.#deps.inbox.find(after_inbox)
    return (
      asked !== undefined && asked.conversation === conversation && this.allows(conversation, asked.sender)
    )
  }

  #judgeDirect(sender: SenderIdentity): Verdict {
    return this.#deps.authorize(this.#deps.config().access, sender)
  }

  #judgeInGroup(group: string, sender: SenderIdentity): Verdict {
    const { access, groupAccess } = this.#deps.config()
    return authorizeGroup(access, groupAccess, group, sender)
  }
}
