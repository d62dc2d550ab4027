import type { TurnQuote } from '../../../agents/agent.ts'
import type { Database } from '../../../storage/database/database.ts'
import { withHeardWords } from '../../../text/heard-words.ts'
import { boundedText } from '../../../text/bounded-text.ts'
import type { InboxRow } from '../../store/inbox-store.ts'
import { storedFiles } from '../files/stored-files.ts'
import { withoutFiles } from '../files/without-files.ts'

type QuotingRow = Pick<
  InboxRow,
  'conversation' | 'sender' | 'target_id' | 'quoted_text' | 'quoted_what' | 'quoted_author'
>

export interface QuoteSpeakers {
  ownNumber: string | null
  /** Whether this person may write there now. */
  isAllowed: (person: string) => boolean
}

/** Where the quoted message is stored: a row of the inbox, or what the assistant sent. */
type QuotedSource =
  | { author: 'assistant'; messageId: string }
  | { author: 'person' | 'owner'; sequence: number }

interface StoredWords {
  sequence: number
  message_id: string
  author: 'person' | 'owner' | 'assistant'
  /** Empty for the assistant. */
  sender: string
  kind: string
  text: string
  files: string | null
  transcript: string | null
}

const WRITTEN = `
  SELECT author, sender, sequence, message_id, kind, text, files, transcript FROM inbox
    WHERE conversation = ?1 AND message_id = ?2 AND kind IN ('text', 'unsupported')`
/** By the index of the sender; `inbox` also holds what the owner wrote. */
const WRITTEN_BY = `${WRITTEN} AND sender = ?3`
/** Of a reply the prefix is left out: nobody said it. */
const SAID = `
  SELECT 'assistant' AS author, '' AS sender, sequence, message_id, kind, substr(text, prefix_length + 1) AS text, NULL AS files, NULL AS transcript FROM outbox
    WHERE remote_id = ?2 AND conversation = ?1`

/**
 * What a message quotes. Where the quoted author said it in this conversation, its words are those that are stored, and not what the quote
 * says: a changed WhatsApp can quote what nobody wrote. An id alone does not tell whose message it is: anybody can send one under the id
 * of another's. Of every other the quote's word is taken, where it names the sender or somebody else who may write there (`isAllowed`);
 * what it puts into the mouth of the account (`ownNumber`) is a stranger's, and so is what somebody said here who may not write any more.
 */
export function readQuote(
  database: Database,
  row: QuotingRow,
  { ownNumber, isAllowed }: QuoteSpeakers,
): Omit<TurnQuote, 'id'> {
  const { sender, quoted_text: text, quoted_what: what, quoted_author: author } = row
  const stored = storedQuote(database, row, ownNumber)
  if (stored !== undefined) {
    const isGone = stored.author === 'person' && !isAllowed(stored.sender)
    return { ...wordsOf(stored), from: isGone ? 'stranger' : stored.author }
  }
  const isTrusted = author !== null && (author === sender || (author !== ownNumber && isAllowed(author)))
  return { text, what, from: isTrusted ? 'person' : 'stranger' }
}

/** The message that is quoted, where its quoted author said it in this conversation; `null` for every other. */
export function findQuoted(
  database: Database,
  row: QuotingRow,
  ownNumber: string | null,
): QuotedSource | null {
  const stored = row.target_id === null ? undefined : storedQuote(database, row, ownNumber)
  if (stored === undefined) return null
  const { author, sequence, message_id: messageId } = stored
  return author === 'assistant' ? { author, messageId } : { author, sequence }
}

function storedQuote(
  database: Database,
  { conversation, target_id: id, quoted_author: author }: QuotingRow,
  ownNumber: string | null,
): StoredWords | undefined {
  const read = (sql: string, ...more: string[]): StoredWords | undefined =>
    // The columns of the three.
    database.prepare(sql).get(conversation, id, ...more) as StoredWords | undefined
  // The assistant speaks with the number of the account.
  const said = author === null || author === ownNumber ? read(SAID) : undefined
  if (said !== undefined) return said
  return author === null ? read(WRITTEN) : read(WRITTEN_BY, author)
}

function wordsOf({ kind, text, files, transcript }: StoredWords): Pick<TurnQuote, 'text' | 'what'> {
  if (kind === 'unsupported') return { text: null, what: text }
  const described = storedFiles(files)
  const words = withHeardWords(withoutFiles(boundedText(text), described), transcript)
  return { text: words || null, what: described.map(({ what }) => what).join(', ') || null }
}
