import { randomUUID } from 'node:crypto'
import type { Transport } from '../../messaging/transport.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type { ParsedParams } from '../../protocol/methods.ts'
import type { SentMessage } from '../../protocol/sent-message.ts'
import { toEmoji } from '../../text/emoji.ts'
import type { MessageNews } from '../history/message-news.ts'
import type { OutboxKind, OutboxRow, OutboxStore } from '../outbox/outbox-store.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { isAboutAnother, parseContent, type StoredContent } from '../outbox/stored-content.ts'
import type { AckStore } from '../reactions/ack-store.ts'
import { shownContent } from '../replies/items/shown-content.ts'
import type { TextMessage } from '../replies/reply-text.ts'
import type { Committed, CommitGroup } from '../store/commit-group.ts'
import { conversationOf } from '../store/conversation-store.ts'
import type { InboxStore } from '../store/inbox-store.ts'
import type { ContactHistory } from './contact-history.ts'
import type { Recipient, Recipients } from './recipients.ts'
import type { SendGate } from './send-gate.ts'
import { type Requester, requestDigest } from './send-request.ts'
import { sentText, type SentTextDependencies } from './sent-text.ts'

type Request<Name extends 'messages.react' | 'messages.edit' | 'messages.revoke'> = Omit<
  ParsedParams<Name>,
  'account' | 'as'
>
type Change = Extract<StoredContent, { type: 'reaction' | 'edit' | 'revoke' }>

export interface MessageChangesDependencies extends SentTextDependencies {
  account: string
  gate: SendGate
  recipients: Recipients
  outbox: Pick<Outbox, 'enqueue' | 'pump' | 'isUnderWay' | 'discard' | 'erase'>
  outboxStore: Pick<OutboxStore, 'find' | 'bySequence' | 'sequenceOf' | 'edit'>
  inbox: Pick<InboxStore, 'sequenceOf' | 'find'>
  contacts: Pick<ContactHistory, 'lastInbox'>
  ackStore: Pick<AckStore, 'setState'>
  commits: CommitGroup
  transport: Pick<Transport, 'newLocalId' | 'capabilities'>
  messageNews: Pick<MessageNews, 'updated'>
  publish: EventPublisher['publish']
  now: () => Date
}

/**
 * Reactions, and changes of messages of ours that are out. Each is a row of the outbox and goes out in its place; what it changes is
 * changed here once WhatsApp has it (`reached`). Throws `DaemonError`, and `StorageError` from the disk.
 */
export class MessageChanges {
  readonly #deps: MessageChangesDependencies

  constructor(deps: MessageChangesDependencies) {
    this.#deps = deps
  }

