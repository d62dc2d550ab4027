import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { BlockedSenders } from '../../../../src/conversations/intake/blocked-senders.ts'
import { Database } from '../../../../src/storage/database/database.ts'

const DAY = 24 * 3_600_000
const NOW = Date.UTC(2026, 5, 1)
const MALLORY = '+15550000003'

let directory: string
let database: Database
let blocked: BlockedSenders

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'blocked-'))
  database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  blocked = new BlockedSenders(database)
})
afterEach(() => {
  database.close()
  rmSync(directory, { recursive: true, force: true })
})

const reported = (day: number, reason = 'not_allowed'): boolean =>
  blocked.shouldReport(MALLORY, reason, NOW + day * DAY)

test('somebody who goes on writing is reported once a day, and for another reason at once', () => {
  expect([reported(0), reported(0.9), reported(0.9, 'policy_disabled'), reported(2)]).toEqual([
    true,
    false,
    true,
    true,
  ])
})

test('whoever is ignored is reported again after 90 days, whatever the reason and over a restart', () => {
  expect(reported(0)).toBe(true)
  expect(blocked.ignore(MALLORY, NOW)).toBe(NOW + 90 * DAY)
  blocked = new BlockedSenders(database)
  expect([reported(2), reported(30, 'policy_disabled'), reported(89.9)]).toEqual([false, false, false])
  expect([blocked.isIgnored(MALLORY, NOW + 89 * DAY), blocked.isIgnored('+15550000004', NOW)]).toEqual([
    true,
    false,
  ])
  expect([blocked.isIgnored(MALLORY, NOW + 91 * DAY), reported(91)]).toEqual([false, true])
})

test('whoever may write meanwhile is not ignored when they may not any more', () => {
  blocked.ignore(MALLORY, NOW)
  blocked.forget((sender) => sender === MALLORY)
  expect(blocked.isIgnored(MALLORY, NOW)).toBe(false)
  expect(reported(1)).toBe(true)
})

test('a flood of strangers does not bring back those who are ignored; of these the latest 1,000 are kept', () => {
  blocked.ignore(MALLORY, NOW)
  for (let index = 0; index < 1_100; index += 1) blocked.shouldReport(`s${index}`, 'not_allowed', NOW + index)
  expect(blocked.isIgnored(MALLORY, NOW + DAY)).toBe(true)
  for (let index = 0; index < 1_000; index += 1) blocked.ignore(`i${index}`, NOW + 1 + index)
  expect(blocked.isIgnored(MALLORY, NOW + DAY)).toBe(false)
  expect(database.prepare('SELECT count(*) AS n FROM blocked_senders').get()).toEqual({ n: 2_000 })
})
