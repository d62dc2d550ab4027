import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { AXE, axeComplaints, axeRun } from '../axe.ts'
import { Keyboard } from '../keyboard.ts'
import { misfits } from '../misfits.ts'
import { openBrowser } from '../open-browser.ts'
import { APPEARANCE, READERS } from '../readers.ts'
import { BUSINESS_CONVERSATION_SCENES } from '../states/business-conversation-states.ts'
import { BusinessStage } from '../states/business-stage.ts'
import { BUSINESS_SCENES } from '../states/business-states.ts'
import { speak } from '../states/stress.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

async function scrolledWidth(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth)
}

test.each([...BUSINESS_SCENES, ...BUSINESS_CONVERSATION_SCENES])(
  '$name is told in words, to everybody, on every width',
  async (scene) => {
    const stage = await BusinessStage.start(browser, scene)
    onTestFinished(() => stage.stop())
    const { page, errors } = stage
    const element = BusinessStage.elementOf(scene)
    await page.evaluate(AXE)
    const widths = scene.isConversations ? [1_100, 320] : [320]
    for (const width of widths)
      for (const { name, dir, ...media } of READERS) {
        await page.setViewportSize({ width, height: 860 })
        await page.emulateMedia(media)
        await page.evaluate((direction) => (document.documentElement.dir = direction), dir)
        expect(await scrolledWidth(page), `${name}: width`).toBe(width)
        const rules = name === 'light' ? null : APPEARANCE
        const found = axeComplaints(await page.evaluate<AxeResults>(axeRun(rules)))
        expect(found, `${name} ${width}`).toEqual([])
      }
    await page.emulateMedia({ forcedColors: 'none', colorScheme: 'light' })
    await page.evaluate(() => (document.documentElement.dir = 'ltr'))
    if (!scene.isConversations) expect(await new Keyboard(page).missed(), 'by Tab').toEqual([])

    // Texts of twice the size on a narrow phone, then in longer words, then from right to left.
    await page
      .locator(element)
      .evaluate((shown: HTMLElement) => shown.style.setProperty('--whatsapp-card-font-size', '32px'))
    expect(await misfits(page, element), 'large').toEqual([])
    await page
      .locator(element)
      .evaluate((shown: HTMLElement) => shown.style.removeProperty('--whatsapp-card-font-size'))
    for (const language of ['de', 'ar'] as const) {
      await speak(page, language, element)
      expect(await scrolledWidth(page), language).toBe(320)
      expect(await misfits(page, element), language).toEqual([])
    }
    expect(errors).toEqual([])
  },
)
