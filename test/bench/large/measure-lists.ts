import { AccountCounts } from '../../../src/observability/metrics/account-counts.ts'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { ACCOUNT_MIGRATIONS } from '../../../src/accounts/schema.ts'
import { echoAgent } from '../../../src/agents/connectors/echo/echo.ts'
import { Conversations } from '../../../src/conversations/conversations.ts'
import { writeMessageCursor } from '../../../src/conversations/read-model/messages/message-cursor.ts'
import { Database } from '../../../src/storage/database/database.ts'
import { Redactor } from '../../../src/text/redaction/redactor.ts'
import { SeededRandom } from '../../../src/simulator/seeded-random.ts'
import { accountConfig } from '../../support/account-config.ts'
import { MemoryTransport } from '../../support/memory-transport.ts'
import { median } from '../report/percentile.ts'
import { fillAccount, type FillOptions, numberOfConversation } from './fill-account.ts'

const BOUND_MS = 50
const PAGE = 100
const MESSAGES = 50
const ROUNDS = 100

export interface LargeReads {
  /** Whether every kind of read kept its bound. */
  isKept: boolean
  /** The slowest one, milliseconds: of lists the median of its reads, of searches a single one. */
  slowestMs: number
}

/** Fills an account and measures what a dashboard reads of it. One line each. */
export function measureLists(fill: FillOptions, tell: (line: string) => void): LargeReads {
  const directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'conversations-'))
  const database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  try {
    fillAccount(database, fill)
    tell(
      `${fill.messages} messages in ${fill.conversations} conversations; pages of ${PAGE} conversations and ${MESSAGES} messages`,
    )
    const medians = Object.entries(stepsOf(database, fill)).map(([name, step]) => medianOf(name, step, tell))
    const slowestMs = Math.max(...medians)
    return { isKept: slowestMs <= BOUND_MS, slowestMs }
  } finally {
    database.close()
    rmSync(directory, { recursive: true })
  }
}

/** Each answers how many rows its page has. */
function stepsOf(
  database: Database,
  { messages, conversations, seed }: FillOptions,
): Readonly<Record<string, () => number>> {
  const { admin } = conversationsOf(database, conversations)
  const random = new SeededRandom(seed)
  const list = (filter: 'all' | 'unread' | 'waiting') => {
    let cursor: string | null = null
    return (): number => {
      const page = admin.list({ filter, limit: PAGE, ...(cursor !== null && { cursor }) })
      cursor = page.cursor
      return page.conversations.length
    }
  }
  const someone = (): string => String(random.between(1, conversations))
  // Half of what there is was said before this place.
  const before = writeMessageCursor({ place: Math.ceil(messages / 4), isReply: 0, sequence: 0 })
  return {
    'list, the first page': () => admin.list({ filter: 'all', limit: PAGE }).conversations.length,
    'list, page after page': list('all'),
    'list, what is unread': list('unread'),
    'list, who waits': list('waiting'),
    'messages, the newest': () => admin.messages(someone(), { limit: MESSAGES }).messages.length,
    'messages, those before': () => admin.messages(someone(), { limit: MESSAGES, before }).messages.length,
  }
}

function medianOf(name: string, step: () => number, tell: (line: string) => void): number {
  const took: number[] = []
  let rows = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now()
    rows += step()
    took.push(performance.now() - start)
  }
  const middle = median(took)
  const figures = `median ${middle.toFixed(1)} ms, worst ${Math.max(...took).toFixed(1)} ms`
  tell(
    `${middle <= BOUND_MS ? 'kept  ' : 'BROKEN'} ${name}: ${figures}, ${(rows / ROUNDS).toFixed(0)} rows a page`,
  )
  return middle
}

/** As an account has them that is not started. */
function conversationsOf(database: Database, count: number): Conversations {
  const config = accountConfig(Array.from({ length: count }, (_, index) => numberOfConversation(index + 1)))
  return new Conversations({
    counts: new AccountCounts(),
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
