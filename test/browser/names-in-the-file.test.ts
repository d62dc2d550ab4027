import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { ALICE, MALLORY, OWNER } from '../support/stack.ts'
import { openBrowser } from './open-browser.ts'
import { button, Stage } from './states/stage.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** The page of a linked account to which Mallory has written. */
async function open(channel: Record<string, unknown>) {
  const stage = await Stage.start(browser, { channel }, async (stack) => {
    await stack.link()
    await stack.mallory.sendText(OWNER, 'Let me in')
    await stack.untilEvent('message.blocked')
  })
  onTestFinished(() => stage.stop())
  const page = await stage.open()
  const whatsapp = () =>
    (JSON.parse(stage.stack.readConfig()) as { channels: { whatsapp: Record<string, unknown> } }).channels
      .whatsapp
  return { stage, page, whatsapp }
}

test('who is allowed is in the file with their name, and renamed there', async () => {
  const { stage, page, whatsapp } = await open({})
  await button(page, `Allow ${MALLORY}`).click()
  await expect.poll(whatsapp).toMatchObject({
    allowFrom: [ALICE, MALLORY],
    senders: { [MALLORY]: { name: 'Mallory' } },
  })
  await page.getByRole('listitem').filter({ hasText: 'Mallory' }).getByText(MALLORY).waitFor()
  await button(page, 'Edit allowed numbers').click()
  await page.getByRole('textbox', { name: `Name of ${ALICE}` }).fill('Alice')
  await page.getByRole('textbox', { name: `Name of ${MALLORY}` }).fill('')
  await button(page, 'Save').click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  expect(whatsapp()).toMatchObject({ allowFrom: [ALICE, MALLORY], senders: { [ALICE]: { name: 'Alice' } } })
  expect(stage.errors).toEqual([])
})

test("a file of OpenClaw's gets the number alone", async () => {
  const { stage, page, whatsapp } = await open({ healthMonitor: { enabled: true } })
  await button(page, `Allow ${MALLORY}`).click()
  await page.getByRole('listitem').filter({ hasText: MALLORY }).waitFor()
  await button(page, 'Edit allowed numbers').click()
  await page.getByRole('dialog').getByText(MALLORY).waitFor()
  expect(await page.getByRole('textbox', { name: /^Name of/ }).count()).toBe(0)
  expect(whatsapp()).toMatchObject({ allowFrom: [ALICE, MALLORY] })
  expect(whatsapp()).not.toHaveProperty('senders')
  expect(stage.errors).toEqual([])
})
