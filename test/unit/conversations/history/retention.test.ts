import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { pino } from 'pino'
import { expect, it, onTestFinished, vi } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { Retention } from '../../../../src/conversations/history/retention.ts'
import { CommitGroup } from '../../../../src/conversations/store/commit-group.ts'
import { ConversationStore } from '../../../../src/conversations/store/conversation-store.ts'
import { Database } from '../../../../src/storage/database/database.ts'
import { ALICE, BOB, Desk } from '../desk.ts'
import { useFakeClock } from '../fake-clock.ts'

const DAY_MS = 86_400_000
const NOW = Date.UTC(2026, 0, 31)

class Tables {
  readonly database: Database
  settings = { days: 90, messagesPerConversation: 10_000 }
  now = NOW
  maxRows = 500_000
  readonly removedFiles: number[] = []

  constructor() {
    const directory = mkdtempSync(join(tmpdir(), 'retention-'))
    this.database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
    onTestFinished(() => {
      this.database.close()
      rmSync(directory, { recursive: true, force: true })
    })
  }

  /** `rows` messages of a conversation, a second apart, the last of them at `until`; each answered by a turn of its own. */
  fill(conversation: number, rows: number, until: number, state = 'turn'): void {
    const run = (sql: string, ...values: (string | number)[]): void =>
      void this.database.prepare(`${NUMBERS} ${sql}`).run(rows, ...values)
    this.database.transaction(() => {
      this.database
        .prepare(`INSERT OR IGNORE INTO conversations (id, kind, name) VALUES (?1, 'direct', '+' || ?1)`)
        .run(conversation)
      run(
        `INSERT INTO inbox (conversation, sender, message_id, kind, chat, chat_kind, text, sent_at, received_at, arrival, state, turn)
         SELECT ?2, 's', 'c' || ?2 || '-' || n || ?4, 'text', 'c', 'direct', 'message ' || n, ?3 - (?1 - n) * 1000, ?3 - (?1 - n) * 1000,
           'live', ?4, iif(?4 = 'turn', 't' || ?2 || '-' || n, NULL) FROM numbers`,
        conversation,
        until,
        state,
      )
      if (state !== 'turn') return
      run(
        `INSERT INTO turns (id, conversation, chat, chat_kind, state, opened_at)
         SELECT 't' || ?2 || '-' || n, ?2, 'c', 'direct', 'answered', ?3 - (?1 - n) * 1000 FROM numbers`,
        conversation,
        until,
      )
      run(
        `INSERT INTO outbox (message_id, conversation, chat, kind, turn, after_inbox, text, prefix_length, state, queued_at)
         SELECT 'o' || ?2 || '-' || n, ?2, 'c', 'reply', 't' || ?2 || '-' || n,
           (SELECT sequence FROM inbox WHERE turn = 't' || ?2 || '-' || n), 'answer ' || n, 0, 'read', ?3 - (?1 - n) * 1000 FROM numbers`,
        conversation,
        until,
      )
    })
  }

  run(sql: string): void {
    this.database.transaction(() => void this.database.prepare(sql).run())
  }

  retention(): Retention {
    const commits = new CommitGroup(this.database, (error) => expect(error).toBeUndefined())
    return new Retention({
      database: this.database,
      conversations: new ConversationStore(this.database),
      commits,
      files: {
        removeOf: ({ inbox }) => {
          this.removedFiles.push(...inbox)
          return () => undefined
        },
      },
      config: () => ({ retention: this.settings }),
      logger: pino({ level: 'silent' }),
      now: () => new Date(this.now),
      maxRows: this.maxRows,
    })
  }

  get rows(): Record<string, number> {
    // One number a column.
    return this.database
      .prepare(
        `SELECT (SELECT COUNT(*) FROM inbox) AS inbox, (SELECT COUNT(*) FROM outbox) AS outbox,
           (SELECT COUNT(*) FROM turns) AS turns, (SELECT COUNT(*) FROM conversations) AS conversations`,
      )
      .get() as Record<string, number>
  }

  texts(conversation: number): string[] {
    const rows = this.database
      .prepare('SELECT text FROM messages WHERE conversation = ? ORDER BY place, is_reply, sequence')
      .all(conversation) as { text: string }[]
    return rows.map(({ text }) => text)
  }
}

