import { setImmediate as nextTurn } from 'node:timers/promises'
import { createLogger } from '../../../../../src/observability/log/logger.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
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

let directory: string
let database: Database
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'allowed-lids-'))
  database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
})
afterEach(() => {
  database.close()
  rmSync(directory, { recursive: true })
})

// 22,000 numbers were gone through twice in the turn in which an edit took effect: some 25 ms in which nothing else ran.
it('a long list is read in parts, each in a turn of its own', async () => {
  let read = 0
  function* numbers(): Generator<string, void, undefined> {
    for (let index = 0; index < NUMBERS; index += 1) {
      read += 1
      yield `+1212${2_000_000 + index}`
    }
  }
  const asked: number[] = []
  const { lids } = openLids(numbers, (users) => asked.push(users))
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

// Somebody with an unknown LID may be them.
it('not everybody was asked for while WhatsApp has not said in which form it knows a number', async () => {
  const brazilian = '+5511987654321'
  const { lids, registered } = openLids(
    () => [brazilian],
    () => {},
  )
  await expect(lids.learnAgain()).rejects.toThrow('in which form')
  registered.learn([brazilian], new Set([brazilian]), Date.now())
  lids.learn()
  await lids.learnAgain()
  lids.stop()
})

function openLids(allowedNumbers: () => Iterable<string>, asked: (users: number) => void) {
  const { credentials, registered } = openLinkStores({
    database,
    now: Date.now,
    sink: { groupNamed: () => {}, personChanged: () => undefined, senderResolved: () => {} },
    storageFailed: () => {},
  })
  const lids = new AllowedLids({
    directory: credentials.lids,
    registered,
    socket: () => ({
      executeUSyncQuery: ({ users }) => {
        asked(users.length)
        return Promise.resolve({ list: [], sideList: [] })
      },
    }),
    allowedNumbers,
    numbersLearned: () => {},
    logger: createLogger({ level: 'silent' }),
    now: Date.now,
  })
  return { lids, registered }
}
