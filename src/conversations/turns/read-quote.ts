import type { TurnQuote } from '../../agents/agent.ts'
import type { Database } from '../../storage/database/database.ts'
import { boundedText } from '../../text/bounded-text.ts'
import type { InboxRow } from '../store/inbox-store.ts'

interface StoredWords {
  author: 'person' | 'owner' | 'assistant'
  text: string
}

/** `inbox` also holds what the owner wrote; a reply without its prefix, which nobody wrote. */
const STORED = `
  SELECT author, text FROM inbox
    WHERE conversation = ?1 AND message_id = ?2 AND kind IN ('text', 'unsupported')
  UNION ALL
  SELECT 'assistant', substr(text, prefix_length + 1) FROM outbox WHERE remote_id = ?2 AND conversation = ?1
  LIMIT 1`

/**
 * What a message quotes. Where the quoted message is one of this conversation, its words and its author are those that are stored, and
 * not what the quote says: a changed WhatsApp can quote what nobody wrote.
 */
export function readQuote(
  database: Database,
  { conversation, target_id, quoted_text }: Pick<InboxRow, 'conversation' | 'target_id' | 'quoted_text'>,
): Omit<TurnQuote, 'id'> {
  // The columns of STORED.
  const stored = database.prepare(STORED).get(conversation, target_id) as StoredWords | undefined
  if (stored === undefined) return { text: quoted_text, what: null, from: 'stranger' }
  return { text: stored.text === '' ? null : boundedText(stored.text), what: null, from: stored.author }
}
