import { randomUUID } from 'node:crypto'
import type { AccountConfig } from '../../config/model.ts'
import type { MessageTemplate } from '../../messaging/message-template.ts'
import type { Transport } from '../../messaging/transport.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { MethodResult } from '../../protocol/methods.ts'
import type { SentMessage } from '../../protocol/sent-message.ts'
import type { SentBy } from '../outbox/new-outbox-row.ts'
import type { OutboxStore } from '../outbox/outbox-store.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { StoredReference } from '../outbox/stored-content.ts'
import { type Committed, type CommitGroup, inOrder } from '../store/commit-group.ts'
import type { Conversation, ConversationStore } from '../store/conversation-store.ts'
import type { InboxStore } from '../store/inbox-store.ts'
import type { ChatWindows } from '../window/chat-windows.ts'
import type { ContactHistory } from './contact-history.ts'
import type { FirstContacts } from './first-contacts.ts'
import type { NumberRequests } from './number-requests.ts'
import type { Recipient, Recipients } from './recipients.ts'
import { type Said, SaidMessages } from './said-messages.ts'
import type { SendGate } from './send-gate.ts'
import { digestOfAny, type Requester, type SendRequest } from './send-request.ts'
import type { SentFiles } from './sent-files.ts'
import type { SentTextDependencies } from './sent-text.ts'

export interface SendingDependencies extends SentTextDependencies {
  gate: SendGate
  recipients: Recipients
  firstContacts: FirstContacts
  sentFiles: Pick<SentFiles, 'sha256Of' | 'keepFor' | 'discard'>
  saidMessages: Pick<SaidMessages, 'read'>
  numberRequests: Pick<NumberRequests, 'require'>
  windows: Pick<ChatWindows, 'prepareRefusal'>
  outbox: Pick<Outbox, 'enqueue' | 'pump'>
  outboxStore: Pick<OutboxStore, 'find' | 'sequenceOf'>
  conversations: Pick<ConversationStore, 'of' | 'find'>
  inbox: Pick<InboxStore, 'sequenceOf'>
  contacts: Pick<ContactHistory, 'lastInbox' | 'hasContact'>
  commits: CommitGroup
  transport: Pick<Transport, 'newLocalId' | 'templates'>
  /** Inside of a transaction: the owner writes there. */
  ownerSpoke: (conversation: Conversation, by: Requester['by']) => Committed | undefined
  config: () => AccountConfig
  now: () => Date
}

type Sent = MethodResult<'messages.send'>

const FIRST_CONTACT = {
  code: 'first_contact' as const,
  message:
    'This person never wrote to this account. WhatsApp restricts accounts that many people report: send it only to those who expect it.',
}

/**
 * Messages that a program, a dashboard or the command line sends: not the answer to a turn. They go through the outbox like
 * every reply, in the order of their conversation; whether the recipient may be sent to is asked again before each leaves. What is
 * answered is stored. Throws `DaemonError`, and `StorageError` from the disk.
 */
export class Sending {
  readonly #deps: SendingDependencies

  constructor(deps: SendingDependencies) {
    this.#deps = deps
  }

  async send(request: SendRequest, requester: Requester): Promise<Sent> {
    const { gate, sentFiles, saidMessages, windows, commits, outbox } = this.#deps
    const { conversation, to, quote, clientMessageId = randomUUID() } = request
    const digest = this.#digestOf(request)
    const repeated = gate.repeated(clientMessageId, digest)
    if (repeated !== null) return { ...repeated, isNew: false }
    requireOneRecipient(conversation, to)
    const kind = SaidMessages.kindOf(request)
    gate.requireReady(request)
    const isForced = gate.isForced(request, requester)
    const recipient = await this.#recipient(request, requester, isForced)
    gate.requireAllowed(recipient, requester, isForced)
    await windows.prepareRefusal(recipient.chat, kind)
    gate.requireSendable(recipient, kind)
    const said = await saidMessages.read(request, requester.author)
    const sent = {
      author: requester.author,
      clientMessageId,
      digest,
      isForced: isForced && recipient.chat.kind === 'direct',
    }
    const outcome: { result: Sent | null } = { result: null }
    try {
      commits.now(() => {
        // The same request may have come a second time meanwhile.
        const known = gate.repeated(clientMessageId, digest)
        if (known !== null) {
          outcome.result = { ...known, isNew: false }
          return undefined
        }
        const stored = this.#store({ recipient, said, quote, sent, by: requester.by })
        outcome.result = stored.result
        return stored.committed
      })
    } finally {
      // Nothing goes out with the copy that was made for it.
      if (said.content?.type === 'file' && outcome.result?.isNew !== true) sentFiles.discard(said.content)
    }
    setImmediate(() => outbox.pump())
    if (outcome.result === null) throw new DaemonError('internal_error')
    return outcome.result
  }

