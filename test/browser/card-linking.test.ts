import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DaemonError } from '../../src/protocol/errors.ts'
import { account, connectedAccount, qrOffer } from './account-fixture.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test('from the button over the live QR and confirming to connected', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  daemon.handlers['accounts.link'] = () => {
    daemon.publish('account.status', account('awaiting_scan', 'scan_to_link'))
    return qrOffer(1, 60)
  }
  await scripted.open()
  await page.getByText('The account that you link becomes the assistant.').waitFor()
  await scripted.button('Generate QR code').click()
  const code = page.getByRole('img', { name: 'QR code to link WhatsApp; scan it with the phone' })
  await code.waitFor()
  await page.getByText('code 1 of 6').waitFor()
  await page.getByText(/Expires in (1:00|0:5\d)/).waitFor()
  await page.getByText('Settings › Linked Devices').waitFor()
  const first = await code.locator('path').getAttribute('d')
  daemon.publish('account.qr', qrOffer(2, 20))
  await page.getByText('code 2 of 6').waitFor()
  expect(await code.locator('path').getAttribute('d')).not.toBe(first)
  daemon.publish('account.status', account('confirming', 'confirming_link'))
  await page.getByText('Confirming', { exact: true }).waitFor()
  expect(await code.count()).toBe(0)
  daemon.publish('account.status', connectedAccount())
  await page.getByText('WhatsApp is connected.').waitFor()
  await page.getByText('3 Mar 2026').waitFor()
  await page.getByRole('definition').filter({ hasText: '+15555550100' }).waitFor()
  expect(scripted.complaints).toEqual([])
})

test('the countdown follows the daemon clock, and an expired last code can be refreshed', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  daemon.clockAheadMs = 3_600_000
  const offer = { ...qrOffer(6, 3_601.2), remaining: 0 }
  scripted.show({ accounts: [account('awaiting_scan', 'scan_to_link')], offers: [offer] })
  daemon.handlers['accounts.link'] = () => qrOffer(1, 3_660)
  await scripted.open()
  await page.getByText('This code has expired').waitFor()
  await scripted.button('Refresh QR').click()
  await page.getByText('code 1 of 6').waitFor()
  await page.getByText(/Expires in (1:00|0:5\d)/).waitFor()
})

test('linking by phone number shows the code in two groups', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  daemon.handlers['accounts.link'] = ({ method, phoneNumber }) => {
    if (method !== 'code' || phoneNumber !== '+15555550100') throw new DaemonError('invalid_phone_number')
    daemon.publish('account.status', account('awaiting_scan', 'enter_code_to_link'))
    const expiresAt = new Date(Date.now() + 120_000).toISOString()
    return { account: 'default', method, code: 'ABCD1234', phoneNumber, expiresAt }
  }
  await scripted.open()
  await scripted.button('Link with phone number instead').click()
  const field = page.getByRole('textbox', { name: 'Phone number of the WhatsApp account to link' })
  await field.fill('0151 234567')
  await field.press('Enter')
  await page.getByText('Begin with + and the country code.').waitFor()
  await field.fill('+15555550')
  await page.locator('#own-number-hint').getByText('United States / Canada').waitFor()
  await field.press('Enter')
  await page.getByText('This is not a possible phone number.').waitFor()
  await field.fill('+15555550100')
  await scripted.button('Get code').click()
  await page.getByText('ABCD-1234').waitFor()
  await page.getByText('Pairing code: A B C D 1 2 3 4').waitFor({ state: 'attached' })
})

test('a refused link shows what the daemon said', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  daemon.handlers['accounts.link'] = () => {
    throw new DaemonError('link_failed')
  }
  await scripted.open()
  await scripted.button('Generate QR code').click()
  await page.getByRole('alert').filter({ hasText: 'No QR or pairing code could be obtained.' }).waitFor()
})

test('a script that draws QR codes and does not load is named, with what to do', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { page } = scripted
  scripted.show({ accounts: [account('awaiting_scan', 'scan_to_link')], offers: [qrOffer(1, 60)] })
  await page.route(/shared-.*\.js$/, async (route) => {
    const response = await route.fetch()
    const isWhatDraws = (await response.text()).includes('QR Code')
    await (isWhatDraws ? route.abort() : route.fulfill({ response }))
  })
  await scripted.open()
  await page.getByText('A part of this page could not be loaded.').waitFor()
})

test('settings and dialog say so where their script does not load', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { page } = scripted
  const loaded = await scriptsLoadedAtFirst(scripted.daemon.origin)
  await page.route(/shared-.*\.js$/, (route) =>
    loaded.has(new URL(route.request().url()).pathname.slice(1)) ? route.continue() : route.abort(),
  )
  await scripted.open()
  await scripted.button('Edit allowed numbers').click()
  const dialog = page.getByRole('dialog', { name: 'Allowed numbers' })
  await dialog.getByText('A part of this page could not be loaded. Reload the page.').waitFor()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await scripted.button('Edit allowed numbers').click()
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
})

/** The scripts that card and page import by themselves, and what stands around the status; the others are loaded when one is needed. */
async function scriptsLoadedAtFirst(origin: string): Promise<Set<string>> {
  const text = async (name: string): Promise<string> => (await fetch(`${origin}/${name}`)).text()
  const namesIn = (script: string, how: RegExp): string[] =>
    [...script.matchAll(how)].map(([, name = '']) => name)
  const imported = /(?:from|import)"\.\/([^"]+)"/g
  const first = (await Promise.all(['card.js', 'page.js'].map(text))).flatMap((script) =>
    namesIn(script, imported),
  )
  const late = (await Promise.all(first.map(text))).flatMap((script) =>
    namesIn(script, /import\("\.\/([^"]+)"\)/g),
  )
  for (const name of late) {
    const script = await text(name)
    if (script.includes('Edit allowed numbers')) first.push(name, ...namesIn(script, imported))
  }
  return new Set(first)
}