  react(request: Request<'messages.react'>, requester: Requester): SentMessage {
    const { conversation, messageId, emoji: written, clientMessageId = randomUUID() } = request
    const { gate, recipients, transport, ackStore } = this.#deps
    const emoji = written === '' ? '' : toEmoji(written)
    if (emoji === null)
      throw new DaemonError('invalid_params', { message: 'A reaction is one emoji, or the name of one.' })
    const digest = requestDigest({ conversation, messageId, emoji })
    const repeated = gate.repeated(clientMessageId, digest)
    if (repeated !== null) return repeated
    if (!transport.capabilities.reactions) throw notSupported('reactions')
    gate.requireReady(request)
    const recipient = recipients.known(conversation)
    gate.requireAllowed(recipient, requester, false)
    gate.requireSendable(recipient, 'reaction')
    const { theirs, ours } = this.#target(recipient, messageId)
    const content = {
      type: 'reaction' as const,
      emoji,
      target: theirs ?? ours,
      ...(theirs === null && { isToOurs: true as const }),
    }
    return this.#store(recipient, content, { requester, kind: 'reply', clientMessageId, digest }, () => {
      // A chat shows one reaction of each person to a message.
      if (theirs !== null) ackStore.setState(theirs, 'done')
    })
  }

  edit({ messageId, text, ...request }: Request<'messages.edit'>, requester: Requester): SentMessage {
    const { gate } = this.#deps
    const { target, isForced } = this.#changeable(messageId, requester, 'editWithinMs')
    if (target.content !== null)
      throw notChangeable(
        'not_text',
        'Only the text of a message can be changed: this one is something else.',
      )
    const said = sentText(this.#deps, text, requester.author)
    if (this.#isHere(target)) return this.#rewrite(target, said)
    gate.requireReady(request)
    return this.#changeSent(target, requester, { type: 'edit', target: target.sequence, ...said }, isForced)
  }

  revoke({ messageId, ...request }: Request<'messages.revoke'>, requester: Requester): SentMessage {
    const { gate, outbox, outboxStore } = this.#deps
    const { target, isForced } = this.#changeable(messageId, requester, 'revokeWithinMs')
    if (this.#isHere(target)) {
      outbox.discard(target)
      return gate.view(outboxStore.find(messageId) ?? target)
    }
    gate.requireReady(request)
    return this.#changeSent(target, requester, { type: 'revoke', target: target.sequence }, isForced)
  }

  /** Inside of a transaction: WhatsApp has this row. */
  reached(row: OutboxRow): Committed | undefined {
    const { outboxStore, outbox } = this.#deps
    const content = row.content === null ? null : parseContent(row.content)
    if (content?.type === 'reaction') return this.#newsOfTarget(row, content)
    if (content?.type !== 'edit' && content?.type !== 'revoke') return undefined
    const target = outboxStore.bySequence(content.target)
    if (target === undefined || target.text === '') return undefined
    if (content.type === 'edit') {
      outboxStore.edit(target.sequence, content.text, row.queued_at, content.prefixLength)
      return () => this.#publish('message.edited', target)
    }
    const erased = outbox.erase(target, new Date(row.queued_at))
    return () => {
      erased()
      this.#publish('message.revoked', target)
    }
  }

  /** A reaction is told with the message that it is to. */
  #newsOfTarget(row: OutboxRow, { target, isToOurs }: Extract<Change, { type: 'reaction' }>): Committed {
    const { inbox, outboxStore, messageNews } = this.#deps
    const message = isToOurs === true ? outboxStore.bySequence(target) : inbox.find(target)
    return () => {
      if (message !== undefined) messageNews.updated(row.conversation_name, message.message_id)
    }
  }

  /** The message of this conversation, by whomever of the two. */
  #target(
    { conversation }: Recipient,
    messageId: string,
  ): { theirs: number; ours: number } | { theirs: null; ours: number } {
    const { inbox, outboxStore } = this.#deps
    const id = conversation?.id ?? 0
    const theirs = inbox.sequenceOf(id, messageId)
    const ours = theirs ?? outboxStore.sequenceOf(id, messageId)
    if (ours === null)
      throw new DaemonError('message_not_found', {
        message: 'The conversation has no such message.',
        action: 'Compare the id, and the conversation.',
      })
    return theirs === null ? { theirs, ours } : { theirs, ours }
  }

  /** A message of ours that may be changed now, by whom asks; `isForced`: the config need not allow its recipient. */
  #changeable(
    messageId: string,
    requester: Requester,
    limit: 'editWithinMs' | 'revokeWithinMs',
  ): { target: OutboxRow; isForced: boolean } {
    const { outboxStore, transport, gate, config, now } = this.#deps
    const { revisions } = transport.capabilities
    if (revisions === null) throw notSupported('changes of messages')
    const row = outboxStore.find(messageId)
    if (row === undefined || row.text === '' || isAboutAnother(row.content))
      throw new DaemonError('message_not_found', { action: 'Compare the id.' })
    requireAuthor(row, requester)
    // New words to somebody who is not allowed need the right to write to them; the owner may always take words back.
    const mayForce = requester.mayForce || (limit === 'revokeWithinMs' && requester.author === 'owner')
    const isForced = row.is_forced === 1 && mayForce && config().sendToAnyone
    gate.requireAllowed(recipientOf(row), requester, isForced)
    if (row.state === 'failed' || row.state === 'discarded')
      throw notChangeable('not_sent', 'This message was not sent: send it again, or discard it.')
    const withinMs = revisions[limit]
    const at = row.settled_at ?? row.queued_at
    if (row.state !== 'queued' && Math.abs(now().getTime() - at) > withinMs)
      throw notChangeable(
        'too_old',
        `WhatsApp lets a message be ${limit === 'editWithinMs' ? 'changed within 15 minutes' : 'deleted for everyone within about 2 days'}; this one is older.`,
      )
    return { target: row, isForced }
  }

  /** It has not left yet, for certain: phones drop a second message with its id, also where that says something else. */
  #isHere({ state, message_id, unsettled_since }: OutboxRow): boolean {
    return state === 'queued' && unsettled_since === null && !this.#deps.outbox.isUnderWay(message_id)
  }

  /** It is not out yet: the new text goes out in the place of the old one. */
  #rewrite(target: OutboxRow, { text, prefixLength }: TextMessage): SentMessage {
    const { commits, outboxStore, gate, now } = this.#deps
    commits.now(() => {
      outboxStore.edit(target.sequence, text, now().getTime(), prefixLength)
      return () => this.#publish('message.edited', target)
    })
    return gate.view(outboxStore.find(target.message_id) ?? target)
  }

  #changeSent(target: OutboxRow, requester: Requester, content: Change, isForced: boolean): SentMessage {
    const clientMessageId = randomUUID()
    const how = {
      requester,
      kind: 'change' as const,
      clientMessageId,
      digest: requestDigest(content),
      isForced,
    }
    return this.#store(recipientOf(target), content, how)
  }

  #store(
    { chat, conversation }: Recipient,
    content: Change,
    how: {
      requester: Requester
      kind: OutboxKind
      clientMessageId: string
      digest: string
      isForced?: boolean
    },
    also: () => void = () => undefined,
  ): SentMessage {
    const { commits, outbox, outboxStore, contacts, transport, gate, now } = this.#deps
    if (conversation === null) throw new DaemonError('conversation_not_found')
    const { requester, kind, clientMessageId, digest, isForced = false } = how
    const localId = transport.newLocalId()
    commits.now(() => {
      gate.requireRoom()
      also()
      return outbox.enqueue({
        localId,
        conversation,
        chat,
        kind,
        turn: null,
        afterInbox: contacts.lastInbox(conversation.id),
        text: shownContent(content),
        content,
        prefixLength: 0,
        quotes: null,
        queuedAt: now().getTime(),
        sent: { author: requester.author, clientMessageId, digest, isForced },
      })
    })
    setImmediate(() => outbox.pump())
    const row = outboxStore.find(localId)
    if (row === undefined) throw new DaemonError('internal_error')
    return gate.view(row)
  }

  #publish(event: 'message.edited' | 'message.revoked', row: OutboxRow): void {
    const { publish, account, now } = this.#deps
    const { message_id: messageId, conversation_name: conversation } = row
    publish(event, { account, messageId, conversation, at: now().toISOString() })
  }
}

function recipientOf(row: OutboxRow): Recipient {
  const conversation = conversationOf(row)
  const chat = { kind: row.chat_kind, address: row.chat }
  return { chat, name: conversation.name, conversation, other: null }
}

/** What the daemon says by itself stays as it is, and so do the owner's words for an assistant. */
function requireAuthor({ kind, author: writer }: OutboxRow, { author }: Requester): void {
  if (kind !== 'reply')
    throw notChangeable('not_yours', 'This is a sentence of the daemon: it stays as it is.')
  if (author === 'assistant' && writer === 'owner')
    throw notChangeable('not_yours', 'The account’s owner wrote this message: only the owner can change it.')
}

function notChangeable(reason: string, message: string): DaemonError {
  return new DaemonError('message_not_changeable', { message, details: { reason } })
}

function notSupported(what: string): DaemonError {
  return notChangeable('not_supported', `The transport of this account has no ${what}.`)
}
