import type { ChatKind } from '../../messaging/chat-reference.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { MessageReference } from '../../messaging/message-reference.ts'
import { TEXT_LIMITS } from '../../protocol/text/text-limits.ts'
import type { Database } from '../../storage/database/database.ts'
import { boundedName, boundedText, cutText } from '../../text/bounded-text.ts'
import { contentColumns } from './content-columns.ts'
import { CONVERSATION_NAME } from './conversation-store.ts'
import { personOf } from './person.ts'

export type InboxState = 'pending' | 'turn' | 'recorded' | 'skipped' | 'cancelled' | 'revoked'

/** Who said it: a person, or the account's owner in a chat with others. */
export type InboxAuthor = 'person' | 'owner'

export interface InboxRow {
  sequence: number
  /** The conversation's id, and what people call it (`Conversation`). */
  conversation: number
  conversation_name: string
  author: InboxAuthor
  /** The person who wrote it: a number, or an address while there is none. */
  sender: string
  /** The sender's own address; `null` in rows of earlier versions. */
  address: string | null
  message_id: string
  chat: string
  chat_kind: ChatKind
  sender_name: string | null
  text: string
  target_id: string | null
  quoted_text: string | null
  /** What the quoted message is beside its words, and who wrote it by the quote's word: `QuotedMessage`. */
  quoted_what: string | null
  quoted_author: string | null
  /** JSON of the files that came with it: `FileDescription[]`. */
  files: string | null
  /** JSON of what it holds beside words and files: `MessageDetail[]`. */
  details: string | null
  /** The album that it is a part of. */
  album: string | null
  /** What a machine heard in its sound; empty for nothing, `null` where nobody has listened. */
  transcript: string | null
  sent_at: number
  arrival: 'live' | 'offline'
  state: InboxState
  turn: string | null
  /** When its sender changed it, milliseconds since 1970. */
  edited_at: number | null
  /** 1 when it mentions the account or answers one of its messages. */
  mentions_us: 0 | 1
}

/** Messages of one album, and those in which a place that moves is looked for. */
const [MAX_ALBUM, MAX_NEWEST] = [100, 200]

const COLUMNS = `sequence, conversation, ${CONVERSATION_NAME}, author, sender, address, message_id, chat, chat_kind, sender_name, text,
  target_id, quoted_text, quoted_what, quoted_author, files, details, album, transcript, sent_at, arrival, state, turn, edited_at, mentions_us`

const INSERT = `
  INSERT INTO inbox (conversation, sender, message_id, kind, chat, chat_kind, sender_name, text, target_id,
    quoted_text, quoted_what, quoted_author, files, details, album, sent_at, received_at, arrival, state, address, edited_at, author,
    mentions_us, is_unread, sequence)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (conversation, sender, message_id, kind) DO NOTHING`

