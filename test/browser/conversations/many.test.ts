import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { OWNER } from '../../support/stack.ts'
import type { Stack } from '../../support/stack.ts'
import { openBrowser } from '../open-browser.ts'
import { Stage } from '../states/stage.ts'
import { message, openConversations, row } from './open-conversations.ts'

const COUNT = 10_000
/** What fits into the list, and a few above and below. */
const MAX_DRAWN = 30

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** The conversation with Alice ten thousand times, each with somebody else and a minute older. */
async function multiply(stack: Stack): Promise<void> {
  await stack.link()
  await stack.alice.sendText(OWNER, 'The newest one')
  await stack.untilEvent('message.sent')
  await stack.stopDaemon()
  const database = new DatabaseSync(join(stack.stateDir, 'accounts/default/account.db'))
  const columns = (table: string, replaced: Record<string, string>): [string, string] => {
    const rows = database.prepare(`PRAGMA table_info(${table})`).all() as { name: string; pk: number }[]
    const names = rows.filter(({ pk }) => pk === 0).map(({ name }) => name)
    return [names.join(), names.map((name) => replaced[name] ?? name).join()]
  }
  const [into, from] = columns('conversations', {
    name: `'+1556' || (1000000 + i)`,
    session: 'lower(hex(randomblob(16)))',
    last_at: 'NULL',
    unread: '0',
  })
  const [inboxInto, inboxFrom] = columns('inbox', {
    conversation: 'c.id',
    message_id: `'M' || c.id`,
    sent_at: 'inbox.sent_at - 60000 * c.id',
    received_at: 'inbox.received_at - 60000 * c.id',
    text: `'Message ' || c.id`,
    sender_name: `'Person ' || c.id`,
    turn: 'NULL',
  })
  database.exec(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${COUNT})
      INSERT INTO conversations (${into}) SELECT ${from} FROM n, (SELECT * FROM conversations LIMIT 1);
    INSERT INTO inbox (${inboxInto})
      SELECT ${inboxFrom} FROM (SELECT id FROM conversations WHERE name LIKE '+1556%') AS c,
        (SELECT * FROM inbox ORDER BY sequence LIMIT 1) AS inbox;
  `)
  database.close()
  await stack.startDaemon()
  await stack.untilState('connected')
}

test('ten thousand conversations are scrolled through, and only those are drawn that are seen', async () => {
  const stage = await Stage.start(browser, {}, multiply)
  onTestFinished(() => stage.stop())
  const page = await openConversations(stage)
  await row(page, 'The newest one').waitFor()
  const list = page.getByRole('listbox', { name: 'Conversations' })
  const drawn = () => page.getByRole('option').count()
  const last = () => page.getByRole('option').last().getAttribute('aria-posinset').then(Number)

  await list.hover()
  for (let turn = 0; turn < 20; turn += 1) {
    await page.mouse.wheel(0, 2_000)
    expect(await drawn()).toBeLessThan(MAX_DRAWN)
  }
  await expect.poll(last).toBeGreaterThan(200)

  await list.focus()
  while ((await last()) < COUNT + 1) {
    await page.keyboard.press('End')
    expect(await drawn()).toBeLessThan(MAX_DRAWN)
  }
  const oldest = await page.getByRole('option').last().textContent()
  expect(oldest).toContain(`Person ${COUNT + 1}`)
  // The last page may have come after the last key.
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: `Reply to Person ${COUNT + 1}` }).waitFor()

  // What is seen stays where it is while others write.
  const seen = await page.getByRole('option').last().getAttribute('id')
  await stage.stack.alice.sendText(OWNER, 'Another one')
  await stage.stack.until('the answer', () => stage.stack.published('message.sent').length === 2)
  expect(await page.getByRole('option').last().getAttribute('id')).toBe(seen)
  await page.getByRole('listbox').focus()
  await page.keyboard.press('Home')
  await row(page, 'Another one').click()
  await message(page, 'Another one').first().waitFor()
  expect(stage.errors).toEqual([])
})
