import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, expect, it } from 'vitest'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

/*
 * Over the wire: a stranger's name of 300,000 characters made every dashboard fail from then on, and an id of 200 kB was
 * stored as it came.
 */

const LONG_NAME = '\u202EMallory\u001B[31m'.padEnd(300_000, 'x')
const LONG_ID = '3A'.padEnd(200_000, '0')

let stack: Stack
afterEach(() => stack.stop())

/** The longest text of any table of the account. */
function longestStored(): number {
  const database = new DatabaseSync(join(stack.stateDir, 'accounts', 'default', 'account.db'))
  try {
    const tables = database
      .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'`)
      .all() as {
      name: string
    }[]
    const values = tables.flatMap(({ name }) =>
      (database.prepare(`SELECT * FROM "${name}"`).all() as object[]).flatMap((row) => Object.values(row)),
    )
    return Math.max(...values.map((value) => (typeof value === 'string' ? value.length : 0)))
  } finally {
    database.close()
  }
}

it('names of any length: dashboards subscribe, now and after a restart', async () => {
  stack = await Stack.start()
  await stack.link()
  await stack.mallory.sendText(OWNER, 'hello', { attributes: { notify: LONG_NAME } })
  await stack.untilEvent('message.blocked')
  await stack.alice.sendText(OWNER, 'hello', { attributes: { notify: LONG_NAME } })
  const received = await stack.untilEvent('message.received')
  expect(received.name?.length).toBeLessThanOrEqual(100)
  await stack.alice.waitForText('hello')
  for (const round of ['now', 'after a restart']) {
    const client = await stack.client()
    const { snapshot } = await client.request('session.subscribe', { since: 0 })
    expect(snapshot.blocked, round).toHaveLength(1)
    expect(snapshot.blocked[0]?.name).toMatch(/^Mallory\[31mx+…$/)
    client.close()
    await stack.stopDaemon()
    expect(longestStored()).toBeLessThan(10_000)
    if (round === 'now') await stack.startDaemon()
  }
})

it('an id of any length: nothing of it is kept, and the next message is answered', async () => {
  stack = await Stack.start({ allowFrom: [ALICE] })
  await stack.link()
  await stack.mallory.sendText(OWNER, 'from a stranger', { id: LONG_ID })
  await stack.alice.sendText(OWNER, 'under no name', { id: LONG_ID })
  await stack.alice.sendText(OWNER, 'the next one')
  await stack.alice.waitForText('the next one')
  expect(stack.published('message.received')).toHaveLength(1)
  await stack.stopDaemon()
  expect(longestStored()).toBeLessThan(10_000)
})

// A message with such a time could not be stored, and took the account down with it.
it.each(['soon', '9'.repeat(25), '-9'.padEnd(25, '9'), ''])(
  'the time "%s": the message is answered',
  async (t) => {
    stack = await Stack.start()
    await stack.link()
    await stack.mallory.sendText(OWNER, 'from a stranger', { attributes: { t } })
    await stack.alice.sendText(OWNER, 'at no time', { attributes: { t } })
    await stack.alice.waitForText('at no time')
    await stack.alice.sendText(OWNER, 'the next one')
    await stack.alice.waitForText('the next one')
    expect(stack.account().state).toBe('connected')
  },
)
