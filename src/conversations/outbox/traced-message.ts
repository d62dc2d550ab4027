import type { InboxStore } from '../store/inbox-store.ts'
import type { OutboxRow, OutboxStore } from './outbox-store.ts'

/** The id of the message in whose trace a row goes out: the one that it answers, or the row's own where nobody asked. */
export function tracedMessage(inbox: Pick<InboxStore, 'find'>, row: OutboxRow): string {
  const asked = row.client_message_id === null ? inbox.find(row.after_inbox) : undefined
  return asked?.message_id ?? row.message_id
}

/** What an event is about: a message of either side, or a turn. */
export interface EventSubject {
  messageId?: string | undefined
  turn?: string | undefined
}

/** The id of the message in whose trace an event is told: of a turn, the last message that it answers. `null` where that is not kept. */
export function tracedSubject(
  {
    inbox,
    outboxStore,
  }: { inbox: Pick<InboxStore, 'find' | 'ofTurn'>; outboxStore: Pick<OutboxStore, 'find' | 'findRemote'> },
  { messageId, turn }: EventSubject,
): string | null {
  if (messageId === undefined)
    return turn === undefined ? null : (inbox.ofTurn(turn).at(-1)?.message_id ?? null)
  const row = outboxStore.find(messageId) ?? outboxStore.findRemote(messageId)
  return row === undefined ? messageId : tracedMessage(inbox, row)
}