const NUMBERS = 'WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)'

it('deletes what is older than the days of the config, and conversations with their last message', async () => {
  const tables = new Tables()
  tables.fill(1, 300, NOW - 91 * DAY_MS)
  tables.fill(2, 300, NOW - 89 * DAY_MS)
  await tables.retention().run()
  expect(tables.rows).toEqual({ inbox: 300, outbox: 300, turns: 300, conversations: 1 })
  expect(tables.removedFiles).toHaveLength(300)
  tables.settings = { ...tables.settings, days: 30 }
  await tables.retention().run()
  expect(tables.rows).toEqual({ inbox: 0, outbox: 0, turns: 0, conversations: 0 })
})

it('keeps the newest messages of each conversation, of both sides together', async () => {
  const tables = new Tables()
  tables.settings = { ...tables.settings, messagesPerConversation: 100 }
  tables.fill(1, 240, NOW)
  tables.fill(2, 30, NOW)
  const retention = tables.retention()
  await retention.run()
  expect(tables.texts(1)).toHaveLength(100)
  expect(tables.texts(1).slice(0, 2)).toEqual(['message 191', 'answer 191'])
  expect(tables.texts(1).at(-1)).toBe('answer 240')
  expect(tables.texts(2)).toHaveLength(60)
  expect(tables.rows).toMatchObject({ turns: 80, conversations: 2 })
  // Those in which something was said since are looked at again.
  tables.fill(2, 40, NOW, 'recorded')
  await retention.run()
  expect(tables.texts(2)).toHaveLength(100)
})

it('keeps a bound over all conversations, by rows that are there and not by numbers that were given', async () => {
  const tables = new Tables()
  tables.maxRows = 200
  tables.fill(1, 150, NOW - DAY_MS)
  tables.run('DELETE FROM inbox WHERE sequence > 50')
  tables.fill(2, 150, NOW)
  await tables.retention().run()
  expect(tables.rows).toMatchObject({ inbox: 200, outbox: 200 })
  expect(tables.texts(1).filter((text) => text.startsWith('message'))).toHaveLength(50)
  tables.fill(3, 150, NOW)
  await tables.retention().run()
  expect(tables.rows).toMatchObject({ inbox: 200, outbox: 200, turns: 200 })
  expect(tables.texts(3)).toHaveLength(300)
})

it('never deletes what is under way, nor what of an open answer is out', async () => {
  const tables = new Tables()
  tables.settings = { days: 1, messagesPerConversation: 100 }
  tables.fill(1, 150, NOW - 400 * DAY_MS, 'pending')
  tables.fill(2, 120, NOW - 400 * DAY_MS)
  tables.run(`UPDATE turns SET state = 'open' WHERE id = 't2-7'`)
  tables.run(`UPDATE outbox SET state = 'queued' WHERE message_id = 'o2-9'`)
  await tables.retention().run()
  expect(tables.texts(1)).toHaveLength(150)
  expect(tables.texts(2)).toEqual(['message 7', 'answer 7', 'answer 9'])
  expect(tables.database.prepare('SELECT id FROM turns').all()).toEqual([{ id: 't2-7' }])
})

// 5,000 rows of three tables were deleted at once: nothing else ran for half a second.
it('lets others run after each few rows', async () => {
  const tables = new Tables()
  tables.fill(1, 2_000, NOW - 100 * DAY_MS)
  let [turns, most, before, isOver] = [0, 0, 4_000, false]
  const look = (): void => {
    if (isOver) return
    const { inbox = 0, outbox = 0 } = tables.rows
    most = Math.max(most, before - inbox - outbox)
    before = inbox + outbox
    turns += 1
    setImmediate(look)
  }
  setImmediate(look)
  await tables.retention().run()
  isOver = true
  expect(turns).toBeGreaterThan(4)
  expect(most).toBeLessThan(2_000)
})

it('runs once more where it is asked meanwhile, and ends at a stop', async () => {
  const tables = new Tables()
  tables.fill(1, 1_000, NOW - 100 * DAY_MS)
  const retention = tables.retention()
  const first = retention.run()
  tables.fill(2, 10, NOW - 100 * DAY_MS)
  expect(retention.run()).toBe(first)
  await first
  expect(tables.rows).toMatchObject({ inbox: 0, conversations: 0 })
  tables.fill(3, 2_000, NOW - 100 * DAY_MS)
  void retention.run()
  await retention.stop()
  expect(tables.rows['inbox']).toBeGreaterThan(0)
})

