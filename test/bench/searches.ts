/**
 * Fills an account with messages, indexes them as a daemon does, and measures searches: the time until a page of hits is there. stdout
 * carries a line a search; exits with 1 when one takes longer than its bound. In memory (`/dev/shm`) where there is one.
 */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { ACCOUNT_MIGRATIONS } from '../../src/accounts/schema.ts'
import { MessageSearch } from '../../src/conversations/search/message-search.ts'
import { SearchIndex } from '../../src/conversations/search/search-index.ts'
import { SearchUpkeep } from '../../src/conversations/search/search-upkeep.ts'
import { Database } from '../../src/storage/database/database.ts'
import { SeededRandom } from '../../src/simulator/seeded-random.ts'

const LONGEST_MS = 200
const CONVERSATIONS = 10_000
const NINETY_DAYS_MS = 90 * 86_400_000
const LETTERS = 'etaoinshrdlucmfwypgb'
const CHARACTERS =
  '的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生会自着去学'

const { values: options } = parseArgs({
  options: { messages: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
})
const messages = Number(options.messages)
const random = new SeededRandom(Number(options.seed))
/** Common words are short, as in a language. */
const vocabulary = Array.from({ length: 30_000 }, (_, rank) => wordOf(rank))
const directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'searches-'))
const path = join(directory, 'account.db')
const database = Database.open(path, ACCOUNT_MIGRATIONS)
try {
  fill()
  process.exitCode = (await measure()) ? 0 : 1
} finally {
  database.close()
  rmSync(directory, { recursive: true })
}

function wordOf(rank: number): string {
  let word = ''
  for (let rest = (rank * 7_919 + 13) % 1_000_003; rest > 0; rest = Math.floor(rest / LETTERS.length))
    word += LETTERS[rest % LETTERS.length] ?? ''
  return rank < 300 ? word.slice(0, 3) : word
}

/** One of the first ones more often than a later one, by Zipf's law. */
function common<Item>(items: ArrayLike<Item>): Item | undefined {
  return items[Math.floor(items.length ** (random.between(0, 9_999) / 10_000)) - 1]
}

/** One message of ten is Chinese. */
function textOf(number: number): string {
  if (number % 10 === 0) return Array.from({ length: 20 }, () => common(CHARACTERS)).join('')
  return Array.from({ length: random.between(4, 20) }, () => common(vocabulary)).join(' ')
}

function fill(): void {
  const begin = Date.now() - NINETY_DAYS_MS
  for (let from = 0; from < messages; from += 5_000)
    database.transaction(() => {
      for (let number = from; number < Math.min(messages, from + 5_000); number += 1)
        database
          .prepare(
            `INSERT INTO inbox (conversation, sender, message_id, kind, chat, chat_kind, text, sent_at, received_at, arrival, state)
             VALUES (?1, 's', 'I' || ?2, 'text', 'c', 'direct', ?3, ?4, ?4, 'live', 'recorded')`,
          )
          .run(
            1 + (number % CONVERSATIONS),
            number,
            textOf(number),
            begin + Math.floor((number * NINETY_DAYS_MS) / messages),
          )
    })
}

/** Whether every search keeps its bound. */
async function measure(): Promise<boolean> {
  const index = new SearchIndex(database)
  const upkeep = new SearchUpkeep({ database, index, logger: pino({ level: 'silent' }) })
  const search = new MessageSearch(database, index, upkeep)
  const before = sizeMib()
  const indexed = await timed(() => upkeep.catchUp(Number.MAX_SAFE_INTEGER))
  console.log(
    `indexed ${messages} messages in ${(indexed.ms / 1_000).toFixed(0)} s, ${before} MiB before and ${sizeMib()} after`,
  )
  const words = [0, 5, 100, 3_000].map((rank) => vocabulary[rank] ?? '')
  const looked = [...words, words.slice(0, 3).join(' '), 'th', 'e', 'nothing', '的', '会', '我在有']
  let isKept = true
  for (const text of looked)
    for (const query of [{}, { conversation: 77 }, { to: new Date(Date.now() - NINETY_DAYS_MS / 2) }]) {
      const { ms, result } = await timed(() => search.search({ text, limit: 50, ...query }))
      isKept &&= ms <= LONGEST_MS
      const where = Object.keys(query)[0] ?? 'all'
      console.log(
        `${ms <= LONGEST_MS ? 'kept  ' : 'BROKEN'} ${text}, ${where}: ${ms.toFixed(1)} ms, ${result.hits.length} hits`,
      )
    }
  return isKept
}

async function timed<Result>(work: () => Promise<Result>): Promise<{ ms: number; result: Result }> {
  const start = performance.now()
  const result = await work()
  return { ms: performance.now() - start, result }
}

function sizeMib(): string {
  database.truncateLog()
  return (statSync(path).size / 2 ** 20).toFixed(0)
}
