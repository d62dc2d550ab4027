import type { AxeResults } from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AXE, axeComplaints, axeRun } from './axe.ts'
import { BROWSERS, openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'
import { SCRIPTED_VIEWS } from './scripted-views.ts'

// Every state of the real daemon is judged in Chromium (`every-state.test.ts`), each layout in the other browsers, too, since
// they compute names, colours and sizes on their own.

describe.each(BROWSERS.filter((name) => name !== 'chromium'))('in %s', (browserName) => {
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser(browserName)
  })
  afterAll(() => browser?.close())

  test.each(Object.entries(SCRIPTED_VIEWS))('axe has nothing to complain of: %s', async (_name, facts) => {
    const scripted = await ScriptedPage.prepare(browser)
    const { page } = scripted
    scripted.show(facts)
    await scripted.open()
    await page.setViewportSize({ width: 320, height: 900 })
    await page.evaluate(AXE)
    for (const scheme of ['light', 'dark']) {
      await page.evaluate((colours) => (document.documentElement.style.colorScheme = colours), scheme)
      expect(axeComplaints(await page.evaluate<AxeResults>(axeRun(null))), scheme).toEqual([])
    }
    const isWider = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      return scrollWidth > clientWidth
    })
    expect(isWider, 'sideways scrolling').toBe(false)
    if (await scripted.button('Edit allowed numbers').isHidden()) return
    await scripted.button('Edit allowed numbers').click()
    await page.getByRole('dialog').waitFor()
    expect(axeComplaints(await page.evaluate<AxeResults>(axeRun(null))), 'the dialog').toEqual([])
  })
})