/** What people wrote, and what the account's owner wrote to them. Every method runs inside of the caller's transaction where it writes. */
export class InboxStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The new row's sequence, or `null` when this message is there already, in whatever form it came before. */
  insert(
    message: IncomingMessage,
    row: {
      conversation: number
      author?: InboxAuthor
      state: InboxState
      receivedAt: number
      editedAt?: number | null
      /** Of a message from before the link, which is read: the sequence that it gets. */
      place?: number
    },
  ): number | null {
    const { content } = message
    const { kind, text, target, quoted, files, details, album } = contentColumns(content)
    const result = this.#database
      .prepare(INSERT)
      .run(
        row.conversation,
        personOf(message.sender),
        message.id,
        kind,
        message.chat.address,
        message.chat.kind,
        message.sender.displayName,
        text,
        target,
        quoted?.text ?? null,
        quoted?.what ?? null,
        quoted?.author ?? null,
        files,
        details,
        album,
        message.sentAt.getTime(),
        row.receivedAt,
        message.arrival,
        row.state,
        message.sender.address,
        row.editedAt ?? null,
        row.author ?? 'person',
        message.mentionsUs ? 1 : 0,
        isUnread(message, row) ? 1 : 0,
        row.place ?? null,
      )
    return result.changes > 0 ? Number(result.lastInsertRowid) : null
  }

  /** A row that was added before others: the search has gone past its place. */
  indexAnew(sequence: number): void {
    this.#database
      .prepare('INSERT INTO search_changes (reference) VALUES (?) ON CONFLICT DO NOTHING')
      .run(sequence * 2)
  }

  /** Oldest first. */
  pending(conversation: number, limit: number): InboxRow[] {
    return this.#all(
      `SELECT ${COLUMNS} FROM inbox WHERE conversation = ? AND state = 'pending' ORDER BY sequence LIMIT ?`,
      conversation,
      limit,
    )
  }

  /** Every conversation with messages that wait for a turn, and how many. */
  pendingCounts(): { conversation: number; waiting: number }[] {
    // The shape of the columns asked for.
    return this.#database
      .prepare(
        `SELECT conversation, COUNT(*) AS waiting FROM inbox WHERE state = 'pending' GROUP BY conversation`,
      )
      .all() as { conversation: number; waiting: number }[]
  }

  /** When the first and the last of the messages that wait came, or were changed; milliseconds since 1970. */
  pendingTimes(conversation: number): [first: number, last: number] | undefined {
    const row = this.#database
      .prepare(
        `SELECT MIN(received_at) AS first, MAX(received_at) AS last FROM inbox
         WHERE conversation = ? AND state = 'pending'`,
      )
      .get(conversation)
    // The columns asked for; empty where nothing waits.
    const { first, last } = row as { first: number | null; last: number | null }
    return first === null || last === null ? undefined : [first, last]
  }

  pendingCount(conversation: number): number {
    const row = this.#database
      .prepare(`SELECT COUNT(*) AS waiting FROM inbox WHERE conversation = ? AND state = 'pending'`)
      .get(conversation)
    // The column asked for.
    return (row as { waiting: number }).waiting
  }

  /** What one person sent of an album so far. */
  ofAlbum(conversation: number, sender: string, album: string): Pick<InboxRow, 'sequence' | 'state'>[] {
    // The columns asked for.
    return this.#database
      .prepare(
        `SELECT sequence, state FROM inbox WHERE conversation = ? AND album = ? AND sender = ? AND kind = 'text'
         ORDER BY sequence LIMIT ?`,
      )
      .all(conversation, album, sender, MAX_ALBUM) as Pick<InboxRow, 'sequence' | 'state'>[]
  }

  /** Whether one person has shared a place that moves there since then (milliseconds since 1970), as far as the newest messages tell. */
  sharesPlace(conversation: number, sender: string, since: number): boolean {
    const found = this.#database
      .prepare(
        `SELECT 1 FROM (SELECT sender, details, sent_at FROM inbox WHERE conversation = ? ORDER BY sequence DESC LIMIT ?)
         WHERE sender = ? AND sent_at >= ? AND details LIKE '%"isLive":true%' LIMIT 1`,
      )
      .get(conversation, MAX_NEWEST, sender, since)
    return found !== undefined
  }

  /** Oldest first. */
  ofTurn(turn: string): InboxRow[] {
    return this.#all(`SELECT ${COLUMNS} FROM inbox WHERE turn = ? AND state = 'turn' ORDER BY sequence`, turn)
  }

  /** Of the newest row; 0 where there is none. */
  lastSequence(): number {
    const row = this.#database.prepare('SELECT COALESCE(MAX(sequence), 0) AS last FROM inbox').get()
    // The column asked for.
    return (row as { last: number }).last
  }

  /** The newest message of each chat with one person, or of the owner with themself; those that were written in last, newest first. */
  newestByChat(limit: number): InboxRow[] {
    return this.#all(
      `SELECT ${COLUMNS} FROM inbox WHERE sequence IN (
         SELECT MAX(sequence) FROM inbox WHERE author = 'person' AND chat_kind IN ('direct', 'self') GROUP BY conversation)
       ORDER BY sequence DESC LIMIT ?`,
      limit,
    )
  }

  /** What the owner wrote there by hand after this row, without what was taken back. */
  ownerTextsAfter({ conversation, sequence }: Pick<InboxRow, 'conversation' | 'sequence'>): string[] {
    const rows = this.#database
      .prepare(
        `SELECT text FROM inbox
         WHERE conversation = ? AND sequence > ? AND author = 'owner' AND kind = 'text' AND state != 'revoked'`,
      )
      .all(conversation, sequence)
    // The column asked for.
    return (rows as { text: string }[]).map(({ text }) => text)
  }

  find(sequence: number): InboxRow | undefined {
    return this.#all(`SELECT ${COLUMNS} FROM inbox WHERE sequence = ?`, sequence)[0]
  }

  /** The newest message with this id of WhatsApp's in a conversation, also one that the owner typed or whose kind is not known. */
  sequenceOf(conversation: number, id: string): number | null {
    const row = this.#database
      .prepare(
        `SELECT MAX(sequence) AS newest FROM inbox
         WHERE conversation = ? AND message_id = ? AND kind IN ('text', 'unsupported')`,
      )
      .get(conversation, id)
    // The column asked for.
    return (row as { newest: number | null }).newest
  }

  /** The text with this id that the author of a revision wrote in the same conversation, whatever name it came under. */
  ownText(
    conversation: number,
    { sender }: Pick<IncomingMessage, 'sender'>,
    id: string,
  ): InboxRow | undefined {
    return this.#all(
      `SELECT ${COLUMNS} FROM inbox
       WHERE conversation = ? AND message_id = ? AND kind = 'text' AND (sender = ? OR address = ?)`,
      conversation,
      id,
      personOf(sender),
      sender.address,
    )[0]
  }

  /** What the author of this message changed about it before it came: edits and deletions, in the order of their time. */
  revisionsOf(
    conversation: number,
    { id, sender }: Pick<IncomingMessage, 'id' | 'sender'>,
  ): { kind: 'edit' | 'revoke'; text: string; sent_at: number }[] {
    // The columns asked for.
    return this.#database
      .prepare(
        // The index knows nothing else; without it a conversation's whole past would be read for each new message.
        `SELECT kind, text, sent_at FROM inbox INDEXED BY inbox_revisions
         WHERE target_id = ? AND kind IN ('edit', 'revoke', 'reaction') AND kind != 'reaction'
           AND conversation = ? AND (sender = ? OR address = ?) ORDER BY sent_at, sequence`,
      )
      .all(id, conversation, personOf(sender), sender.address) as {
      kind: 'edit' | 'revoke'
      text: string
      sent_at: number
    }[]
  }

  /** What nobody has read up to this row; the newest ones. */
  unread(conversation: number, sequence: number): InboxRow[] {
    return this.#all(
      `SELECT ${COLUMNS} FROM inbox WHERE conversation = ? AND is_unread = 1 AND sequence <= ?
       ORDER BY sequence DESC LIMIT ?`,
      conversation,
      sequence,
      MAX_NEWEST,
    )
  }

  /** The account's owner has read there up to this row. Answers how many messages that are. */
  markRead(conversation: number, sequence: number): number {
    const result = this.#database
      .prepare('UPDATE inbox SET is_unread = 0 WHERE conversation = ? AND is_unread = 1 AND sequence <= ?')
      .run(conversation, sequence)
    return result.changes
  }

  edit(sequence: number, text: string, at: number): void {
    this.#database
      .prepare('UPDATE inbox SET text = ?, edited_at = ? WHERE sequence = ?')
      .run(text, at, sequence)
  }

  /** What a machine heard in it; nothing where its sender took it back meanwhile. */
  addTranscript(sequence: number, text: string): void {
    const sql = `UPDATE inbox SET transcript = ? WHERE sequence = ? AND state != 'revoked'`
    this.#database.prepare(sql).run(text, sequence)
  }

  /** The text goes, and with it what its sender made of it. */
  revoke({ sequence, conversation, sender, message_id }: InboxRow): void {
    this.#database
      .prepare(`UPDATE inbox SET state = 'revoked', text = '', quoted_text = NULL,
           quoted_what = NULL, quoted_author = NULL, files = NULL, details = NULL, transcript = NULL, is_unread = 0 WHERE sequence = ?`)
      .run(sequence)
    this.eraseEdits(conversation, sender, message_id)
  }

  eraseEdits(conversation: number, sender: string, targetId: string): void {
    this.#database
      .prepare(
        `UPDATE inbox SET text = '' WHERE target_id = ? AND kind = 'edit' AND conversation = ? AND sender = ?`,
      )
      .run(targetId, conversation, sender)
  }

  assign(sequence: number, turn: string): void {
    this.#database.prepare(`UPDATE inbox SET state = 'turn', turn = ? WHERE sequence = ?`).run(turn, sequence)
  }

  settle(sequence: number, state: 'skipped' | 'cancelled' | 'recorded' | 'pending'): void {
    this.#database.prepare(`UPDATE inbox SET state = ? WHERE sequence = ?`).run(state, sequence)
  }

  /** Of everybody, or of one person. Answers how many. */
  cancelPending(conversation: number, person: string | null = null): number {
    const result = this.#database
      .prepare(
        `UPDATE inbox SET state = 'cancelled' WHERE conversation = ?1 AND state = 'pending' AND (?2 IS NULL OR sender = ?2)`,
      )
      .run(conversation, person)
    return result.changes
  }

  #all(sql: string, ...parameters: (string | number)[]): InboxRow[] {
    // The shape of COLUMNS, which only this class writes.
    const rows = this.#database.prepare(sql).all(...parameters) as unknown as InboxRow[]
    return rows.map(toBounded)
  }
}

