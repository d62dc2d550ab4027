import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { OpenAccount } from '../../../../src/accounts/life/open-account.ts'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { Attention } from '../../../../src/accounts/status/attention.ts'
import type { AccountConfig } from '../../../../src/config/model.ts'
import { Database } from '../../../../src/storage/database/database.ts'

let directory: string
let database: Database
let attention: Attention
let parts: Pick<OpenAccount, 'conversations' | 'writes'>
let reads = 0
let failed = 0
let now = 0
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-attention-'))
  database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS, {
    delayMs: 60_000,
    failed: () => undefined,
  })
  reads = 0
  failed = 0
  now = 0
  parts = opened()
  // Neither is asked for: nobody was handed over.
  attention = new Attention(
    () => ({}) as AccountConfig,
    () => now,
  )
})
afterEach(() => {
  database.close()
  rmSync(directory, { recursive: true })
})

function opened(): typeof parts {
  const conversations = {
    outbox: {
      get failed() {
        reads += 1
        return failed
      },
    },
    attention: () => ({ waiting: 0, handedOver: [], takenOver: 0 }),
  }
  // The two members that are read.
  return {
    conversations: conversations as unknown as OpenAccount['conversations'],
    writes: () => database.writes,
  }
}

const write = (name: string): void =>
  database.transaction(() => {
    database.prepare('INSERT INTO facts (name, value) VALUES (?, 1)').run(name)
  })

it('is read once while nothing is written, and again after each transaction', () => {
  for (let look = 0; look < 5; look += 1) attention.follow(parts)
  expect(reads).toBe(1)
  failed = 3
  write('one')
  attention.follow(parts)
  expect(attention.found.failedMessages).toBe(3)
  // Of the same group, which is not committed yet.
  failed = 4
  write('two')
  attention.follow(parts)
  attention.follow(parts)
  expect([attention.found.failedMessages, reads]).toEqual([4, 3])
})

it('that was read within a transaction is read again behind it', () => {
  database.transaction(() => {
    attention.read(parts)
    failed = 1
  })
  attention.follow(parts)
  expect(attention.found.failedMessages).toBe(1)
})

it('is read again after a minute, of another opening, and whenever that is asked for', () => {
  attention.follow(parts)
  now = 59_999
  attention.follow(parts)
  expect(reads).toBe(1)
  now = 60_000
  attention.follow(parts)
  expect(reads).toBe(2)
  parts = opened()
  attention.follow(parts)
  expect(reads).toBe(3)
  attention.read(parts)
  expect(reads).toBe(4)
})

it('that could not be read is read at the next look', () => {
  attention.follow(parts)
  const working = parts
  const broken = {
    outbox: parts.conversations.outbox,
    attention: () => {
      throw new Error('the disk')
    },
  }
  // As above.
  const unreadable = { ...parts, conversations: broken as unknown as OpenAccount['conversations'] }
  expect(() => attention.read(unreadable)).toThrow('the disk')
  failed = 2
  attention.follow(working)
  expect(attention.found.failedMessages).toBe(2)
})
