import type { AxeResults } from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { AXE, axeComplaints, axeRun } from '../axe.ts'
import { openBrowser } from '../open-browser.ts'
import { READERS } from '../readers.ts'
import { CONVERSATION_SCENES } from '../states/conversation-states.ts'
import { Stage } from '../states/stage.ts'
import { openConversations } from './open-conversations.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test.each(CONVERSATION_SCENES)(
  '$name is told in words, to everybody, on every width',
  async ({ words, options, before, after }) => {
    const stage = await Stage.start(browser, options, before)
    onTestFinished(() => stage.stop())
    const page = await openConversations(stage)
    await after?.(page, stage)
    await page.getByText(words).filter({ visible: true }).first().waitFor()
    await page.evaluate(AXE)
    for (const width of [1_100, 320])
      for (const { name, dir, ...media } of READERS) {
        await page.setViewportSize({ width, height: 860 })
        await page.emulateMedia(media)
        await page.evaluate((direction) => (document.documentElement.dir = direction), dir)
        const scrolled = await page.evaluate(() => document.documentElement.scrollWidth)
        expect(scrolled, `${name}: width`).toBe(width)
        const complaints = axeComplaints(await page.evaluate<AxeResults>(axeRun(null)))
        expect(complaints, `${name} ${width}`).toEqual([])
      }
    expect(stage.errors).toEqual([])
  },
)