// The tables were looked at once an hour: a flood of messages grew them without a bound.
it('keeps the tables bounded while messages keep coming', async () => {
  // Messages share commits, as in the daemon: 500 waits for a busy disk took longer than the test may.
  const shared = { delayMs: 5, failed: (error: Error) => expect(error).toBeUndefined() }
  const retention = { days: 90, messagesPerConversation: 100 }
  const desk = new Desk({ retention }, undefined, shared)
  desk.conversations.start()
  desk.setReady(false)
  desk.receive(BOB, 'unsent')
  await desk.until(() => desk.named('agent.turnFinished').length === 1)
  const old = { arrival: 'offline', sentAt: new Date(Date.now() - DAY_MS / 2) } as const
  for (let index = 0; index < 500; index += 1) desk.receive(ALICE, `text ${index}`, old)
  const count = (name: string): number => {
    const row = desk.database
      .prepare('SELECT COUNT(*) AS n FROM inbox JOIN conversations ON id = conversation WHERE name = ?')
      .get(name)
    return (row as { n: number }).n
  }
  await desk.until(() => count(ALICE) <= 100)
  expect(count(ALICE)).toBe(100)
  await desk.conversations.stop()
  expect(desk.database.prepare('SELECT text, state FROM outbox').all()).toEqual([
    { text: 'unsent', state: 'queued' },
  ])
})

it('keeps which requests sent something for a day, and nothing of what they sent', async () => {
  const tables = new Tables()
  tables.fill(1, 30, NOW)
  tables.run(
    `UPDATE outbox SET client_message_id = message_id, queued_at = ${NOW} - sequence * ${DAY_MS / 20}`,
  )
  tables.settings = { days: 0.01, messagesPerConversation: 1 }
  tables.fill(2, 1, NOW)
  await tables.retention().run()
  expect(tables.database.prepare('SELECT 1 FROM outbox WHERE conversation = 1').all()).toEqual([])
  const kept = tables.database.prepare('SELECT message_id FROM sent_requests ORDER BY queued_at DESC').all()
  expect(kept.map((row) => (row as { message_id: string }).message_id)).toEqual(
    Array.from({ length: 19 }, (_, index) => `o1-${index + 1}`),
  )
})

it('sends nothing more for a request whose message is deleted, also where nothing was said since', async () => {
  useFakeClock()
  const desk = new Desk({ retention: { days: 30, messagesPerConversation: 100 } })
  desk.conversations.start()
  const requester = { author: 'owner', by: 'api', mayForce: false } as const
  const request = { to: ALICE, text: 'words that are gone', clientMessageId: 'a' }
  const { messageId } = await desk.conversations.sending.send(request, requester)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(desk.named('message.sent')).toHaveLength(1)
  vi.setSystemTime(Date.now() + 31 * DAY_MS)
  await vi.advanceTimersByTimeAsync(2 * 3_600_000)
  await desk.until(() => desk.database.prepare('SELECT 1 FROM outbox').all().length === 0)
  const again = await desk.conversations.sending.send(request, requester)
  expect(again).toMatchObject({ isNew: false, messageId, state: 'sent' })
  await expect(
    desk.conversations.sending.send({ ...request, text: 'others' }, requester),
  ).rejects.toMatchObject({ code: 'client_message_id_reused' })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(desk.transport.texts()).toEqual(['words that are gone'])
})

// Fifty accounts that followed one change of the config deleted their first slice in the same turn of the event loop.
it('deletes of one account in a turn of the event loop, and nothing within the call', async () => {
  const accounts = [new Tables(), new Tables(), new Tables()]
  for (const tables of accounts) tables.fill(1, 3, NOW - 100 * DAY_MS)
  const emptied = (): number => accounts.filter((tables) => tables.rows['inbox'] === 0).length
  const runs = accounts.map((tables) => tables.retention().run())
  const seen = [emptied()]
  while (seen.at(-1) !== accounts.length) {
    await nextTurn()
    if (emptied() !== seen.at(-1)) seen.push(emptied())
  }
  expect(seen).toEqual([0, 1, 2, 3])
  await Promise.all(runs)
})
