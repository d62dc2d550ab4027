import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectedAccount } from './account-fixture.ts'
import { openDashboard } from './dashboard-page.ts'
import { BROWSERS, openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

// The countries and dates of a card are in the language of its sentences, whatever the page calls its language.

describe.each(BROWSERS)('in %s', (browserName) => {
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser(browserName)
  })
  afterAll(() => browser?.close())

  const LINKED = /Linked since\s*(.*)/

  async function open(html: string): Promise<ScriptedPage> {
    const scripted = await ScriptedPage.prepare(browser)
    scripted.show({ accounts: [connectedAccount()] })
    await openDashboard(scripted, html)
    return scripted
  }

  async function linkedSince(page: Page): Promise<string> {
    await page.getByRole('heading', { name: 'Allowed numbers' }).first().waitFor()
    const text = await page.locator('whatsapp-card').evaluate((card) => card.shadowRoot?.textContent ?? '')
    return LINKED.exec(text)?.[1] ?? text
  }

  /** A dashboard that keeps its card in a shadow root. */
  const IN_SHADOW_ROOT = `<main><div id="host"><template shadowrootmode="open"><whatsapp-card></whatsapp-card></template></div></main>`

  async function translate(page: Page, strings: object | null): Promise<void> {
    await page
      .locator('whatsapp-card')
      .evaluate((card, given) => Object.assign(card, { strings: given }), strings)
  }

  test.each(['en_US', 'de_DE.UTF-8', 'english language', '!', 'x'.repeat(300)])(
    'a page whose lang is %s shows the card',
    async (lang) => {
      const { page, complaints } = await open(`<html lang="${lang}"><whatsapp-card></whatsapp-card>`)
      expect(await linkedSince(page)).toContain('2026')
      expect(complaints).toEqual([])
    },
  )

  test('English sentences have English dates and countries on a page of another language', async () => {
    const { page } = await open('<html lang="ar" dir="rtl"><whatsapp-card></whatsapp-card>')
    expect(await linkedSince(page)).toBe('3 Mar 2026')
    await page.getByRole('button', { name: 'Edit allowed numbers' }).click()
    await page.getByRole('textbox', { name: 'Add a number' }).fill('+49151')
    await page.getByText('Germany').waitFor()
  })

  test('translated sentences have the dates of the page, which may change its language at any time', async () => {
    const { page } = await open(`<html lang="de">${IN_SHADOW_ROOT}`)
    await translate(page, { Connected: 'Verbunden' })
    await expect.poll(() => linkedSince(page)).toBe('03.03.2026')
    await page.evaluate(() => (document.documentElement.lang = 'fr'))
    await expect.poll(() => linkedSince(page)).toBe('3 mars 2026')
    await page.evaluate(() => document.querySelector('#host')?.setAttribute('lang', 'de_AT'))
    await expect.poll(() => linkedSince(page)).toBe('03.03.2026')
    await translate(page, { lang: 'es', Connected: 'Conectado' })
    await expect.poll(() => linkedSince(page)).toBe('3 mar 2026')
    await translate(page, null)
    await expect.poll(() => linkedSince(page)).toBe('3 Mar 2026')
  })

  test('the card is turned around with its place in the page, through shadow roots', async () => {
    const { page } = await open(`<html lang="en">${IN_SHADOW_ROOT}`)
    await linkedSince(page)
    const heading = page.getByRole('heading', { name: 'Allowed numbers' }).first()
    const alignment = (): Promise<string> =>
      heading.evaluate((element) => getComputedStyle(element).textAlign)
    expect(await alignment()).toBe('left')
    for (const how of ["setAttribute('dir', 'rtl')", "setAttribute('style', 'direction: rtl')"]) {
      await page.evaluate(`document.querySelector('#host').${how}`)
      expect(await alignment(), how).toBe('right')
      await page.evaluate(
        "for (const name of ['dir', 'style']) document.querySelector('#host').removeAttribute(name)",
      )
    }
  })
})