  /** The approved templates of the account. Rejects with `DaemonError` where they cannot be had. */
  async templates(options: { refresh?: boolean | undefined }): Promise<readonly MessageTemplate[]> {
    const { templates } = this.#deps.transport
    if (templates === null)
      throw new DaemonError('not_supported', {
        message: 'This number has no templates: they are for WhatsApp Business numbers.',
        action: 'Send a text.',
        details: { capability: 'templates' },
      })
    return templates.list({ refresh: options.refresh === true })
  }

  get(messageId: string): SentMessage {
    const row = this.#deps.outboxStore.find(messageId)
    if (row === undefined) throw new DaemonError('message_not_found', { action: 'Compare the id.' })
    return this.#deps.gate.view(row)
  }

  /** The same file is the same request, also where it was uploaded once more. */
  #digestOf({ clientMessageId: _id, queue: _queue, force: _force, ...said }: SendRequest): string {
    const { media } = said
    const sha256 = media === undefined ? null : this.#deps.sentFiles.sha256Of(media.mediaId)
    if (sha256 === null) return digestOfAny([said])
    return digestOfAny([said, { ...said, media: { ...media, mediaId: undefined, sha256 } }])
  }

  async #recipient(
    { conversation, to = '' }: SendRequest,
    { author }: Requester,
    isForced: boolean,
  ): Promise<Recipient> {
    const { recipients, admission } = this.#deps
    if (conversation !== undefined) return recipients.known(conversation)
    return recipients.named(to, (name) => isForced || admission.maySend({ kind: 'direct', name }, author))
  }

  /** Inside of a transaction. */
  #store(message: {
    recipient: Recipient
    said: Said
    quote: string | undefined
    sent: SentBy
    by: Requester['by']
  }): { result: Sent; committed: Committed } {
    const { gate, outbox, outboxStore, contacts, firstContacts, numberRequests, transport, sentFiles } =
      this.#deps
    const { ownerSpoke, now } = this.#deps
    const { recipient, said, quote, sent, by } = message
    gate.requireRoom()
    const conversation = this.#open(recipient)
    // Somebody may have taken it over meanwhile.
    gate.requireNotSilent(conversation.id, sent.author)
    if (said.content?.type === 'number-request') numberRequests.require(conversation.id, now().getTime())
    const quotes = quote === undefined ? null : this.#quoted(conversation.id, quote)
    const isFirst = conversation.kind === 'direct' && !contacts.hasContact(conversation.id)
    if (isFirst) firstContacts.take(now().getTime())
    const localId = transport.newLocalId()
    if (said.content?.type === 'file') sentFiles.keepFor(said.content, localId)
    const spoken = sent.author === 'owner' ? ownerSpoke(conversation, by) : undefined
    const queued = outbox.enqueue({
      ...said,
      localId,
      conversation,
      chat: recipient.chat,
      kind: 'reply',
      turn: null,
      afterInbox: contacts.lastInbox(conversation.id),
      quotes,
      queuedAt: now().getTime(),
      sent,
    })
    const row = outboxStore.find(localId)
    if (row === undefined) throw new DaemonError('internal_error')
    const result = { ...gate.view(row), isNew: true, ...(isFirst && { warning: FIRST_CONTACT }) }
    return { result, committed: inOrder([spoken, queued]) }
  }

  #open({ chat, conversation, other }: Recipient): Conversation {
    const { conversations } = this.#deps
    if (other !== null) return conversations.of(chat, other)
    // It may have become one with another meanwhile.
    const found = conversation === null ? undefined : conversations.find(conversation.id)
    if (found === undefined) throw new DaemonError('conversation_not_found')
    return found
  }

  #quoted(conversation: number, messageId: string): StoredReference {
    const { inbox, outboxStore } = this.#deps
    const theirs = inbox.sequenceOf(conversation, messageId)
    const ours = theirs ?? outboxStore.sequenceOf(conversation, messageId)
    if (ours === null)
      throw new DaemonError('message_not_found', {
        message: 'The conversation has no such message that could be quoted.',
        action: 'Compare the id in quote.',
      })
    return { sequence: ours, isOurs: theirs === null }
  }
}

function requireOneRecipient(conversation: string | undefined, to: string | undefined): void {
  if ((conversation === undefined) === (to === undefined))
    throw new DaemonError('invalid_params', { message: 'Give exactly one of conversation and to.' })
}
