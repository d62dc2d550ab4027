import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { account, connectedAccount } from './account-fixture.ts'
import { openDashboard } from './dashboard-page.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

// What the card cannot read or draw costs that part alone, is reported to the page, and is over with the next state.

const BROKEN = 'This part cannot be shown.'
const CARD = '<html lang="en"><whatsapp-card></whatsapp-card>'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

async function open(before = ''): Promise<ScriptedPage> {
  const scripted = await ScriptedPage.prepare(browser)
  scripted.show({ accounts: [connectedAccount()] })
  await openDashboard(scripted, CARD, before)
  await scripted.page.getByRole('heading', { name: 'Allowed numbers' }).first().waitFor()
  return scripted
}

function sendRaw({ daemon }: ScriptedPage, method: string, payload: object): void {
  const params = { eventId: null, at: new Date().toISOString(), ...payload }
  daemon.sendRaw(JSON.stringify({ jsonrpc: '2.0', method, params }))
}

test('a state of a newer daemon is shown as far as it can be read', async () => {
  const scripted = await open()
  const { page } = scripted
  const reason = { code: 'orbit_reached', message: 'The account is in orbit.', action: null, since: 7 }
  for (const state of ['teleporting', 'toString', null]) {
    const unknown = {
      state,
      reason,
      phoneNumber: 7,
      displayName: [],
      until: {},
      nextAttemptAt: true,
      health: 1,
    }
    sendRaw(scripted, 'account.status', { ...connectedAccount(), ...unknown })
    await page.getByText('Unknown state').waitFor()
    await page.getByText('The account is in orbit.').waitFor()
    scripted.daemon.publish('account.status', account('logged_out', 'device_removed'))
    await page.getByText('Logged out', { exact: true }).waitFor()
  }
  sendRaw(scripted, 'account.status', { account: 'default', state: 'connected' })
  await page.getByText('WhatsApp is connected.').waitFor()
  sendRaw(scripted, 'account.status', {})
  sendRaw(scripted, 'message.blocked', { account: 'default', phoneNumber: null, name: null, at: 'soon' })
  await page.getByText('Somebody').waitFor()
  expect(scripted.complaints).toEqual([])
})

test('a part that throws says so, is reported once, and comes back', async () => {
  const scripted = await open()
  const { page, daemon } = scripted
  daemon.publish('account.status', account('awaiting_scan', 'scan_to_link'))
  const expiresAt = new Date(Date.now() + 60_000).toISOString()
  const offer = { account: 'default', method: 'qr', sequence: 1, remaining: 5, expiresAt }
  sendRaw(scripted, 'account.qr', { ...offer, qr: 'x'.repeat(10_000) })
  await page.getByText(BROKEN).waitFor()
  await page.getByRole('button', { name: 'Edit allowed numbers' }).waitFor()
  sendRaw(scripted, 'account.qr', { ...offer, qr: 'y'.repeat(10_000) })
  sendRaw(scripted, 'account.qr', { ...offer, qr: 'readable', sequence: 2, remaining: 4 })
  await page.getByText('code 2 of 6').waitFor()
  expect(await page.getByText(BROKEN).count()).toBe(0)
  expect(scripted.complaints).toHaveLength(1)
})

test.each([
  ['throws', `new Proxy({}, { get() { throw new Error('no such key') } })`, 1],
  ['is no table', `'de'`, 0],
  ['has values that are no texts', `{ Connected: 7, 'Allowed numbers': null, Enabled: { one: 'x' } }`, 0],
])('a translation that %s leaves the words English', async (_name, strings, reports) => {
  const scripted = await open()
  const { page } = scripted
  await page.evaluate(`document.querySelector('whatsapp-card').strings = ${strings}; true`)
  await page.evaluate(() => document.querySelector('whatsapp-card')?.setAttribute('lang', 'de'))
  await page.getByText('Connected', { exact: true }).waitFor()
  scripted.daemon.publish('account.status', account('logged_out', 'device_removed'))
  await page.getByText('Logged out', { exact: true }).waitFor()
  await page.getByRole('heading', { name: 'Allowed numbers' }).first().waitFor()
  expect(scripted.complaints).toHaveLength(reports)
})

test('what a script of the page has destroyed is drawn anew', async () => {
  const scripted = await open()
  const { page } = scripted
  const root = page.locator('whatsapp-card')
  await root.evaluate((card) => card.shadowRoot?.querySelector('.body')?.replaceChildren())
  scripted.daemon.publish('account.status', account('logged_out', 'device_removed'))
  scripted.daemon.publish('account.status', connectedAccount())
  await page.getByText('WhatsApp is connected.').waitFor()
  await page.getByRole('button', { name: 'Disconnect' }).waitFor()
})
