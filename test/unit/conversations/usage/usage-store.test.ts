import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { UsageStore } from '../../../../src/conversations/usage/usage-store.ts'
import { Database } from '../../../../src/storage/database/database.ts'

let directory: string
let database: Database
let usage: UsageStore

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'usage-'))
  database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  usage = new UsageStore(database)
})
afterEach(() => {
  database.close()
  rmSync(directory, { recursive: true, force: true })
})

const add = (counts: Parameters<UsageStore['add']>[0], at: string): void =>
  database.transaction(() => usage.add(counts, Date.parse(at)))

it('counts by calendar month in UTC', () => {
  add({ answers: 1, messagesOut: 2 }, '2026-01-31T23:59:59.999Z')
  add({ answers: 1, inputTokens: 100, outputTokens: 20, toldAnswers: 1 }, '2026-01-01T00:00:00.000Z')
  add({ messagesIn: 1 }, '2026-02-01T00:00:00.000Z')
  expect(usage.of('2026-01')).toEqual({
    answers: 2,
    messagesIn: 0,
    messagesOut: 2,
    toldAnswers: 1,
    inputTokens: 100,
    outputTokens: 20,
  })
  expect(usage.of('2026-02')).toMatchObject({ answers: 0, messagesIn: 1 })
  expect(usage.of('2025-12')).toMatchObject({ answers: 0, messagesIn: 0 })
  expect(usage.months()).toEqual(['2026-02', '2026-01'])
})

it('counts nothing of a transaction that is rolled back', () => {
  expect(() =>
    database.transaction(() => {
      usage.add({ answers: 1 }, Date.parse('2026-01-01T00:00:00.000Z'))
      throw new Error('the disk is full')
    }),
  ).toThrow('the disk is full')
  expect(usage.months()).toEqual([])
})

it('keeps two years', () => {
  for (let month = 0; month < 40; month += 1)
    add({ answers: 1 }, new Date(Date.UTC(2026, month, 15)).toISOString())
  expect(usage.months()).toHaveLength(24)
  expect(usage.months()[0]).toBe('2029-04')
})
