import { randomBytes } from 'node:crypto'
import type { ContentPart } from '../../messaging/content.ts'
import type { MediaFailure } from '../../messaging/media-outcome.ts'
import type { Database } from '../../storage/database/database.ts'
import { filesIn } from '../store/files-in.ts'

type MediaState = 'due' | 'stored' | 'failed' | 'expired'

/** A row of the table `media` (`schema.ts`). */
export interface MediaRow {
  sequence: number
  id: string
  inbox: number | null
  position: number
  outbox: string | null
  state: MediaState
  source: string | null
  name: string | null
  declared_type: string | null
  declared_size: number | null
  type: string | null
  extension: string | null
  size: number | null
  sha256: string | null
  problem_code: MediaFailure | null
  problem: string | null
  /** When it got its state; milliseconds since 1970. */
  settled_at: number | null
}

/** What is known of a file that lies on the disk. */
export interface StoredMedia {
  /** What its bytes show it to be; `null` where they show nothing. */
  type: string | null
  /** Without a dot. */
  extension: string
  /** In bytes. */
  size: number
  /** Hexadecimal. */
  sha256: string
}

export interface MediaProblem {
  code: MediaFailure
  /** A sentence. */
  message: string
}

const COLUMNS = `sequence, id, inbox, position, outbox, state, source, name, declared_type, declared_size, type, extension, size, sha256,
  problem_code, problem, settled_at`
/** Files that something still waits for: a message that is to be answered, a reply that is to be sent. */
const NEEDED = `
  inbox IN (SELECT sequence FROM inbox WHERE state = 'pending'
    OR turn IN (SELECT id FROM turns WHERE state = 'open'))
  OR outbox IN (SELECT message_id FROM outbox WHERE state = 'queued')`

