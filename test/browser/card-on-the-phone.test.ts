import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { account, qrOffer } from './account-fixture.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

const OWN = '+15555550100'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148'
const PIXEL =
  'Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** A page on the phone that is to be linked. */
function onPhone(userAgent: string): Promise<ScriptedPage> {
  return ScriptedPage.prepare(browser, {
    userAgent,
    hasTouch: true,
    isMobile: true,
    viewport: { width: 390, height: 844 },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
}

/** The story: who opened the card on the phone itself was shown a QR code that this phone cannot scan. */
test('on the phone itself the pairing code comes first, to be copied, with the steps of this phone', async () => {
  const scripted = await onPhone(PIXEL)
  const { daemon, page } = scripted
  scripted.show({ accounts: [account('logged_out', 'device_removed', { phoneNumber: OWN })] })
  daemon.handlers['accounts.link'] = ({ method, phoneNumber = '' }) => {
    daemon.publish('account.status', account('awaiting_scan', 'enter_code_to_link'))
    const expiresAt = new Date(Date.now() + 120_000).toISOString()
    return {
      account: 'default',
      method: 'code',
      code: method === 'code' ? 'ABCD1234' : '',
      phoneNumber,
      expiresAt,
    }
  }
  await scripted.open()
  const first = scripted.button('Link with a code')
  expect(await first.getAttribute('part')).toContain('primary')
  expect(await scripted.button('Use a QR code instead').getAttribute('part')).not.toContain('primary')
  await first.tap()
  const field = page.getByRole('textbox', { name: 'Phone number of the WhatsApp account to link' })
  expect(await field.inputValue()).toBe(OWN)
  await scripted.button('Get code').tap()
  await page.getByText('ABCD-1234').waitFor()
  const steps = page.getByRole('list', { name: 'On the phone' })
  await steps.getByText('⋮ (top right) › Linked devices › Link a device').waitFor()
  expect(await steps.getByText('Settings ›').count()).toBe(0)
  const [code, step] = [await page.getByText('ABCD-1234').boundingBox(), await steps.boundingBox()]
  expect(code?.y).toBeLessThan(step?.y ?? 0)
  await scripted.button('Copy the pairing code').tap()
  await scripted.button('Copied').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('ABCD1234')
  expect(scripted.complaints).toEqual([])
})

test('a QR code that is on offer already comes second', async () => {
  const scripted = await onPhone(IPHONE)
  const { page } = scripted
  scripted.show({ accounts: [account('awaiting_scan', 'scan_to_link')], offers: [qrOffer(1, 60)] })
  await scripted.open()
  const code = page.getByRole('img', { name: 'QR code to link WhatsApp; scan it with the phone' })
  await code.waitFor()
  await page.getByText('Settings › Linked Devices › Link a Device').waitFor()
  expect(await page.getByText('⋮').count()).toBe(0)
  const choice = scripted.button('Link with a code')
  expect((await choice.boundingBox())?.y).toBeLessThan((await code.boundingBox())?.y ?? 0)
  await choice.tap()
  await page.getByRole('textbox', { name: 'Phone number of the WhatsApp account to link' }).waitFor()
})

test('beside a phone the steps of both kinds are there, apart, and the QR code comes first', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { page } = scripted
  await scripted.open()
  expect(await scripted.button('Generate QR code').getAttribute('part')).toContain('primary')
  scripted.daemon.publish('account.status', account('awaiting_scan', 'scan_to_link'))
  const steps = page.getByRole('list', { name: 'On the phone' })
  await steps.getByText('iPhone: Settings › Linked Devices › Link a Device').waitFor()
  await steps.getByText('Android: ⋮ (top right) › Linked devices › Link a device').waitFor()
  expect(await scripted.button('Link with phone number instead').count()).toBe(1)
})
