import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { OWNER } from '../../support/stack.ts'
import { openBrowser } from '../open-browser.ts'
import { button, Stage } from '../states/stage.ts'
import { message, openConversations, row } from './open-conversations.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test('who answers takes over from the assistant, and hands back', async () => {
  const stage = await Stage.start(browser, {}, (stack) => stack.link())
  onTestFinished(() => stage.stop())
  const { stack } = stage
  await stack.alice.sendText(OWNER, 'Hello')
  await stack.untilEvent('message.sent')
  const page = await openConversations(stage)
  await row(page, 'Alice').click()
  await page.getByText('The assistant answers here.').waitFor()
  await page.getByRole('textbox', { name: 'Reply to Alice' }).fill('A person here')
  await button(page, 'Send').click()
  await stack.alice.waitForText(({ text }) => text === 'A person here')
  await page.getByText('Somebody answered here. The assistant goes on in').waitFor()
  await row(page, 'Alice').getByText('Assistant paused').waitFor()
  await stack.alice.sendText(OWNER, 'Thank you')
  await message(page, 'Thank you').waitFor()

  await button(page, 'Hand back to the assistant').click()
  await page.getByText('The assistant answers here.').waitFor()
  await stack.alice.sendText(OWNER, 'Machine?')
  await message(page, 'Machine?').filter({ hasText: 'Assistant' }).waitFor()
  expect(stack.alice.received.filter(({ text }) => text.includes('Thank you'))).toEqual([])

  await button(page, 'Take over from the assistant').click()
  await page.getByText('The assistant is paused here.').waitFor()
  const assistant = page.getByRole('switch', { name: 'Assistant' })
  // It is drawn as one: a knob on a ground.
  expect(await assistant.evaluate((shown) => getComputedStyle(shown, '::after').width)).toBe('20px')
  await assistant.click()
  await page.getByText('The assistant is off here').waitFor()
  await row(page, 'Alice').getByText('Assistant off').waitFor()
  expect(stage.errors).toEqual([])
})

test('details are noted, and a person is forgotten after a question', async () => {
  const stage = await Stage.start(browser, {}, (stack) => stack.link())
  onTestFinished(() => stage.stop())
  const { stack } = stage
  await stack.alice.sendText(OWNER, 'Hello')
  await stack.untilEvent('message.sent')
  const page = await openConversations(stage)
  await row(page, 'Alice').click()
  const choose = async (item: string): Promise<void> => {
    await button(page, 'More of this conversation').click()
    await button(page, item).click()
  }
  await choose('Details')
  await page.getByRole('textbox', { name: 'company' }).fill('Wonderland')
  await button(page, 'Save the details').click()
  await page.getByText('set by a person').waitFor()
  await button(page, 'Close the details').first().click()
  await choose('Forget this person')
  await button(page, 'Keep').click()
  await choose('Forget this person')
  await button(page, 'Yes, forget').click()
  await page.getByText('Nobody has written yet.').waitFor()
  expect(stage.errors).toEqual([])
})
