import { textParts } from '../../messaging/content.ts'
import type { OutgoingContent } from '../../messaging/outgoing-message.ts'
import { type InboxStore, referenceOf } from '../store/inbox-store.ts'
import type { OutboxRow } from '../outbox/outbox-store.ts'

type Quote = Extract<OutgoingContent, { kind: 'message' }>['quote']

/** The message that a reply quotes, as it is now; nothing of one that was deleted. */
function quoteOf(inbox: Pick<InboxStore, 'find'>, { quotes, conversation }: OutboxRow): Quote {
  if (quotes === null) return undefined
  const row = inbox.find(quotes)
  if (row === undefined || row.conversation !== conversation || row.address === null || row.text === '') {
    return undefined
  }
  return { message: referenceOf(row), text: row.text }
}

/** What goes out of a row of the outbox. */
export function contentOf(inbox: Pick<InboxStore, 'find'>, row: OutboxRow): OutgoingContent {
  return { kind: 'message', parts: textParts(row.text), quote: quoteOf(inbox, row) }
}