/** What is known of the files of messages. Every method that writes runs inside of the caller's transaction. */
export class MediaStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Notes the files of a new inbox row, which are to be fetched. Answers how many. */
  note(inbox: number, parts: readonly ContentPart[], now: number): number {
    let noted = 0
    for (const [position, { file, media }] of filesIn(parts).entries()) {
      if (media === undefined) continue
      noted += this.#database
        .prepare(
          `INSERT INTO media (id, inbox, position, state, source, name, declared_type, declared_size, created_at)
           VALUES (?, ?, ?, 'due', ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        )
        .run(newMediaId(), inbox, position, media.source, file.name, file.mimeType, file.size, now).changes
    }
    return noted
  }

  /** A file of ours, which is on the disk. */
  add(id: string, name: string | null, declaredType: string | null, media: StoredMedia, now: number): void {
    this.#database
      .prepare(
        `INSERT INTO media (id, state, name, declared_type, type, extension, size, sha256, created_at, settled_at)
         VALUES (?1, 'stored', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)`,
      )
      .run(id, name, declaredType, media.type, media.extension, media.size, media.sha256, now)
  }

  /** Somebody uploaded it, to send it until then; milliseconds since 1970. */
  keepUntil(id: string, at: number): void {
    this.#database.prepare('UPDATE media SET expires_at = ? WHERE id = ?').run(at, id)
  }

  /** Uploads that wait to be sent, oldest first. */
  uploads(): { id: string; size: number; expires_at: number }[] {
    // The columns asked for; what is uploaded has a size.
    return this.#database
      .prepare(
        `SELECT id, size, expires_at FROM media INDEXED BY media_uploads
         WHERE expires_at IS NOT NULL ORDER BY sequence`,
      )
      .all() as { id: string; size: number; expires_at: number }[]
  }

  /** The file goes out with this row of the outbox. */
  keepFor(id: string, outbox: string): void {
    this.#database.prepare('UPDATE media SET outbox = ? WHERE id = ?').run(outbox, id)
  }

  find(id: string): MediaRow | undefined {
    return this.#all(`SELECT ${COLUMNS} FROM media WHERE id = ?`, id)[0]
  }

  /** The files of an inbox row, by their place in it. */
  ofInbox(inbox: number): MediaRow[] {
    return this.#all(`SELECT ${COLUMNS} FROM media WHERE inbox = ? ORDER BY position`, inbox)
  }

  /** What a message of ours is sent with. */
  ofOutbox(messageId: string): MediaRow[] {
    return this.#all(`SELECT ${COLUMNS} FROM media WHERE outbox = ? ORDER BY sequence`, messageId)
  }

  /** The files of these rows of the inbox, and of these of the outbox. */
  ofRows(inbox: readonly number[], outbox: readonly number[]): MediaRow[] {
    return [
      ...this.#all(
        `SELECT ${COLUMNS} FROM media WHERE inbox IN (SELECT value FROM json_each(?))`,
        JSON.stringify(inbox),
      ),
      ...this.#all(
        `SELECT ${COLUMNS} FROM media WHERE outbox IN
           (SELECT message_id FROM outbox WHERE sequence IN (SELECT value FROM json_each(?)))`,
        JSON.stringify(outbox),
      ),
    ]
  }

  stored(id: string, { type, extension, size, sha256 }: StoredMedia, now: number): void {
    this.#database
      .prepare(
        `UPDATE media SET state = 'stored', source = NULL, type = ?, extension = ?, size = ?, sha256 = ?,
           problem_code = NULL, problem = NULL, settled_at = ? WHERE id = ?`,
      )
      .run(type, extension, size, sha256, now, id)
  }

  /** `isFinal`: no later attempt is made, and how to fetch it is forgotten. */
  failed(id: string, { code, message }: MediaProblem, isFinal: boolean, now: number): void {
    this.#database
      .prepare(
        `UPDATE media SET state = 'failed', source = iif(?, NULL, source), problem_code = ?, problem = ?, settled_at = ? WHERE id = ?`,
      )
      .run(isFinal ? 1 : 0, code, message, now, id)
  }

  expire(id: string, now: number): void {
    this.#database
      .prepare(
        `UPDATE media SET state = 'expired', source = NULL, settled_at = ? WHERE id = ? AND state != 'expired'`,
      )
      .run(now, id)
  }

  delete(id: string): void {
    this.#database.prepare('DELETE FROM media WHERE id = ?').run(id)
  }

  /** Bytes of everything that is stored. */
  totalBytes(): number {
    const row = this.#database
      .prepare(`SELECT COALESCE(SUM(size), 0) AS total FROM media WHERE state = 'stored'`)
      .get()
    // The column asked for.
    return (row as { total: number }).total
  }

  /** Bytes of what is stored for messages of this conversation that are to be answered. */
  neededBytes(conversation: number): number {
    const row = this.#database
      .prepare(
        `SELECT COALESCE(SUM(media.size), 0) AS total FROM media JOIN inbox ON inbox.sequence = media.inbox
         WHERE media.state = 'stored' AND inbox.conversation = ? AND (inbox.state = 'pending'
           OR inbox.turn IN (SELECT id FROM turns WHERE state = 'open'))`,
      )
      .get(conversation)
    // The column asked for.
    return (row as { total: number }).total
  }

  /** Stored files that nothing waits for, oldest first. */
  unneeded(limit: number): MediaRow[] {
    return this.#all(
      `SELECT ${COLUMNS} FROM media WHERE state = 'stored' AND (inbox IS NOT NULL OR outbox IS NOT NULL)
         AND NOT COALESCE(${NEEDED}, 0) ORDER BY sequence LIMIT ?`,
      limit,
    )
  }

  /** Files older than `before` that nothing waits for, oldest first. */
  old(before: number, limit: number): MediaRow[] {
    return this.#all(
      `SELECT ${COLUMNS} FROM media WHERE state != 'expired' AND created_at < ? AND NOT COALESCE(${NEEDED}, 0)
       ORDER BY sequence LIMIT ?`,
      before,
      limit,
    )
  }

  /** Files of which the message is gone, or is taken back. */
  ownerless(limit: number): MediaRow[] {
    return this.#all(
      `SELECT ${COLUMNS} FROM media WHERE
         (inbox IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM inbox AS row WHERE row.sequence = media.inbox AND row.state != 'revoked'))
         OR (outbox IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM outbox AS row WHERE row.message_id = media.outbox)) LIMIT ?`,
      limit,
    )
  }

  /** Inbox rows with files that were taken back unanswered, the latest first. */
  cancelledInbox(limit: number): number[] {
    return this.#inboxWith(
      `(inbox.state = 'cancelled' OR inbox.turn IN (SELECT id FROM turns WHERE state = 'cancelled'))`,
      limit,
    )
  }

  /** Inbox rows with files that wait for their turn, the latest first. */
  pendingInbox(limit: number): number[] {
    return this.#inboxWith(`inbox.state = 'pending'`, limit)
  }

  /** Files of ours that no reply took, from an earlier life; uploads aside. */
  unclaimed(): MediaRow[] {
    return this.#all(
      `SELECT ${COLUMNS} FROM media WHERE inbox IS NULL AND outbox IS NULL AND expires_at IS NULL`,
    )
  }

  /** Everything that should be on the disk. */
  allStored(): MediaRow[] {
    return this.#all(`SELECT ${COLUMNS} FROM media WHERE state = 'stored'`)
  }

  #inboxWith(condition: string, limit: number): number[] {
    const rows = this.#database
      .prepare(
        `SELECT DISTINCT media.inbox AS sequence FROM media JOIN inbox ON inbox.sequence = media.inbox
         WHERE media.state != 'expired' AND ${condition} ORDER BY media.inbox DESC LIMIT ?`,
      )
      .all(limit)
    // The column asked for.
    return (rows as { sequence: number }[]).map(({ sequence }) => sequence)
  }

  #all(sql: string, ...values: (string | number)[]): MediaRow[] {
    // The shape of COLUMNS, which only this class writes.
    return this.#database.prepare(sql).all(...values) as MediaRow[]
  }
}

/** Cannot be guessed: it is the file's name, and what an agent asks for it by. */
export function newMediaId(): string {
  return randomBytes(16).toString('hex')
}
