import type { OutgoingText } from '../../messaging/transport.ts'
import type { InboxStore } from '../store/inbox-store.ts'
import type { OutboxRow } from '../outbox/outbox-store.ts'

/** The message that a reply quotes, as it is now; nothing of one that was deleted. */
export function quoteOf(
  inbox: Pick<InboxStore, 'find'>,
  { quotes, conversation }: OutboxRow,
): OutgoingText['quote'] {
  if (quotes === null) return undefined
  const row = inbox.find(quotes)
  if (row === undefined || row.conversation !== conversation || row.address === null || row.text === '') {
    return undefined
  }
  return { id: row.message_id, text: row.text, author: row.address }
}
