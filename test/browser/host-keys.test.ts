import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { configView, connectedAccount } from './account-fixture.ts'
import { serveHostPage } from './host-page.ts'
import { Keyboard } from './keyboard.ts'
import { BROWSERS, openBrowser } from './open-browser.ts'

// A page has dialogs and shortcuts of its own. Keys that the card used are not theirs; all others are.

/** The page's own dialog, and every key that reaches the page. */
const LISTEN = `
  globalThis.heard = []
  for (const type of ['keydown', 'keyup'])
    document.addEventListener(type, (event) => heard.push(type + ' ' + event.key))
  document.querySelector('dialog').showModal()
  findCard().token = TOKEN`

describe.each(BROWSERS)('in %s', (browserName) => {
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser(browserName)
  })
  afterAll(() => browser?.close())

  async function open(): Promise<Page> {
    const daemon = await serveHostPage({ body: '<dialog>CARD</dialog>', script: LISTEN })
    daemon.snapshot = { accounts: [connectedAccount()], offers: [], config: configView(), blocked: [] }
    const context = await browser.newContext()
    onTestFinished(() => context.close())
    const page = await context.newPage()
    page.setDefaultTimeout(45_000)
    await page.goto(`${daemon.origin}/host`)
    await page.getByRole('button', { name: 'Disconnect', exact: true }).waitFor()
    return page
  }

  const isOpen = (page: Page): Promise<boolean> =>
    page.locator('dialog:has(whatsapp-card)').evaluate((dialog: HTMLDialogElement) => dialog.open)
  /** What the page heard since the last time. */
  const heard = (page: Page): Promise<string[]> =>
    page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard.splice(0))

  test('Escape ends one thing after the other: the question, the dialog of the card, the dialog of the page', async () => {
    const page = await open()
    const keyboard = new Keyboard(page)
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click()
    await expect.poll(() => keyboard.focused()).toBe('Keep')
    await page.keyboard.press('Escape')
    await expect.poll(() => keyboard.focused()).toBe('Disconnect')
    expect([await isOpen(page), await heard(page)]).toEqual([true, []])

    await page.getByRole('button', { name: 'Edit allowed numbers' }).click()
    await expect.poll(() => keyboard.focused()).toBe('Add a number')
    await page.keyboard.press('Escape')
    await expect.poll(() => keyboard.focused()).toBe('Edit allowed numbers')
    expect([await isOpen(page), await heard(page)]).toEqual([true, []])

    await page.keyboard.press('Escape')
    await expect.poll(() => isOpen(page)).toBe(false)
    expect(await heard(page)).toContain('keydown Escape')
  })

  test('what is typed into a field, and what presses a button, is no shortcut of the page', async () => {
    const page = await open()
    const keyboard = new Keyboard(page)
    await page.getByRole('button', { name: 'Edit allowed numbers' }).click()
    await expect.poll(() => keyboard.focused()).toBe('Add a number')
    await page.keyboard.type('+1 555x')
    for (const key of ['Backspace', 'ArrowLeft', 'Home', 'Control+A', 'Enter']) await page.keyboard.press(key)
    await keyboard.press('Cancel', 'Space')
    await expect.poll(() => keyboard.focused()).toBe('Edit allowed numbers')
    const keys = (await heard(page)).map((each) => each.split(' ')[1])
    expect(new Set(keys)).toEqual(new Set(['Control', 'Tab']))

    await page.keyboard.press('Control+K')
    await page.keyboard.press('F2')
    expect(await heard(page)).toEqual(expect.arrayContaining(['keydown K', 'keydown F2']))
  })
})
