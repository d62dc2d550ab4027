import { type ContentPart, shownText, textParts } from '../../messaging/content.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type { MediaFetcher } from '../media/media-fetcher.ts'
import type { Committed, CommitGroup } from '../store/commit-group.ts'
import type { ConversationStore } from '../store/conversation-store.ts'
import type { InboxAuthor, InboxRow, InboxStore } from '../store/inbox-store.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { OutboxRow, OutboxStore } from '../outbox/outbox-store.ts'
import { storedFiles } from '../turns/files/stored-files.ts'
import { withoutFiles } from '../turns/files/without-files.ts'
import type { TurnQueue } from '../turns/turn-queue.ts'
import type { Turns } from '../turns/turns.ts'

export interface RevisionsDependencies {
  account: string
  inbox: InboxStore
  fetcher: Pick<MediaFetcher, 'remove'>
  conversations: Pick<ConversationStore, 'of'>
  outboxStore: OutboxStore
  outbox: Outbox
  queue: TurnQueue
  turns: Turns
  commits: CommitGroup
  publish: EventPublisher['publish']
  now: () => Date
}

/** A message as its author left it: an edit or a deletion may have come before the message itself. */
export interface LatestMessage {
  message: IncomingMessage
  /** When its text was written, milliseconds since 1970; `null` when it was not edited. */
  editedAt: number | null
  revoked: boolean
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

  /**
   * Takes in an edit or a deletion by an allowed person, or by the account's owner in an allowed chat. Written when it
   * returns. Throws `StorageError`.
   */
  take(message: IncomingMessage, author: InboxAuthor = 'person'): void {
    const { commits, inbox, conversations, now } = this.#deps
    const { content, chat, sender, writtenByOwner } = message
    if (content.kind !== 'edit' && content.kind !== 'revoke') return
    commits.now(() => {
      const conversation = conversations.of(chat, writtenByOwner?.to ?? sender).id
      const row = { conversation, author, state: 'recorded' as const, receivedAt: now().getTime() }
      if (inbox.insert(message, row) === null) return undefined
      const target = inbox.ownText(conversation, message, content.targetId)
      // The owner's phone shows the assistant's messages as the owner's own.
      if (target === undefined)
        return author === 'owner' || chat.kind === 'self' ? this.#changeOwn(message) : undefined
      return content.kind === 'edit'
        ? this.#edit(target, editedText(target, content.parts), message.sentAt.getTime())
        : this.#revoke(target)
    })
  }

  /** The owner deleted a message of the assistant in a chat that is not kept any more. Throws `StorageError`. */
  takeDeletion(message: IncomingMessage): void {
    if (message.content.kind === 'revoke') this.#deps.commits.now(() => this.#changeOwn(message))
  }

  /** What is known of a message that comes only now. Inside of a transaction. */
  latest(conversation: number, message: IncomingMessage): LatestMessage {
    const { content } = message
    const revisions = content.kind === 'message' ? this.#deps.inbox.revisionsOf(conversation, message) : []
    if (content.kind !== 'message' || revisions.length === 0)
      return { message, editedAt: null, revoked: false }
    const revoked = revisions.some(({ kind }) => kind === 'revoke')
    if (revoked) {
      const nothing = { kind: 'message', parts: textParts(''), quoted: null } as const
      return { message: { ...message, content: nothing }, editedAt: null, revoked }
    }
    const edit = revisions.at(-1)
    // Its files stay: an edit changes words.
    const files = content.parts.filter((part) => part.kind === 'attachment')
    const described = files.flatMap(({ file }) => (file ? [file] : []))
    const words = withoutFiles(edit?.text ?? '', described)
    const edited = { ...content, parts: [...files, ...(words === '' ? [] : textParts(words))] }
    return { message: { ...message, content: edited }, editedAt: edit?.sent_at ?? null, revoked }
  }

  #edit(target: InboxRow, text: string, at: number): Committed | undefined {
    if (target.state === 'revoked' || (target.edited_at ?? 0) > at) return undefined
    const { inbox, queue } = this.#deps
    inbox.edit(target.sequence, text, at)
    const waits = target.state === 'pending' ? queue.rewritten(target.conversation) : undefined
    return () => {
      waits?.()
      this.#publish('message.edited', target)
    }
  }

  #revoke(target: InboxRow): Committed | undefined {
    const { inbox, queue, turns, outbox, fetcher } = this.#deps
    const { conversation, turn } = target
    if (target.state === 'revoked') return undefined
    inbox.revoke(target)
    const effects: (Committed | undefined)[] = [fetcher.remove(target.sequence)]
    if (target.state === 'pending') effects.push(queue.dropped(conversation))
    if (target.state === 'turn' && turn !== null && !outbox.hasBegun(turn)) {
      const isAlone = inbox.ofTurn(turn).length === 0
      const isOpen = turns.isOpen(turn)
      if (isOpen || isAlone) effects.push(outbox.cancelTurn(turn))
      if (isOpen)
        effects.push(
          isAlone ? turns.cancel(conversation, ({ id }) => id === turn) : turns.restart(conversation, turn),
        )
    }
    return () => {
      for (const effect of effects) effect?.()
      this.#publish('message.revoked', target)
    }
  }

  #changeOwn({ content, sentAt }: IncomingMessage): Committed | undefined {
    const { outbox, outboxStore } = this.#deps
    if (content.kind !== 'edit' && content.kind !== 'revoke') return undefined
    const row = outboxStore.findRemote(content.targetId)
    if (row === undefined || row.text === '') return undefined
    const erased = content.kind === 'revoke' ? outbox.erase(row, sentAt) : undefined
    if (content.kind === 'edit') outboxStore.edit(row.sequence, shownText(content.parts), sentAt.getTime())
    // What the phone shows has reached WhatsApp.
    const sent = outbox.statuses.arrived(row)
    const event = content.kind === 'edit' ? 'message.edited' : 'message.revoked'
    return () => {
      erased?.()
      sent?.()
      this.#publish(event, row)
    }
  }

  #publish(
    event: 'message.edited' | 'message.revoked',
    { message_id: messageId, conversation_name: conversation }: InboxRow | OutboxRow,
  ): void {
    const { publish, account, now } = this.#deps
    publish(event, { account, messageId, conversation, at: now().toISOString() })
  }
}

/** An edit of what stands beside a file does not always say again what the file is. */
function editedText({ files }: InboxRow, parts: readonly ContentPart[]): string {
  const described = storedFiles(files)
  const words = withoutFiles(shownText(parts), described)
  return [...described.map(({ what }) => `[${what}]`), ...(words === '' ? [] : [words])].join('\n')
}
