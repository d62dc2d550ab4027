import type { TurnQuote } from '../../agents/agent.ts'
import type { FileDescription } from '../../messaging/content.ts'
import type { Database } from '../../storage/database/database.ts'
import { boundedText } from '../../text/bounded-text.ts'
import type { InboxRow } from '../store/inbox-store.ts'
import { storedFiles } from './stored-files.ts'

type QuotingRow = Pick<
  InboxRow,
  'conversation' | 'sender' | 'target_id' | 'quoted_text' | 'quoted_what' | 'quoted_author'
>

interface StoredWords {
  author: 'person' | 'owner' | 'assistant'
  kind: string
  text: string
  files: string | null
}

/** `inbox` also holds what the owner wrote. Of a reply the prefix is left out: nobody said it. */
const STORED = `
  SELECT author, kind, text, files FROM inbox
    WHERE conversation = ?1 AND message_id = ?2 AND kind IN ('text', 'unsupported')
  UNION ALL
  SELECT 'assistant', kind, substr(text, prefix_length + 1), NULL FROM outbox WHERE remote_id = ?2 AND conversation = ?1
  LIMIT 1`

/**
 * What a message quotes. Where the quoted message is one of this conversation, its words and its author are those that are stored, and
 * not what the quote says: a changed WhatsApp can quote what nobody wrote. Of every other the quote's word is taken, where it names the
 * sender or somebody else who may write there (`isAllowed`); what it puts into the mouth of the account is a stranger's.
 */
export function readQuote(
  database: Database,
  row: QuotingRow,
  isAllowed: (person: string) => boolean,
): Omit<TurnQuote, 'id'> {
  // The columns of STORED.
  const stored = database.prepare(STORED).get(row.conversation, row.target_id) as StoredWords | undefined
  if (stored !== undefined) return { ...wordsOf(stored), from: stored.author }
  const { sender, quoted_text: text, quoted_what: what, quoted_author: author } = row
  const isTrusted = author !== null && (author === sender || isAllowed(author))
  return { text, what, from: isTrusted ? 'person' : 'stranger' }
}

function wordsOf({ kind, text, files }: StoredWords): Pick<TurnQuote, 'text' | 'what'> {
  if (kind === 'unsupported') return { text: null, what: text }
  const described = storedFiles(files)
  const words = withoutFiles(boundedText(text), described)
  return { text: words || null, what: described.map(({ what }) => what).join(', ') || null }
}

/** A stored text says of each file what it is, in a line of its own (`shownText`). */
function withoutFiles(text: string, files: readonly FileDescription[]): string {
  let words = text
  for (const { what } of files) {
    if (words !== `[${what}]` && !words.startsWith(`[${what}]\n`)) continue
    words = words.slice(what.length + 3)
  }
  return words
}
