import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { ALICE, OWNER } from '../../support/stack.ts'
import { openBrowser } from '../open-browser.ts'
import { button, Stage } from '../states/stage.ts'
import { message, messagesWith, openConversations, row } from './open-conversations.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test('a person reads along and answers', async () => {
  const stage = await Stage.start(browser, {}, (stack) => stack.link())
  onTestFinished(() => stage.stop())
  const { stack } = stage
  await stack.alice.sendText(OWNER, 'Is *anybody* there? https://a.example/b_c')
  await stack.untilEvent('message.sent')
  const page = await openConversations(stage)
  await row(page, 'Alice').getByText('1 unread').waitFor()
  await row(page, 'Alice').click()

  const link = messagesWith(page, 'Alice').getByRole('link', { name: 'https://a.example/b_c' }).first()
  expect(await link.getAttribute('rel')).toContain('noopener')
  await message(page, 'anybody').filter({ hasText: 'Assistant' }).getByText('delivered').waitFor()
  await row(page, 'Alice').getByText('1 unread').waitFor({ state: 'detached' })

  await stack.alice.sendText(OWNER, 'Can a person help me?')
  await message(page, 'Can a person help me?').first().waitFor()
  await page.getByText('The assistant answers here.').waitFor()
  await page.getByRole('textbox', { name: 'Reply to Alice' }).fill('I am a person\nwith two lines')
  await button(page, 'Send').click()
  await stack.alice.waitForText(({ text }) => text === 'I am a person\nwith two lines')
  await message(page, 'I am a person').getByText('You', { exact: true }).waitFor()
  await message(page, 'I am a person').getByText('delivered').waitFor()
  expect(await message(page, 'I am a person').count()).toBe(1)
  expect(stage.errors).toEqual([])
})

test('what failed is sent again or discarded, with the reason beside it', async () => {
  const stage = await Stage.start(browser, {}, (stack) => stack.link())
  onTestFinished(() => stage.stop())
  const { stack } = stage
  const refusal = stack.simulator.faults.refuseMessages(463)
  for (const text of ['First question', 'Second question']) {
    await stack.alice.sendText(OWNER, text)
    await stack.untilEvent('message.failed')
  }
  const page = await openConversations(stage)
  await row(page, 'Alice').click()
  const failed = page.locator('[data-message]').filter({ hasText: 'failed' })
  await expect.poll(() => failed.count()).toBe(2)
  refusal.clear()
  await failed.first().getByRole('button', { name: 'Send again' }).click()
  await expect.poll(() => failed.count()).toBe(1)
  await failed.first().getByRole('button', { name: 'Discard' }).click()
  await button(page, 'Yes, discard').click()
  await expect.poll(() => failed.count()).toBe(0)
  await stack.alice.waitForText(({ text }) => text.includes('First question'))
  expect(stage.errors).toEqual([])
})

test('nothing can be written to who is not allowed any more, or while WhatsApp is away, and why is said', async () => {
  const stage = await Stage.start(browser, {}, (stack) => stack.link())
  onTestFinished(() => stage.stop())
  const { stack } = stage
  await stack.alice.sendText(OWNER, 'Hello')
  await stack.untilEvent('message.sent')
  const page = await openConversations(stage)
  await row(page, 'Alice').click()
  const field = page.getByRole('textbox', { name: 'Reply to Alice' })
  await expect.poll(() => field.isEnabled()).toBe(true)
  await stage.editConfig(({ channels }) => (channels.whatsapp['enabled'] = false))
  await page.getByText('This account is paused').first().waitFor()
  expect(await field.isDisabled()).toBe(true)
  await stage.editConfig(({ channels }) => (channels.whatsapp['enabled'] = true))
  await expect.poll(() => field.isEnabled()).toBe(true)
  await stage.editConfig(({ channels }) => (channels.whatsapp['allowFrom'] = ['+15550009999']))
  await page.getByText('This person is not on the list of allowed people, so nothing is sent.').waitFor()
  expect(await field.isDisabled()).toBe(true)
  await stage.editConfig(({ channels }) => (channels.whatsapp['allowFrom'] = [ALICE]))
  await expect.poll(() => field.isEnabled()).toBe(true)
  await stack.stopDaemon()
  await page.getByText('The daemon cannot be reached.').waitFor()
  expect(stage.errors).toEqual([])
})

test('a search finds what was said, and opens the conversation there', async () => {
  const stage = await Stage.start(browser, {}, (stack) => stack.link())
  onTestFinished(() => stage.stop())
  const { stack } = stage
  await stack.alice.sendText(OWNER, 'Wo ist der Schlüssel?')
  for (let index = 0; index < 30; index += 1)
    await stack.alice.sendText(OWNER, `Message ${index}\n${'line\n'.repeat(8)}`)
  await stack.until('the answers', () => stack.published('message.sent').length > 5)
  const page = await openConversations(stage)
  await row(page, 'Alice').waitFor()
  await page.getByRole('searchbox').fill('schlussel')
  const hits = page.getByRole('listbox', { name: 'Search' })
  expect(await hits.locator('mark').first().textContent()).toBe('Schlüssel')
  await hits.getByRole('option').last().click()
  const found = message(page, 'Wo ist der Schlüssel?').first()
  await expect
    .poll(() => found.evaluate((item) => item.getBoundingClientRect().top > 0 && item.checkVisibility()))
    .toBe(true)
  await button(page, 'Jump to the newest message').click()
  await message(page, 'Message 29').last().waitFor()
  expect(stage.errors).toEqual([])
})
