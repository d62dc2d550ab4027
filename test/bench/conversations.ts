/**
 * Fills an account with conversations and measures what a dashboard reads: pages of the list, without a filter and with each, and pages of
 * messages. stdout carries a line each; exits with 1 when a median is above its bound. In memory (`/dev/shm`) where there is one.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { ACCOUNT_MIGRATIONS } from '../../src/accounts/schema.ts'
import { echoAgent } from '../../src/agents/connectors/echo/echo.ts'
import { Conversations } from '../../src/conversations/conversations.ts'
import { writeMessageCursor } from '../../src/conversations/read-model/message-cursor.ts'
import { Database } from '../../src/storage/database/database.ts'
import { Redactor } from '../../src/text/redaction/redactor.ts'
import { SeededRandom } from '../../src/simulator/seeded-random.ts'
import { accountConfig } from '../support/account-config.ts'
import { MemoryTransport } from '../support/memory-transport.ts'
import { median } from './percentile.ts'

const BOUND_MS = 50
const PAGE = 100
const MESSAGES = 50
const ROUNDS = 100
const NINETY_DAYS_MS = 90 * 86_400_000
const BATCH = 5_000

const { values: options } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    conversations: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
  },
})
const [messages, count] = [Number(options.messages), Number(options.conversations)]
const random = new SeededRandom(Number(options.seed))
const directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'conversations-'))
const database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
try {
  inBatches(count, addConversation)
  inBatches(messages, addMessage)
  process.exitCode = measure() ? 0 : 1
} finally {
  database.close()
  rmSync(directory, { recursive: true })
}

function numberOf(conversation: number): string {
  return `+1555${1_000_000 + conversation}`
}

function inBatches(all: number, add: (index: number) => void): void {
  for (let from = 0; from < all; from += BATCH)
    database.transaction(() => {
      for (let index = from; index < Math.min(all, from + BATCH); index += 1) add(index)
    })
}

/** One of three has contact fields, one of ten waits for a person. */
function addConversation(index: number): void {
  const id = index + 1
  database
    .prepare(`INSERT INTO conversations (id, kind, name, waits_since) VALUES (?, 'direct', ?, ?)`)
    .run(id, numberOf(id), index % 10 === 0 ? Date.now() : null)
  if (index % 3 !== 0) return
  for (const name of ['name', 'email', 'company'])
    database
      .prepare(
        `INSERT INTO contact_fields (conversation, name, value, set_by, set_at) VALUES (?1, ?2, ?2 || ' of ' || ?1, 'agent', ?3)`,
      )
      .run(id, name, Date.now())
}

/** In turns one of a person in each conversation, and an answer in each. Of every fifth conversation nobody has read anything. */
function addMessage(index: number): void {
  const [round, place] = [Math.floor(index / count), index % count]
  const at = Date.now() - NINETY_DAYS_MS + Math.floor((index * NINETY_DAYS_MS) / messages)
  const text = `message ${index} `.padEnd(random.between(20, 300), 'some more words ')
  const conversation = place + 1
  if (round % 2 === 0)
    database
      .prepare(
        `INSERT INTO inbox (conversation, sender, sender_name, message_id, kind, chat, chat_kind, text, sent_at, received_at, arrival, state, is_unread)
         VALUES (?1, ?2, 'Person ' || ?1, 'I' || ?3, 'text', 'c', 'direct', ?4, ?5, ?5, 'live', 'recorded', ?6)`,
      )
      .run(conversation, numberOf(conversation), index, text, at, place % 5 === 0 ? 1 : 0)
  else
    database
      .prepare(
        `INSERT INTO outbox (message_id, conversation, chat, kind, after_inbox, text, prefix_length, state, queued_at)
         VALUES ('O' || ?1, ?2, 'c', 'reply', ?3, ?4, 0, 'read', ?5)`,
      )
      .run(index, conversation, ((round - 1) / 2) * count + conversation, text, at)
}

/** Whether every kind of page keeps the bound. */
function measure(): boolean {
  const { admin } = conversations()
  console.log(
    `${messages} messages in ${count} conversations; pages of ${PAGE} conversations and ${MESSAGES} messages`,
  )
  const list = (filter: 'all' | 'unread' | 'waiting') => {
    let cursor: string | null = null
    return (): number => {
      const page = admin.list({ filter, limit: PAGE, ...(cursor !== null && { cursor }) })
      cursor = page.cursor
      return page.conversations.length
    }
  }
  const someone = (): string => String(random.between(1, count))
  // Half of what there is was said before this place.
  const before = writeMessageCursor({ place: Math.ceil(messages / 4), isReply: 0, sequence: 0 })
  const steps: Readonly<Record<string, () => number>> = {
    'list, the first page': () => admin.list({ filter: 'all', limit: PAGE }).conversations.length,
    'list, page after page': list('all'),
    'list, what is unread': list('unread'),
    'list, who waits': list('waiting'),
    'messages, the newest': () => admin.messages(someone(), { limit: MESSAGES }).messages.length,
    'messages, those before': () => admin.messages(someone(), { limit: MESSAGES, before }).messages.length,
  }
  return Object.entries(steps)
    .map(([name, step]) => report(name, step))
    .every(Boolean)
}

function report(name: string, step: () => number): boolean {
  const took: number[] = []
  let rows = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now()
    rows += step()
    took.push(performance.now() - start)
  }
  const middle = median(took)
  const figures = `median ${middle.toFixed(1)} ms, worst ${Math.max(...took).toFixed(1)} ms`
  console.log(
    `${middle <= BOUND_MS ? 'kept  ' : 'BROKEN'} ${name}: ${figures}, ${(rows / ROUNDS).toFixed(0)} rows a page`,
  )
  return middle <= BOUND_MS
}

/** As an account has them that is not started. */
function conversations(): Conversations {
  const config = accountConfig(Array.from({ length: count }, (_, index) => numberOf(index + 1)))
  return new Conversations({
    account: 'default',
    database,
    transport: new MemoryTransport(),
    config: () => config,
    allowPerson: () => Promise.resolve(),
    agentFor: () => echoAgent,
    redactor: () => new Redactor({ paths: [], secrets: [], isOwnToken: () => false }),
    transcribe: () => Promise.resolve(null),
    audio: { toVoice: () => Promise.resolve(null) },
    attentionChanged: () => undefined,
    publish: () => undefined,
    eraseEvents: () => undefined,
    logger: pino({ level: 'silent' }),
    now: () => new Date(),
    random: () => 0.5,
  })
}
