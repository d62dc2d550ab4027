import type { InboxStore } from '../store/inbox-store.ts'
import type { OutboxRow } from './outbox-store.ts'

/** The id of the message in whose trace a row goes out: the one that it answers, or the row's own where nobody asked. */
export function tracedMessage(inbox: Pick<InboxStore, 'find'>, row: OutboxRow): string {
  const asked = row.client_message_id === null ? inbox.find(row.after_inbox) : undefined
  return asked?.message_id ?? row.message_id
}
