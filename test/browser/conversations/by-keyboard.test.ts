import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { ALICE, MALLORY, OWNER } from '../../support/stack.ts'
import { Keyboard } from '../keyboard.ts'
import { openBrowser } from '../open-browser.ts'
import { Stage } from '../states/stage.ts'
import { message, openConversations, row } from './open-conversations.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test('everything can be done with the keyboard alone', async () => {
  const stage = await Stage.start(browser, { allowFrom: [ALICE, MALLORY] }, (stack) => stack.link())
  onTestFinished(() => stage.stop())
  const { stack } = stage
  await stack.mallory.sendText(OWNER, 'The older one')
  await stack.alice.sendText(OWNER, 'The newer one')
  await stack.until('both answers', () => stack.published('message.sent').length === 2)
  const page = await openConversations(stage)
  const keyboard = new Keyboard(page)
  await row(page, 'Alice').waitFor()
  await keyboard.tabTo('Search in all conversations')
  await page.keyboard.type('Mall')
  await row(page, 'Mallory').waitFor()
  await page.keyboard.press('Escape')
  await row(page, 'Alice').waitFor()

  await page.getByRole('listbox').focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect.poll(() => keyboard.focused()).toBe('Reply to Mallory')
  await page.keyboard.type('One')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('Two')
  await page.keyboard.press('Enter')
  await stack.mallory.waitForText(({ text }) => text === 'One\nTwo')
  await expect.poll(() => keyboard.focused()).toBe('Reply to Mallory')

  await page.keyboard.press('Escape')
  await expect.poll(() => keyboard.focused()).toBe('Conversations')
  await page.keyboard.press('Enter')
  await expect.poll(() => keyboard.focused()).toBe('Reply to Mallory')
  await message(page, 'Two').getByText('delivered').waitFor()
  await page.keyboard.press('Shift+Tab')
  while (!(await keyboard.focused()).includes('Two')) await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Home')
  await expect.poll(() => keyboard.focused()).toContain('The older one')
  await page.keyboard.press('Enter')
  await expect.poll(() => keyboard.focused()).toBe('React with 👍')
  await page.keyboard.press('Enter')
  await stack.mallory.waitForText(({ reaction }) => reaction?.emoji === '👍')
  await page.keyboard.press('Enter')
  await keyboard.press('Quote')
  await expect.poll(() => keyboard.focused()).toBe('Reply to Mallory')
  await page.keyboard.type('About this')
  await page.keyboard.press('Enter')
  const answer = await stack.mallory.waitForText(({ text }) => text === 'About this')
  expect(answer.quote?.text).toBe('The older one')
  expect(stage.errors).toEqual([])
})
