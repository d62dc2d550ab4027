import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Conversations } from '../../src/conversations/conversations.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

const LOOK_MS = 5_000

let stack: Stack
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  stack = await Stack.start()
  await stack.link()
})
afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await stack.stop()
})

it('of which nothing is written is not read, and its file is still looked for', async () => {
  // What came with the link, and the looks that follow it.
  await stack.alice.sendText(OWNER, 'hello')
  await stack.alice.waitForText('hello')
  await stack.until('the acknowledgement', () => stack.published('message.sent').length > 0)
  const attention = vi.spyOn(Conversations.prototype, 'attention')
  await expect
    .poll(() => {
      const before = attention.mock.calls.length
      for (let look = 0; look < 6; look += 1) vi.advanceTimersByTime(LOOK_MS)
      return attention.mock.calls.length - before
    })
    .toBe(0)

  const directory = join(stack.stateDir, 'accounts', 'default')
  renameSync(join(directory, 'account.db'), join(directory, 'away'))
  vi.advanceTimersByTime(LOOK_MS)
  expect(stack.account()).toMatchObject({ state: 'storage_error', reason: { code: 'storage_missing' } })
  renameSync(join(directory, 'away'), join(directory, 'account.db'))
  await stack.untilState('connected')
  expect(stack.published('message.sent')[0]?.conversation).toBe(ALICE)
})