/** How the transport finds the message of a row again. */
export function referenceOf({
  chat,
  chat_kind,
  message_id,
  address,
  author = 'person',
}: Pick<InboxRow, 'chat' | 'chat_kind' | 'message_id' | 'address'> &
  Partial<Pick<InboxRow, 'author'>>): MessageReference {
  const place = { chat: { kind: chat_kind, address: chat }, id: message_id }
  return author === 'owner' ? { ...place, sender: null, isOurs: true } : { ...place, sender: address }
}

/** Whether it waits to be read: what another person said, and did not take back before it came. */
function isUnread(
  { content: { kind }, chat }: IncomingMessage,
  { author, state, place }: { author?: InboxAuthor; state: InboxState; place?: number },
): boolean {
  const isSaid = kind === 'message' || kind === 'unsupported'
  return isSaid && place === undefined && author !== 'owner' && chat.kind !== 'self' && state !== 'revoked'
}

/** Earlier versions stored texts of any length. */
function toBounded(row: InboxRow): InboxRow {
  const { message_id, sender_name, text, target_id, quoted_text } = row
  return {
    ...row,
    message_id: cutText(message_id, TEXT_LIMITS.identifier),
    sender_name: sender_name === null ? null : boundedName(sender_name),
    text: boundedText(text),
    target_id: target_id === null ? null : cutText(target_id, TEXT_LIMITS.identifier),
    quoted_text: quoted_text === null ? null : boundedText(quoted_text),
  }
}
