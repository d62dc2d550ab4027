import { isObserved } from '../../access/is-observed.ts'
import { isOwner } from '../../access/is-owner.ts'
import { keepsOwnerWords, type OwnerChat } from '../../access/keeps-owner-words.ts'
import { type MessageAuthor, maySend } from '../../access/may-send.ts'
import { mayWrite, mayWriteToSelf } from '../../access/may-write.ts'
import type { Verdict } from '../../access/policy.ts'
import type { ChatKind } from '../../messaging/chat-reference.ts'
import type { SenderIdentity } from '../../messaging/identity.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { OutboxRow } from '../outbox/outbox-store.ts'
import type { PairingStore } from '../pairing/pairing-store.ts'
import { type Conversation, conversationOf } from '../store/conversation-store.ts'
import type { InboxStore } from '../store/inbox-store.ts'
import type { Transport } from '../../messaging/transport.ts'
import { identityOf } from '../store/person.ts'

type AnsweringRow = Pick<
  OutboxRow,
  'message_id' | 'conversation' | 'conversation_name' | 'chat_kind' | 'after_inbox'
> &
  Partial<Pick<OutboxRow, 'author' | 'client_message_id' | 'is_forced'>>

export interface AdmissionDependencies {
  inbox: Pick<InboxStore, 'find'>
  transport: Pick<Transport, 'identify' | 'ownNumber'>
  pairing: Pick<PairingStore, 'isLive'>
  config: () => AccountConfig
  now: () => Date
}

/** The verdict on people, asked anew at every step: when they write, when their turn starts, when a reply goes out. */
export class Admission {
  readonly #deps: AdmissionDependencies

  constructor(deps: AdmissionDependencies) {
    this.#deps = deps
  }

  judge({ chat, sender }: Pick<IncomingMessage, 'chat' | 'sender'>): Verdict {
    return this.#verdict(chat.kind, chat.address, sender)
  }

  /** Whether this person, as the inbox names them, may still talk there and is answered. */
  allows({ kind, name }: Pick<Conversation, 'kind' | 'name'>, person: string): boolean {
    return !this.observes(kind) && this.#verdict(kind, name, this.identify(person)).allowed
  }

  /** Whether this person may write directly. */
  allowsPerson(person: string): boolean {
    return mayWrite(this.#deps.config(), null, this.identify(person)).allowed
  }

  /** Whether this person, as the inbox names them, owns the account (`access/is-owner.ts`): in this group, or in a chat of their own (`null`). */
  isOwner(person: string, group: string | null = null): boolean {
    const { config, transport } = this.#deps
    return isOwner(config(), this.identify(person), { group, ownNumber: transport.ownNumber })
  }

  /** Whether what people write in such a chat is taken in and never answered. */
  observes(kind: ChatKind): boolean {
    return isObserved(this.#deps.config(), { kind })
  }

  /**
   * A person whom the inbox names, who is filed under their number as soon as that is known: with the id by which a list may name them, and
   * whether their number belongs to somebody else by now.
   */
  identify(person: string): SenderIdentity {
    const { lid, businessId, parentId, changed } = this.#deps.transport.identify(person)
    return {
      ...identityOf(person),
      ...(lid && { lid }),
      ...(businessId && { businessId }),
      ...(parentId && { parentId }),
      ...(changed && { changed }),
    }
  }

  /** Under which the transport knows this person now. */
  addressOf(person: string): string {
    return this.#deps.transport.identify(person).address
  }

  #verdict(kind: ChatKind, address: string, sender: SenderIdentity): Verdict {
    const policy = this.#deps.config()
    return kind === 'self'
      ? mayWriteToSelf(policy, sender)
      : mayWrite(policy, kind === 'group' ? address : null, sender)
  }

  keepsOwnerWords(chat: OwnerChat): boolean {
    return keepsOwnerWords(this.#deps.config(), chat)
  }

  /** Whether a message that answers nobody may be sent there (`access/may-send.ts`). */
  maySend({ kind, name }: Pick<Conversation, 'kind' | 'name'>, author: MessageAuthor): boolean {
    const other = kind === 'group' ? null : this.identify(name)
    return maySend(this.#deps.config(), { kind, address: name, other }, author)
  }

  /**
   * Whether a message may go out: the person whom it answers may still talk, or it carries the code with which they can be allowed. Unknown
   * is not allowed.
   */
  allowsReply(row: AnsweringRow): boolean {
    const { pairing, config, now } = this.#deps
    if (pairing.isLive(row.message_id, now().getTime())) return config().access.dmPolicy === 'pairing'
    const conversation = conversationOf(row)
    const { author = 'assistant', client_message_id: clientMessageId = null } = row
    if (clientMessageId !== null)
      return this.maySend(conversation, author) || (row.is_forced === 1 && config().sendToAnyone)
    if (conversation.kind !== 'group') return this.allows(conversation, conversation.name)
    const asked = this.#deps.inbox.find(row.after_inbox)
    if (asked === undefined || asked.conversation !== conversation.id) return false
    // What the account's own phone asked there needs no place on a list.
    return asked.author === 'owner'
      ? this.keepsOwnerWords({ group: conversation.name })
      : this.allows(conversation, asked.sender)
  }
}
