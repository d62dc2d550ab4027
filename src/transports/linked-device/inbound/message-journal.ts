import { createHash } from 'node:crypto'
import {
  areJidsSameUser,
  type BinaryNode,
  type Contact,
  decodeBinaryNode,
  encodeBinaryNode,
  getBinaryNodeChildren,
  jidNormalizedUser,
  type WAMessageKey,
} from '@whiskeysockets/baileys'
import type { IntakeVerdict } from '../../../messaging/sink.ts'
import type { Database } from '../../../storage/database/database.ts'
import { isIdentifier } from '../../../text/bounded-text.ts'

/** A redelivery comes within seconds; WhatsApp keeps what was never acknowledged for weeks. */
const KEPT_ROWS = 10_000
const KEPT_MS = 30 * 24 * 60 * 60_000
const PRUNE_EVERY = 500

/** Padding alone: what a message with a verdict decrypts to, so that its redelivery is acknowledged and means nothing. */
const NOTHING = Buffer.from([1])

/** Our own devices write under more than one address. */
const OWN = 'me'

/** One encrypted part of a stanza. */
export interface Ciphertext {
  /** `pkmsg`, `msg` or `skmsg`. */
  type: string
  bytes: Uint8Array
}

/** A row of the journal whose verdict has not fallen. */
export interface OpenStanza {
  sequence: number
  stanza: BinaryNode | null
  /** When it came, milliseconds since the epoch. */
  keptAt: number
}

/**
 * Every encrypted stanza before Baileys sees it, and every plaintext before the ratchet moves on: what was
 * acknowledged to WhatsApp can be rebuilt after a crash, and what is delivered again is answered from here, because
 * the ratchet cannot decrypt it a second time. Texts are kept until their verdict. Synchronous; throws `StorageError`.
 */
export class MessageJournal {
  readonly #database: Database
  readonly #now: () => number
  #sincePrune = 0

  constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  /**
   * Keeps a stanza until its verdict falls. One that the inbox has already stays settled. Where its words may not be kept
   * (`words: false`) only its name is, so that its redelivery is acknowledged: it counts as `ignored` from the start.
   */
  keepStanza(stanza: BinaryNode, me: Contact, { words = true }: { words?: boolean } = {}): void {
    const { id } = stanza.attrs
    const from = stanza.attrs.participant || stanza.attrs.from
    const parts = getBinaryNodeChildren(stanza, 'enc')
    if (!id || !from || parts.length === 0) return
    // Nothing is taken in under such a name, so there is nothing to rebuild.
    if (!isIdentifier(id) || !isIdentifier(from)) return
    const author = authorOf(from, me)
    this.#database.transaction(() => {
      const { sequence } = this.#database
        .prepare(
          `INSERT INTO stanza_journal (message_id, author, stanza, state, kept_at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (message_id, author) DO UPDATE SET
             stanza = iif(state = 'inboxed', stanza, excluded.stanza),
             state = iif(state = 'inboxed', state, excluded.state)
           RETURNING sequence`,
        )
        .get(
          id,
          author,
          words ? encodeBinaryNode(stanza) : null,
          words ? 'open' : 'ignored',
          this.#now(),
        ) as { sequence: number }
      const insert = this.#database.prepare(
        'INSERT INTO plaintext_journal (digest, stanza_sequence, sender) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING',
      )
      for (const { attrs, content } of parts) {
        if (attrs.type === undefined || !(content instanceof Uint8Array)) continue
        insert.run(digestOf({ type: attrs.type, bytes: content }), sequence, jidNormalizedUser(from))
      }
    })
  }

  /** An open stanza counts from now on: until now it waited for those before it. */
  keepTime({ attrs }: BinaryNode, me: Contact): void {
    this.#database.transaction(() => {
      this.#database
        .prepare(
          `UPDATE stanza_journal SET kept_at = ? WHERE state = 'open' AND message_id = ? AND author = ?`,
        )
        .run(this.#now(), attrs.id ?? '', authorOf(attrs.participant || attrs.from || '', me))
    })
  }

  /** What this very ciphertext of this sender decrypted to, or `null`. `isSender` compares addresses of one person. */
  plaintext(ciphertext: Ciphertext, isSender: (kept: string) => boolean): Uint8Array | null {
    const row = this.#database
      .prepare('SELECT sender, plaintext FROM plaintext_journal WHERE digest = ?')
      .get(digestOf(ciphertext)) as { sender: string; plaintext: Uint8Array | null } | undefined
    return row === undefined || row.plaintext === null || !isSender(row.sender) ? null : row.plaintext
  }

  /** Whether any part of this stanza was decrypted. */
  wasRead({ attrs }: BinaryNode, me: Contact): boolean {
    return (
      this.#database
        .prepare(
          `SELECT 1 FROM plaintext_journal JOIN stanza_journal ON sequence = stanza_sequence
           WHERE message_id = ? AND author = ? AND plaintext IS NOT NULL LIMIT 1`,
        )
        .get(attrs.id ?? '', authorOf(attrs.participant || attrs.from || '', me)) !== undefined
    )
  }

  /** Of a stanza with a verdict only that it was decrypted: its redelivery means nothing then. */
  keepPlaintext(ciphertext: Ciphertext, plaintext: Uint8Array): void {
    this.#database.transaction(() => {
      this.#database
        .prepare(
          `UPDATE plaintext_journal SET plaintext =
             iif(EXISTS (SELECT 1 FROM stanza_journal WHERE sequence = stanza_sequence AND state = 'open'), ?, ?)
           WHERE digest = ?`,
        )
        .run(plaintext, NOTHING, digestOf(ciphertext))
    })
  }

  /**
   * The verdict on a message: the inbox has its text now, or it must not be kept. Here it is deleted, earlier wordings included; a
   * verdict that fell before stays.
   */
  settle({ id, participant, remoteJid, fromMe }: WAMessageKey, me: Contact, verdict: IntakeVerdict): void {
    if (!id) return
    const author = fromMe === true ? OWN : authorOf(participant || remoteJid || '', me)
    this.#database.transaction(() => {
      const row = this.#database
        .prepare(
          `UPDATE stanza_journal SET state = iif(state = 'inboxed', state, ?), stanza = NULL
           WHERE message_id = ? AND author = ? RETURNING sequence`,
        )
        .get(verdict, id, author) as { sequence: number } | undefined
      if (row !== undefined) this.#erasePlaintexts(row.sequence)
    })
    this.#sincePrune += 1
    if (this.#sincePrune >= PRUNE_EVERY) this.prune()
  }

  /** Stanzas whose verdict never fell, oldest first; `null` in place of one that cannot be read any more. */
  async open(): Promise<OpenStanza[]> {
    const rows = this.#database
      .prepare(
        `SELECT sequence, stanza, kept_at FROM stanza_journal
         WHERE state = 'open' AND stanza IS NOT NULL ORDER BY sequence`,
      )
      .all() as { sequence: number; stanza: Uint8Array; kept_at: number }[]
    return Promise.all(
      rows.map(async ({ sequence, stanza, kept_at }) => ({
        sequence,
        keptAt: kept_at,
        stanza: await decodeBinaryNode(Buffer.from(stanza)).catch(() => null),
      })),
    )
  }

  /** Whether a stanza is open: false is the common case, and costs one look at an index. */
  get hasOpen(): boolean {
    return (
      this.#database.prepare(`SELECT 1 FROM stanza_journal WHERE state = 'open' LIMIT 1`).get() !== undefined
    )
  }

  /** When the oldest open stanza came, milliseconds since the epoch; `null` when none is open. */
  get oldestOpenAt(): number | null {
    const row = this.#database
      .prepare(`SELECT kept_at FROM stanza_journal WHERE state = 'open' ORDER BY sequence LIMIT 1`)
      .get() as { kept_at: number } | undefined
    return row?.kept_at ?? null
  }

  /** Forgets an open stanza of which nothing can come: undecrypted, it was not acknowledged, and is delivered again. */
  drop(sequence: number): void {
    this.#forget(`sequence = ?`, sequence)
  }

  /** Forgets a stanza of which nothing was read and no verdict fell: Baileys is done with it, and has refused it. */
  dropUnread({ attrs }: BinaryNode, me: Contact): void {
    this.#forget(
      `message_id = ? AND author = ? AND NOT EXISTS
         (SELECT 1 FROM plaintext_journal WHERE stanza_sequence = sequence AND plaintext IS NOT NULL)`,
      attrs.id ?? '',
      authorOf(attrs.participant || attrs.from || '', me),
    )
  }

  /** What these JIDs wrote and has no verdict yet is ignored, and nothing of it stays; what they write from now on is kept as ever. */
  erase(authors: readonly string[]): void {
    this.#database.transaction(() => {
      const rows = this.#database
        .prepare(
          `UPDATE stanza_journal SET stanza = NULL, state = iif(state = 'open', 'ignored', state)
           WHERE author IN (SELECT value FROM json_each(?)) RETURNING sequence`,
        )
        .all(JSON.stringify(authors))
      // The column asked for.
      for (const { sequence } of rows as { sequence: number }[]) this.#erasePlaintexts(sequence)
    })
  }

  /** Whether something of these JIDs has no verdict yet. */
  keepsWordsOf(authors: readonly string[]): boolean {
    const row = this.#database
      .prepare(
        `SELECT 1 FROM stanza_journal
         WHERE state = 'open' AND author IN (SELECT value FROM json_each(?)) LIMIT 1`,
      )
      .get(JSON.stringify(authors))
    return row !== undefined
  }

  #erasePlaintexts(sequence: number): void {
    this.#database
      .prepare(
        'UPDATE plaintext_journal SET plaintext = ? WHERE stanza_sequence = ? AND plaintext IS NOT NULL',
      )
      .run(NOTHING, sequence)
  }

  #forget(which: string, ...values: (string | number)[]): void {
    this.#database.transaction(() => {
      const row = this.#database
        .prepare(`DELETE FROM stanza_journal WHERE state = 'open' AND ${which} RETURNING sequence`)
        .get(...values) as { sequence: number } | undefined
      if (row === undefined) return
      this.#erasePlaintexts(row.sequence)
      // Otherwise the plaintext of its redelivery would belong to no stanza, and no verdict would reach it.
      this.#database
        .prepare('DELETE FROM plaintext_journal WHERE stanza_sequence = ? AND plaintext IS NULL')
        .run(row.sequence)
    })
  }

  /** Deletes what is older than a month, and of what has its verdict all but the newest 10,000. */
  prune(): void {
    this.#sincePrune = 0
    this.#database.transaction(() => {
      this.#database
        .prepare(
          `DELETE FROM stanza_journal WHERE kept_at < ?
             OR (sequence <= (SELECT max(sequence) FROM stanza_journal) - ? AND state != 'open')`,
        )
        .run(this.#now() - KEPT_MS, KEPT_ROWS)
      this.#database
        .prepare(
          // After a month of silence no stanza is left to go by, but the number of the last one.
          `DELETE FROM plaintext_journal WHERE stanza_sequence < coalesce(
             (SELECT min(sequence) FROM stanza_journal), (SELECT seq FROM sqlite_sequence WHERE name = 'stanza_journal'))`,
        )
        .run()
    })
  }
}

function digestOf({ type, bytes }: Ciphertext): string {
  return createHash('sha256').update(`${type}\n`).update(bytes).digest('base64')
}

function authorOf(jid: string, me: Contact): string {
  return areJidsSameUser(jid, me.id) || areJidsSameUser(jid, me.lid) ? OWN : jidNormalizedUser(jid)
}
