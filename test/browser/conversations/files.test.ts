import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { OWNER } from '../../support/stack.ts'
import { wavFile } from '../../support/wav-file.ts'
import { openBrowser } from '../open-browser.ts'
import { button, Stage } from '../states/stage.ts'
import { openConversations, row } from './open-conversations.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

async function played(page: Page): Promise<number> {
  return page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.played.length)
}

test('a sound plays when it is asked for, and not again when its conversation is opened again', async () => {
  const stage = await Stage.start(browser, {}, (stack) => stack.link())
  onTestFinished(() => stage.stop())
  const { stack } = stage
  await stack.alice.sendMedia(OWNER, {
    kind: 'audio',
    data: wavFile(1, () => 0),
    mimeType: 'audio/wav',
    seconds: 1,
  })
  await stack.untilEvent('message.sent')
  const page = await openConversations(stage, { viewport: { width: 500, height: 860 } })
  await row(page, 'Alice').click()
  await button(page, 'Play the sound').click()
  await expect.poll(() => played(page)).toBe(1)
  await button(page, 'Back to the conversations').click()
  await row(page, 'Alice').click()
  await page.locator('audio').evaluate((audio: HTMLAudioElement) => (audio.preload = 'auto'))
  // By itself it would begin now.
  await expect
    .poll(() => page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.readyState))
    .toBe(4)
  expect(await played(page)).toBe(0)
  expect(stage.errors).toEqual([])
})
