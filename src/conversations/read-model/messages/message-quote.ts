import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import { TEXT_LIMITS } from '../../../protocol/text/text-limits.ts'
import type { Database } from '../../../storage/database/database.ts'
import { cleanLine, cutText, printableText } from '../../../text/bounded-text.ts'
import { findQuoted, type QuoteSpeakers, readQuote } from '../../turns/content/read-quote.ts'
import type { ReceivedRow, SentRow } from './message-rows.ts'

type QuoteView = MessageView['quote']

const QUOTED = `
  SELECT author, message_id, text FROM inbox WHERE sequence = ?1 AND conversation = ?2 AND state != 'revoked'`
const QUOTED_OWN = `
  SELECT author, message_id, text FROM outbox WHERE sequence = ?1 AND conversation = ?2`

/**
 * What a message that came quotes (`read-quote.ts`). The words of somebody who may not write here are left out, whoever repeats them.
 */
export function receivedQuote(database: Database, row: ReceivedRow, speakers: QuoteSpeakers): QuoteView {
  if (row.target_id === null) return null
  const { text, what, from } = readQuote(database, row, speakers)
  if (from === 'stranger') return { messageId: null, from: 'person', text: '' }
  const isKept = findQuoted(database, row, speakers.ownNumber) !== null
  return {
    messageId: isKept ? cleanLine(row.target_id, TEXT_LIMITS.identifier) : null,
    from,
    text: cutText(printableText(text ?? (what ? `[${what}]` : '')), TEXT_LIMITS.sentence),
  }
}

/** What a message of ours quotes; `null` where that is gone. */
export function sentQuote(
  database: Database,
  { quotes, quotes_own: quotesOwn, conversation }: SentRow,
): QuoteView {
  const sequence = quotesOwn ?? quotes
  if (sequence === null) return null
  const sql = quotesOwn === null ? QUOTED : QUOTED_OWN
  // The columns of the two.
  const quoted = database.prepare(sql).get(sequence, conversation) as
    | { author: MessageView['from']; message_id: string; text: string }
    | undefined
  if (quoted === undefined || quoted.text === '') return null
  return {
    messageId: cleanLine(quoted.message_id, TEXT_LIMITS.identifier),
    from: quoted.author,
    text: cutText(printableText(quoted.text), TEXT_LIMITS.sentence),
  }
}
