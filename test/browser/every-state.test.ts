import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { ACCOUNT_STATES } from '../../src/protocol/account/account-states.ts'
import { AXE, axeComplaints, axeRun } from './axe.ts'
import { Keyboard } from './keyboard.ts'
import { openBrowser } from './open-browser.ts'
import { APPEARANCE, READERS } from './readers.ts'
import { SCENES } from './states/scenes.ts'
import { Stage } from './states/stage.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** What axe complains of: with these rules, or with all. */
async function complaints(page: Page, rules: readonly string[] | null): Promise<string[]> {
  return axeComplaints(await page.evaluate<AxeResults>(axeRun(rules)))
}

/** What still moves on the card, by name. */
async function movements(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    document
      .getAnimations()
      .filter(({ playState }) => playState === 'running')
      .map((animation) => (animation instanceof CSSAnimation ? animation.animationName : 'a transition')),
  )
}

test('there is a scene for every state', () => {
  const shown = new Set(SCENES.map(({ state }) => state))
  expect(ACCOUNT_STATES.filter((state) => !shown.has(state))).toEqual([])
})

test.each(SCENES)(
  '$name is told in words, to everybody, and left with the mouse',
  async ({ words, options, state, before, after, way }) => {
    const stage = await Stage.start(browser, options, before)
    onTestFinished(() => stage.stop())
    const page = await stage.open()
    await after?.(page, stage)
    await page.getByText(words).first().waitFor()
    if (state !== undefined) expect(stage.stack.account().state).toBe(state)

    await page.setViewportSize({ width: 320, height: 900 })
    await page.evaluate(AXE)
    for (const { name, dir, ...media } of READERS) {
      await page.emulateMedia(media)
      await page.evaluate((direction) => (document.documentElement.dir = direction), dir)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${name}: width`).toBe(320)
      expect(await complaints(page, name === 'light' ? null : APPEARANCE), name).toEqual([])
      if (media.reducedMotion === 'reduce')
        await expect.poll(() => movements(page), { message: name }).toEqual([])
    }
    await page.emulateMedia({ forcedColors: 'none', colorScheme: 'light' })
    expect(await new Keyboard(page).missed(), 'by Tab').toEqual([])

    if (way !== undefined) {
      await page.getByRole(way.role ?? 'button', { name: way.name, exact: true }).hover()
      way.mend?.(stage.stack)
      await page.mouse.down()
      await page.mouse.up()
      await page.getByText(way.words).filter({ visible: true }).first().waitFor()
    }
    expect(stage.errors).toEqual([])
  },
)
