import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { account, connectedAccount, qrOffer } from './account-fixture.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

// Trusted Types and no inline styles: what careful teams ask of their pages, and what the daemon asks of its own.

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test('the card draws and acts on a page that allows no markup from text and no inline style', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  daemon.handlers['accounts.link'] = () => {
    daemon.publish('account.status', account('awaiting_scan', 'scan_to_link'))
    return qrOffer(1, 60)
  }
  await scripted.open()
  const refusals = await page.evaluate(() => {
    const element = document.createElement('div')
    element.setAttribute('style', 'color: red')
    try {
      element.innerHTML = '<b>markup</b>'
      return []
    } catch (error) {
      return [error instanceof TypeError, element.style.color]
    }
  })
  expect(refusals, 'the policy is in force').toEqual([true, ''])
  scripted.complaints.length = 0

  await scripted.button('Generate QR code').click()
  await page.getByText('code 1 of 6').waitFor()
  daemon.publish('account.status', connectedAccount())
  await page.getByText('WhatsApp is connected.').waitFor()
  await scripted.button('Edit allowed numbers').click()
  await page.getByRole('dialog').waitFor()
  expect(await page.locator('[part=card]').evaluate((card) => getComputedStyle(card).borderRadius)).toBe(
    '18px',
  )
  expect(scripted.complaints).toEqual([])
})
