import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, expect, it } from 'vitest'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

const DAY_MS = 86_400_000

let stack: Stack
afterEach(() => stack.stop())

/** What is kept of it, and what the search has of it. */
function kept(): { messages: number; searched: number } {
  const database = new DatabaseSync(join(stack.stateDir, 'accounts', 'default', 'account.db'), {
    readOnly: true,
  })
  try {
    // Two numbers.
    return database
      .prepare(
        'SELECT (SELECT COUNT(*) FROM messages) AS messages, (SELECT COUNT(*) FROM search_rows) AS searched',
      )
      .get() as { messages: number; searched: number }
  } finally {
    database.close()
  }
}

/** All that is there was received so much earlier. */
function letPass(milliseconds: number): void {
  const database = new DatabaseSync(join(stack.stateDir, 'accounts', 'default', 'account.db'))
  database.prepare('UPDATE inbox SET received_at = received_at - ?').run(milliseconds)
  database.close()
}

it('an edit of retention deletes what is too old, and the oldest of a conversation that is too long', async () => {
  stack = await Stack.start()
  await stack.link()
  await stack.alice.sendText(OWNER, 'three days ago')
  await stack.alice.waitForText('three days ago')
  await stack.stopDaemon()
  letPass(3 * DAY_MS)
  await stack.startDaemon()
  for (let index = 0; index < 60; index += 1) await stack.alice.sendText(OWNER, `message ${index}`)
  await stack.alice.waitForText('message 59', 120_000)
  await expect.poll(() => kept().searched).toBeGreaterThan(100)
  const { messages } = kept()
  stack.writeConfig([ALICE], { retention: { days: 1 } })
  await expect.poll(() => kept().messages).toBe(messages - 1)
  stack.writeConfig([ALICE], { retention: { messagesPerConversation: 100 } })
  await expect.poll(() => kept()).toEqual({ messages: 100, searched: 100 })
})
