import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { Keyboard } from './keyboard.ts'
import { openBrowser } from './open-browser.ts'
import { ACCOUNT_SCENES } from './states/account-states.ts'
import { Stage } from './states/stage.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test.each(ACCOUNT_SCENES.filter(({ way }) => way !== undefined))(
  '$name is left with the keyboard alone',
  async ({ words, options, before, after, way }) => {
    if (way === undefined) throw new Error('filtered above')
    const stage = await Stage.start(browser, options, before)
    onTestFinished(() => stage.stop())
    const page = await stage.open()
    await after?.(page, stage)
    await page.getByText(words).first().waitFor()
    await new Keyboard(page).tabTo(way.name)
    way.mend?.(stage.stack)
    await page.keyboard.press(way.role === 'switch' ? 'Space' : 'Enter')
    await page.getByText(way.words).filter({ visible: true }).first().waitFor()
    expect(stage.errors).toEqual([])
  },
)
