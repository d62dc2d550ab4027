import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openBrowser } from './open-browser.ts'
import { SCENES } from './states/scenes.ts'
import { Stage } from './states/stage.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** What axe complains of, as `rule: where`, with every one of its rules. */
async function complaints(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const results = await page.evaluate<AxeResults>('axe.run()')
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  )
}

test.each(SCENES)(
  '$name is told in words, and to everybody',
  { timeout: 60_000 },
  async ({ words, options, before, after }) => {
    const stage = await Stage.start(browser, options, before)
    onTestFinished(() => stage.stop())
    const page = await stage.open()
    await after?.(page, stage)
    await page.getByText(words).first().waitFor()
    await page.setViewportSize({ width: 320, height: 900 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth), 'reflow').toBe(320)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect(await complaints(page), colorScheme).toEqual([])
    }
    expect(stage.errors).toEqual([])
  },
)
