import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { ACCOUNT_MIGRATIONS } from '../../../src/accounts/schema.ts'
import { MessageSearch } from '../../../src/conversations/search/message-search.ts'
import { SearchIndex } from '../../../src/conversations/search/search-index.ts'
import { SearchUpkeep } from '../../../src/conversations/search/search-upkeep.ts'
import { Database } from '../../../src/storage/database/database.ts'
import { SeededRandom } from '../../../src/simulator/seeded-random.ts'
import type { LargeReads } from './measure-lists.ts'

const LONGEST_MS = 200
const CONVERSATIONS = 10_000
const NINETY_DAYS_MS = 90 * 86_400_000
const BATCH = 5_000
const WORDS = 30_000
const LETTERS = 'etaoinshrdlucmfwypgb'
const CHARACTERS =
  '的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生会自着去学'

/**
 * Fills an account with messages, indexes them as a daemon does, and measures searches: the time until a page of hits is there. One line a
 * search.
 */
export async function measureSearches(
  { messages, seed }: { messages: number; seed: number },
  tell: (line: string) => void,
): Promise<LargeReads & { indexedSeconds: number }> {
  const directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'searches-'))
  const database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  try {
    const vocabulary = Array.from({ length: WORDS }, (_, rank) => wordOf(rank))
    fill(database, messages, new Texts(vocabulary, new SeededRandom(seed)))
    return await measure(database, messages, vocabulary, tell)
  } finally {
    database.close()
    rmSync(directory, { recursive: true })
  }
}

/** Common words are short, as in a language. */
function wordOf(rank: number): string {
  let word = ''
  for (let rest = (rank * 7_919 + 13) % 1_000_003; rest > 0; rest = Math.floor(rest / LETTERS.length))
    word += LETTERS[rest % LETTERS.length] ?? ''
  return rank < 300 ? word.slice(0, 3) : word
}

/** What people write. One message of ten is Chinese. */
class Texts {
  readonly #vocabulary: readonly string[]
  readonly #random: SeededRandom

  constructor(vocabulary: readonly string[], random: SeededRandom) {
    this.#vocabulary = vocabulary
    this.#random = random
  }

  textOf(number: number): string {
    if (number % 10 === 0) return Array.from({ length: 20 }, () => this.#common(CHARACTERS)).join('')
    return Array.from({ length: this.#random.between(4, 20) }, () => this.#common(this.#vocabulary)).join(' ')
  }

  /** One of the first ones more often than a later one, by Zipf's law. */
  #common<Item>(items: ArrayLike<Item>): Item | undefined {
    return items[Math.floor(items.length ** (this.#random.between(0, 9_999) / 10_000)) - 1]
  }
}

function fill(database: Database, messages: number, texts: Texts): void {
  const begin = Date.now() - NINETY_DAYS_MS
  for (let from = 0; from < messages; from += BATCH)
    database.transaction(() => {
      for (let number = from; number < Math.min(messages, from + BATCH); number += 1)
        database
          .prepare(
            `INSERT INTO inbox (conversation, sender, message_id, kind, chat, chat_kind, text, sent_at, received_at, arrival, state)
             VALUES (?1, 's', 'I' || ?2, 'text', 'c', 'direct', ?3, ?4, ?4, 'live', 'recorded')`,
          )
          .run(
            1 + (number % CONVERSATIONS),
            number,
            texts.textOf(number),
            begin + Math.floor((number * NINETY_DAYS_MS) / messages),
          )
    })
}

async function measure(
  database: Database,
  messages: number,
  vocabulary: readonly string[],
  tell: (line: string) => void,
): Promise<LargeReads & { indexedSeconds: number }> {
  const index = new SearchIndex(database)
  const upkeep = new SearchUpkeep({ database, index, logger: pino({ level: 'silent' }) })
  const search = new MessageSearch(database, index, upkeep)
  const before = sizeMib(database)
  const indexed = await timed(() => upkeep.catchUp(Number.MAX_SAFE_INTEGER))
  const indexedSeconds = indexed.ms / 1_000
  tell(
    `indexed ${messages} messages in ${indexedSeconds.toFixed(0)} s, ${before} MiB before and ${sizeMib(database)} after`,
  )
  const words = [0, 5, 100, 3_000].map((rank) => vocabulary[rank] ?? '')
  const looked = [...words, words.slice(0, 3).join(' '), 'th', 'e', 'nothing', '的', '会', '我在有']
  let slowestMs = 0
  for (const text of looked)
    for (const query of [{}, { conversation: 77 }, { to: new Date(Date.now() - NINETY_DAYS_MS / 2) }]) {
      const { ms, result } = await timed(() => search.search({ text, limit: 50, ...query }))
      slowestMs = Math.max(slowestMs, ms)
      const where = Object.keys(query)[0] ?? 'all'
      tell(
        `${ms <= LONGEST_MS ? 'kept  ' : 'BROKEN'} ${text}, ${where}: ${ms.toFixed(1)} ms, ${result.hits.length} hits`,
      )
    }
  return { isKept: slowestMs <= LONGEST_MS, slowestMs, indexedSeconds }
}

async function timed<Result>(work: () => Promise<Result>): Promise<{ ms: number; result: Result }> {
  const start = performance.now()
  const result = await work()
  return { ms: performance.now() - start, result }
}

function sizeMib(database: Database): string {
  database.truncateLog()
  return (statSync(database.path).size / 2 ** 20).toFixed(0)
}
