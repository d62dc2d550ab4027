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

const WRITTEN = `
  SELECT author, kind, text, files FROM inbox
    WHERE conversation = ?1 AND message_id = ?2 AND kind IN ('text', 'unsupported')`
/** By the index of the sender; `inbox` also holds what the owner wrote. */
const WRITTEN_BY = `${WRITTEN} AND sender = ?3`
/** Of a reply the prefix is left out: nobody said it. */
const SAID = `
  SELECT 'assistant' AS author, kind, substr(text, prefix_length + 1) AS text, NULL AS files FROM outbox
    WHERE remote_id = ?2 AND conversation = ?1`

/**
 * What a message quotes. Where the quoted author said it in this conversation, its words are those that are stored, and not what the quote
 * says: a changed WhatsApp can quote what nobody wrote. An id alone does not tell whose message it is: anybody can send one under the id
 * of another's. Of every other the quote's word is taken, where it names the sender or somebody else who may write there (`isAllowed`);
 * what it puts into the mouth of the account (`ownNumber`) is a stranger's.
 */
export function readQuote(
  database: Database,
  row: QuotingRow,
  { ownNumber, isAllowed }: { ownNumber: string | null; isAllowed: (person: string) => boolean },
): Omit<TurnQuote, 'id'> {
  const { sender, quoted_text: text, quoted_what: what, quoted_author: author } = row
  const stored = storedQuote(database, row, ownNumber)
  if (stored !== undefined) return { ...wordsOf(stored), from: stored.author }
  const isTrusted = author !== null && (author === sender || (author !== ownNumber && isAllowed(author)))
  return { text, what, from: isTrusted ? 'person' : 'stranger' }
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
