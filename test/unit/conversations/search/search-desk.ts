import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { MessageSearch, type SearchQuery } from '../../../../src/conversations/search/message-search.ts'
import { SearchIndex } from '../../../../src/conversations/search/search-index.ts'
import { SearchUpkeep } from '../../../../src/conversations/search/search-upkeep.ts'
import { Database } from '../../../../src/storage/database/database.ts'

export interface WrittenMessage {
  conversation?: number
  /** Milliseconds since 1970. */
  at?: number
  files?: string
  transcript?: string
  kind?: string
}

/** The tables of an account and their index, without the rest of an account. */
export class SearchDesk {
  readonly path: string
  database: Database
  index!: SearchIndex // set by #open, which the constructor calls
  upkeep!: SearchUpkeep
  search!: MessageSearch
  #written = 0

  constructor() {
    const directory = mkdtempSync(join(tmpdir(), 'whatsappd-search-'))
    this.path = join(directory, 'account.db')
    this.database = this.#open()
    onTestFinished(() => {
      this.database.close()
      rmSync(directory, { recursive: true, force: true })
    })
  }

  /** The process ends and another one begins. */
  restart(): void {
    this.database.close()
    this.database = this.#open()
  }

  /** Answers the row's sequence. */
  receive(text: string, message: WrittenMessage = {}): number {
    this.#written += 1
    const {
      conversation = 1,
      at = this.#written * 1_000,
      files = null,
      transcript = null,
      kind = 'text',
    } = message
    return this.#run(
      `INSERT INTO inbox (conversation, sender, message_id, kind, chat, chat_kind, text, files, transcript, sent_at, received_at,
         arrival, state) VALUES (?, '+1555', ?, ?, 'c', 'direct', ?, ?, ?, ?, ?, 'live', 'recorded')`,
      conversation,
      `IN${this.#written}`,
      kind,
      text,
      files,
      transcript,
      at,
      at,
    )
  }

  /** Answers the row's sequence. */
  send(
    text: string,
    message: { conversation?: number; at?: number; kind?: string; prefix?: string; content?: string } = {},
  ): number {
    this.#written += 1
    const {
      conversation = 1,
      at = this.#written * 1_000,
      kind = 'reply',
      prefix = '',
      content = null,
    } = message
    return this.#run(
      `INSERT INTO outbox (message_id, conversation, chat, kind, after_inbox, text, prefix_length, state, queued_at, content)
       VALUES (?, ?, 'c', ?, 0, ?, ?, 'read', ?, ?)`,
      `OUT${this.#written}`,
      conversation,
      kind,
      prefix + text,
      Array.from(prefix).length,
      at,
      content,
    )
  }

  write(sql: string, ...values: (string | number | null)[]): void {
    this.#run(sql, ...values)
  }

  /** The ids of the messages that are found, newest first. */
  async find(text: string, query: Partial<SearchQuery> = {}): Promise<string[]> {
    // A slow disk would only leave some of it for later.
    await this.upkeep.catchUp(60_000)
    const { hits } = await this.search.search({ text, limit: 100, ...query })
    return hits.map(({ messageId }) => messageId)
  }

  /** Throws where the index is not sound. */
  check(): void {
    this.write(`INSERT INTO search_words (search_words) VALUES ('integrity-check')`)
  }

  #open(): Database {
    const database = Database.open(this.path, ACCOUNT_MIGRATIONS)
    this.index = new SearchIndex(database)
    this.upkeep = new SearchUpkeep({ database, index: this.index, logger: pino({ level: 'silent' }) })
    this.search = new MessageSearch(database, this.index, this.upkeep)
    return database
  }

  #run(sql: string, ...values: (string | number | null)[]): number {
    return this.database.transaction(() => Number(this.database.prepare(sql).run(...values).lastInsertRowid))
  }
}
