import { equivalentNumber } from '../../access/numbers/equivalent-numbers.ts'
import { isIdEntry, readIdEntry } from '../../access/numbers/id-entry.ts'
import { normalizePhoneNumber } from '../../access/numbers/phone-number.ts'
import type { ChatReference } from '../../messaging/chat-reference.ts'
import { provenNumber, type SenderIdentity } from '../../messaging/identity.ts'
import type { Transport } from '../../messaging/transport.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { Conversation, ConversationStore } from '../store/conversation-store.ts'
import { findConversation } from '../store/find-conversation.ts'
import { personOf } from '../store/person.ts'
import type { ContactHistory } from './contact-history.ts'

/** Where a message goes. */
export interface Recipient {
  chat: ChatReference
  /** What the conversation is called, and would be if it is none yet. */
  name: string
  /** `null`: nothing was ever said there. */
  conversation: Conversation | null
  /** Its other side, whose identity is proven; `null` in a conversation that exists already. */
  other: SenderIdentity | null
}

export interface RecipientsDependencies {
  conversations: Pick<ConversationStore, 'at' | 'find'>
  contacts: Pick<ContactHistory, 'lastChat'>
  transport: Pick<Transport, 'identify' | 'findRecipient' | 'groupName' | 'ownNumber' | 'ready'>
}

/**
 * Finds who is meant. WhatsApp is asked about a number once: whoever wrote or was written to is known by then. Every method that
 * fails throws `DaemonError`.
 */
export class Recipients {
  readonly #deps: RecipientsDependencies

  constructor(deps: RecipientsDependencies) {
    this.#deps = deps
  }

  /** A conversation, by its id or by what events call it. */
  known(named: string): Recipient {
    return this.#of(findConversation(this.#deps.conversations, named))
  }

  /**
   * Somebody who need not have written: a number, an id (`lid:<digits>`, `bsuid:<id>`), or the address of a group. `mayAsk`: whether WhatsApp may be asked for
   * this person; it is handed every form of the number.
   */
  async named(to: string, mayAsk: (person: string) => boolean): Promise<Recipient> {
    const id = readIdEntry(to)
    const number = id === null ? numberIn(to) : null
    const existing = this.#at(id ?? number ?? to)
    if (existing !== undefined && this.#isPinned(existing)) return this.#of(existing)
    if (id === null && number === null) return this.#group(to)
    const forms = [id ?? number, number === null ? null : equivalentNumber(number)].flatMap(
      (each) => each ?? [],
    )
    if (!forms.some(mayAsk)) throw new DaemonError('recipient_not_allowed')
    const other = await this.#deps.transport.findRecipient(id ?? number ?? to)
    if (other === null) throw new DaemonError('not_on_whatsapp', { details: { to } })
    const name = personOf(other)
    const conversation = this.#deps.conversations.at(name) ?? null
    const isSelf = provenNumber(other) !== null && provenNumber(other) === this.#deps.transport.ownNumber
    return { chat: { kind: isSelf ? 'self' : 'direct', address: other.address }, name, conversation, other }
  }

  async #group(address: string): Promise<Recipient> {
    // Only of a group that the account is in does WhatsApp say what it is called.
    const { transport } = this.#deps
    // Once more: a connection that is lost meanwhile is known to be by then.
    const name = (await transport.groupName(address)) ?? (await transport.groupName(address))
    if (name === null && address.endsWith('@g.us') && !transport.ready)
      throw new DaemonError('not_connected', {
        message: 'WhatsApp has to be asked whether the account is in this group.',
        action: 'Try again when the account is connected.',
      })
    if (name === null)
      throw new DaemonError('conversation_not_found', {
        message:
          'This is no number and no id, and no group of which WhatsApp says that the account is in it.',
        action:
          'Give a phone number with its country code, lid:<digits>, bsuid:<id>, or the address of a group of the account.',
        details: { conversation: address },
      })
    const other: SenderIdentity = { address, displayName: null, conflict: false }
    return { chat: { kind: 'group', address }, name: address, conversation: null, other }
  }

  #of(conversation: Conversation): Recipient {
    const { id, kind, name } = conversation
    const chat = { kind, address: this.#chatOf(conversation) }
    return { chat, name, conversation: { id, kind, name }, other: null }
  }

  /** As its last message came, or went out. */
  #chatOf({ id, kind, name }: Conversation): string {
    const { contacts, transport } = this.#deps
    if (kind === 'group') return name
    return contacts.lastChat(id) ?? transport.identify(name).address
  }

  #at(named: string): Conversation | undefined {
    for (const name of this.#namesOf(named)) {
      const found = this.#deps.conversations.at(name)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** What the conversation of a number, of an id, or of a group may be called. */
  #namesOf(named: string): string[] {
    if (isIdEntry(named)) {
      const identity = this.#deps.transport.identify(named)
      return [personOf(identity), identity.address]
    }
    const other = equivalentNumber(named)
    return other === null ? [named] : [named, other]
  }

  /** Something was said there, so that the number is known to be the right one. */
  #isPinned({ id, kind }: Conversation): boolean {
    return kind !== 'direct' || this.#deps.contacts.lastChat(id) !== null
  }
}

/** E.164; `null` for what is no number at all. Throws `DaemonError` (`invalid_phone_number`) for one that cannot be. */
function numberIn(to: string): string | null {
  if (!/^\s*[+\d(]/.test(to) || to.includes('@')) return null
  const normalized = normalizePhoneNumber(to)
  if (normalized.ok) return normalized.e164
  throw new DaemonError('invalid_phone_number', {
    message: `Not a possible phone number: ${normalized.message}.`,
    details: { value: to, reason: normalized.code },
  })
}
