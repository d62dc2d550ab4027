import { setImmediate as nextTurn } from 'node:timers/promises'
import { createLogger } from '../../../../../src/observability/log/logger.ts'
import { afterEach, expect, it } from 'vitest'
import { AllowedLids } from '../../../../../src/transports/linked-device/identity/allowed-lids.ts'
import { openLinkStores } from '../../../../../src/transports/linked-device/link-stores.ts'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const NUMBERS = 22_000
/** In one turn: 1,000 for the forms of numbers, and 250 for LIDs, or the 20 questions with 50 numbers where each is answered at once. */
const READ_AT_ONCE = 2_000

const directory = mkdtempSync(join(tmpdir(), 'allowed-lids-'))
let database: Database
afterEach(() => {
  database.close()
  rmSync(directory, { recursive: true })
})

// 22,000 numbers were gone through twice in the turn in which an edit took effect: some 25 ms in which nothing else ran.
it('a long list is read in parts, each in a turn of its own', async () => {
  database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  const stores = openLinkStores({
    database,
    now: Date.now,
    sink: { groupNamed: () => {}, personChanged: () => undefined, senderResolved: () => {} },
    storageFailed: () => {},
  })
  let read = 0
  function* numbers(): Generator<string, void, undefined> {
    for (let index = 0; index < NUMBERS; index += 1) {
      read += 1
      yield `+1212${2_000_000 + index}`
    }
  }
  const asked: number[] = []
  const lids = new AllowedLids({
    directory: stores.credentials.lids,
    registered: stores.registered,
    socket: () => ({
      executeUSyncQuery: ({ users }) => {
        asked.push(users.length)
        return Promise.resolve({ list: [], sideList: [] })
      },
    }),
    allowedNumbers: numbers,
    numbersLearned: () => {},
    logger: createLogger({ level: 'silent' }),
    now: Date.now,
  })
  lids.learn()
  expect(read).toBeGreaterThan(0)
  expect(read).toBeLessThanOrEqual(READ_AT_ONCE)
  let last = read
  while (asked.length < 20) {
    await nextTurn()
    expect(read - last).toBeLessThanOrEqual(READ_AT_ONCE)
    last = read
  }
  expect(asked.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 50))
  lids.stop()
})
