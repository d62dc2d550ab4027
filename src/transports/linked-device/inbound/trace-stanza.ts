import type { ReadQuery } from '../../../storage/database/with-read-only.ts'

/** A stanza of the journal, without who wrote it and what. */
export interface StanzaTrace {
  sequence: number
  /** `open`, `inboxed`, `blocked`, `held` or `ignored`. */
  state: string
  /** Milliseconds since 1970. */
  keptAt: number
  isOwn: boolean
}

/** What the journal has of the message with this id: several where several people have used it. */
export function traceStanza(query: ReadQuery, messageId: string): StanzaTrace[] {
  return query(
    'SELECT sequence, state, kept_at, author FROM stanza_journal WHERE message_id = ? ORDER BY sequence',
    messageId,
  ).map(({ sequence, state, kept_at: keptAt, author }) => ({
    sequence: Number(sequence),
    state: String(state),
    keptAt: Number(keptAt),
    isOwn: author === 'me',
  }))
}
