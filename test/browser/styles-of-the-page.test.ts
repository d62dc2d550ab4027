import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectedAccount } from './account-fixture.ts'
import { openDashboard } from './dashboard-page.ts'
import { BROWSERS, openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

// What a page sets for its own texts must not change the card; what it hides must be hidden.

const INHERITED = `
  font: italic bold 30px/1 serif; font-variant: small-caps; letter-spacing: 0.3em; word-spacing: 1em; text-transform: uppercase;
  white-space: nowrap; text-align: center; text-indent: 2em; word-break: break-all; hyphens: auto; line-break: anywhere;
  color: red; -webkit-text-fill-color: red; text-shadow: 1px 1px red; caret-color: red; accent-color: red; cursor: wait;
  user-select: none; list-style: square inside; tab-size: 2; quotes: none; border-spacing: 9px; border-collapse: collapse`

const HOSTILE = {
  'a root of 62.5 %': 'html { font-size: 62.5% }',
  'a root of 200 %': 'html { font-size: 200% }',
  'styles that are inherited': `body { ${INHERITED} }`,
  'styles for every element': `* { ${INHERITED} }`,
  'styles for the names that the card uses': `.card, .row, button, h2, p, li, dialog { ${INHERITED}; padding: 40px !important }`,
}

describe.each(BROWSERS)('in %s', (browserName) => {
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser(browserName)
  })
  afterAll(() => browser?.close())

  async function open(styles: string): Promise<Page> {
    const scripted = await ScriptedPage.prepare(browser)
    const { page } = scripted
    const assistant = { agent: 'ada', connector: 'echo', ok: true, since: '2026-03-03T12:00:00.000Z' }
    scripted.show({
      accounts: [
        {
          ...connectedAccount(),
          assistant: { ...assistant, lastSuccessAt: assistant.since, lastFailure: null },
        },
      ],
    })
    await openDashboard(
      scripted,
      `<html lang="en"><style>main { width: 420px; padding: 0 !important } ${styles}</style>
    <main style="margin: 0; font-size: 16px"><whatsapp-card></whatsapp-card></main>`,
    )
    await page.getByRole('button', { name: 'Edit allowed numbers' }).click()
    // The dialog's own script is loaded with it.
    await page.getByRole('dialog').locator('input').first().waitFor()
    return page
  }

  /** Every element of the card with how its text is set, and its size. */
  function looks(page: Page): Promise<string[]> {
    return page.locator('whatsapp-card').evaluate((card) => {
      const properties =
        'font font-variant letter-spacing word-spacing text-transform white-space text-align text-indent word-break hyphens line-break color ' +
        '-webkit-text-fill-color text-shadow caret-color accent-color cursor user-select list-style tab-size quotes'
      const elements = [...(card.shadowRoot?.querySelectorAll('*') ?? [])]
      return elements
        .filter((element) => element.checkVisibility())
        .map((element) => {
          const computed = getComputedStyle(element)
          const { width, height } = element.getBoundingClientRect()
          const values = properties
            .split(' ')
            .map((property) => `${property}: ${computed.getPropertyValue(property)}`)
          return [
            element.localName,
            element.className,
            Math.round(width),
            Math.round(height),
            ...values,
          ].join('; ')
        })
    })
  }

  test.each(Object.entries(HOSTILE))('a page with %s does not change the card', async (_name, styles) => {
    const usual = await looks(await open(''))
    expect(usual.length).toBeGreaterThan(30)
    expect(await looks(await open(styles))).toEqual(usual)
  })

  test('a page sets the size of all texts with one property', async () => {
    const page = await open('whatsapp-card { --whatsapp-card-font-size: 24px }')
    const sizes = await page.locator('whatsapp-card').evaluate((card) =>
      ['.card', 'h2', 'section h3', '.chip', '.chip .number'].map((selector) => {
        const element = card.shadowRoot?.querySelector(selector)
        return element ? Math.round(parseFloat(getComputedStyle(element).fontSize) / 0.24) / 100 : selector
      }),
    )
    expect(sizes).toEqual([1, 1.15, 0.95, 0.9, 0.9])
  })

  test('a card that the page hides takes no place', async () => {
    const page = await open('')
    await page.keyboard.press('Escape')
    const card = page.locator('whatsapp-card')
    await card.evaluate((element) => element.setAttribute('hidden', ''))
    expect(await card.boundingBox()).toBeNull()
    await card.evaluate((element) => element.removeAttribute('hidden'))
    expect((await card.boundingBox())?.width).toBe(420)
    await page.locator('main').evaluate((main) => (main.style.visibility = 'hidden'))
    expect(await page.getByRole('button', { name: 'Edit allowed numbers' }).count()).toBe(0)
  })
})
