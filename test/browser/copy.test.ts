import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectedAccount } from './account-fixture.ts'
import { BROWSERS, openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

const LINK = 'https://wa.me/15555550100'

describe.each(BROWSERS)('in %s', (browserName) => {
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser(browserName)
  })
  afterAll(() => browser?.close())

  async function openShare(before: string): Promise<ScriptedPage> {
    const scripted = await ScriptedPage.prepare(browser)
    scripted.show({ accounts: [connectedAccount()] })
    await scripted.page.addInitScript(before)
    await scripted.page.clock.install()
    await scripted.open()
    await scripted.page.getByText('Share this number').click()
    return scripted
  }

  function selection(page: Page): Promise<string> {
    return page.evaluate(() => String(getSelection()))
  }

  test.each([
    [
      'has no clipboard, as over plain http',
      "Object.defineProperty(navigator, 'clipboard', { value: undefined })",
    ],
    [
      'may not write to it',
      "if (navigator.clipboard) navigator.clipboard.writeText = () => Promise.reject(new Error('denied'))",
    ],
  ])('a page that %s selects the text and says so', async (_name, before) => {
    const { page, complaints } = await openShare(before)
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByText('The text is selected').waitFor()
    expect(await selection(page)).toBe(LINK)
    expect(await page.getByText('Copied').count()).toBe(0)
    await page.clock.runFor(16_000)
    await page.getByText('The text is selected').waitFor({ state: 'hidden' })
    expect(complaints).toEqual([])
  })

  test('what was copied is said for three seconds', async () => {
    const { page } = await openShare(
      'if (navigator.clipboard) navigator.clipboard.writeText = (text) => Promise.resolve(void (window.clipped = text))',
    )
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate('clipped')).toBe(LINK)
    await page.clock.runFor(3_600)
    await page.getByRole('button', { name: 'Copy link' }).waitFor()
  })
})
