import { textOf } from '../../messaging/content.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type { Committed, CommitGroup } from '../store/commit-group.ts'
import { conversationOf } from '../store/conversation-key.ts'
import type { InboxRow, InboxStore } from '../store/inbox-store.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { OutboxStore } from '../outbox/outbox-store.ts'
import type { TurnQueue } from '../turns/turn-queue.ts'
import type { Turns } from '../turns/turns.ts'

export interface RevisionsDependencies {
  account: string
  inbox: InboxStore
  outboxStore: OutboxStore
  outbox: Outbox
  queue: TurnQueue
  turns: Turns
  commits: CommitGroup
  publish: EventPublisher['publish']
  now: () => Date
}

/** What its author made of a message before the message itself came. */
export interface EarlyRevision {
  revoked: boolean
  /** The newest text, and when it was written; `null` when it was not edited. */
  edit: { text: string; at: number } | null
}

/**
 * Edits and deletions. They reach the messages of their own author alone: everybody else's target is not found. Each is
 * in the inbox once, so that one which overtook its message is there when that one comes.
 */
export class Revisions {
  readonly #deps: RevisionsDependencies

  constructor(deps: RevisionsDependencies) {
    this.#deps = deps
  }

  /** Takes in an edit or a deletion by an allowed person. Written when it returns. Throws `StorageError`. */
  take(message: IncomingMessage): void {
    const { commits, inbox, now } = this.#deps
    const { content } = message
    if (content.kind !== 'edit' && content.kind !== 'revoke') return
    const conversation = conversationOf(message)
    commits.now(() => {
      if (inbox.hasUnderAddress(message)) return undefined
      const row = { conversation, state: 'recorded' as const, receivedAt: now().getTime() }
      if (inbox.insert(message, row) === null) return undefined
      const target = inbox.ownText(conversation, message, content.targetId)
      if (target === undefined) return message.chat.kind === 'self' ? this.#changeOwn(message) : undefined
      return content.kind === 'edit'
        ? this.#edit(target, textOf(content.parts), message.sentAt.getTime())
        : this.#revoke(target)
    })
  }

  /** What the account's owner changed on the phone about a message of the account. Throws `StorageError`. */
  takeOwn(message: IncomingMessage): void {
    this.#deps.commits.now(() => this.#changeOwn(message))
  }

  /** What became of a message that comes only now. */
  early(message: IncomingMessage): EarlyRevision {
    const revisions = this.#deps.inbox.revisionsOf(conversationOf(message), message)
    const edit = revisions.findLast(({ kind }) => kind === 'edit')
    return {
      revoked: revisions.some(({ kind }) => kind === 'revoke'),
      edit: edit === undefined ? null : { text: edit.text, at: edit.sent_at },
    }
  }

  #edit(target: InboxRow, text: string, at: number): Committed | undefined {
    if (target.state === 'revoked' || (target.edited_at ?? 0) > at) return undefined
    this.#deps.inbox.edit(target.sequence, text, at)
    return () => this.#publish('message.edited', target.message_id, target.conversation)
  }

  #revoke(target: InboxRow): Committed | undefined {
    const { inbox, queue, turns, outbox } = this.#deps
    const { conversation, turn } = target
    if (target.state === 'revoked') return undefined
    inbox.revoke(target)
    const effects: (Committed | undefined)[] = []
    if (target.state === 'pending') effects.push(queue.dropped(conversation))
    if (target.state === 'turn' && turn !== null && !outbox.hasBegun(turn)) {
      const isAlone = inbox.ofTurn(turn).length === 0
      const isOpen = turns.isOpen(conversation, turn)
      if (isOpen || isAlone) effects.push(outbox.cancelTurn(turn))
      if (isOpen) effects.push(isAlone ? turns.cancel(conversation) : turns.restart(conversation, turn))
    }
    return () => {
      for (const effect of effects) effect?.()
      this.#publish('message.revoked', target.message_id, conversation)
    }
  }

  #changeOwn({ content, sentAt }: IncomingMessage): Committed | undefined {
    const { outbox, outboxStore } = this.#deps
    if (content.kind !== 'edit' && content.kind !== 'revoke') return undefined
    const row = outboxStore.findRemote(content.targetId)
    if (row === undefined || row.text === '') return undefined
    if (content.kind === 'edit') outboxStore.edit(row.sequence, textOf(content.parts), sentAt.getTime())
    else outboxStore.erase(row.sequence, sentAt.getTime())
    // What the phone shows has reached WhatsApp.
    const sent = outbox.arrived(row)
    const event = content.kind === 'edit' ? 'message.edited' : 'message.revoked'
    return () => {
      sent?.()
      this.#publish(event, row.message_id, row.conversation)
    }
  }

  #publish(event: 'message.edited' | 'message.revoked', messageId: string, conversation: string): void {
    const { publish, account, now } = this.#deps
    publish(event, { account, messageId, conversation, at: now().toISOString() })
  }
}
