import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { account, configView, connectedAccount, qrOffer } from './account-fixture.ts'
import { openDashboard } from './dashboard-page.ts'
import { misfits } from './misfits.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

// Texts of twice the size on a narrow phone: nothing is cut off, nothing is scrolled sideways, no number is broken.

const LONG_NUMBER = '+491511234567890'
const LONG_WORD = 'Datenschutzgrundverordnungsbeauftragter'
const fields = [
  { path: ['a'], kind: 'text', label: LONG_WORD, maximumLength: 50 },
  { path: ['b'], kind: 'number', label: 'Minutes that a chosen agent stays active', minimum: 0, maximum: 9 },
  { path: ['c'], kind: 'choice', label: `${LONG_WORD} ${LONG_WORD}`, options: ['warm', 'cold'] },
  { path: ['d'], kind: 'switch', label: LONG_WORD, hint: `${LONG_WORD}.` },
]
const config = configView(
  { allowFrom: [LONG_NUMBER, '+15555550101'], values: { a: 'x', b: 1, c: 'warm', d: true } },
  { fields, editable: ['dmPolicy', 'senders'] },
)
const stranger = { account: 'default', name: LONG_WORD, reason: 'not_allowed' as const }
const blocked = [{ ...stranger, phoneNumber: LONG_NUMBER, at: '2026-03-03T12:00:00.000Z' }]
const connected = { ...connectedAccount(), phoneNumber: LONG_NUMBER, displayName: LONG_WORD }
const scanning = account('awaiting_scan', 'scan_to_link')
const code = {
  account: 'default',
  method: 'code' as const,
  code: 'ABCD1234',
  phoneNumber: LONG_NUMBER,
  expiresAt: new Date(Date.now() + 120_000).toISOString(),
}

const SCENES: [string, Parameters<ScriptedPage['show']>[0], string?][] = [
  ['connected, with everything open', { accounts: [connected], config, blocked }],
  ['the dialog of numbers', { accounts: [connected], config }, 'Edit allowed numbers'],
  ['a question', { accounts: [connected], config }, 'Disconnect'],
  ['a QR code', { accounts: [scanning], config, offers: [qrOffer(1, 60)] }],
  ['a pairing code', { accounts: [scanning], config, offers: [code] }],
  [
    'nobody allowed',
    { accounts: [account('unlinked', 'not_linked')], config: configView({ allowFrom: [] }) },
  ],
  ['a link by number', { accounts: [account('unlinked', 'not_linked')] }, 'Link with phone number instead'],
  [
    'several accounts',
    { accounts: [connected, { ...account('unlinked', 'not_linked'), account: LONG_WORD }], config },
    'Connect another account',
  ],
]

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test.each(SCENES)('%s fits into 320 pixels with texts of 32 pixels', async (_name, facts, press) => {
  const scripted = await ScriptedPage.prepare(browser)
  const { page, daemon } = scripted
  await page.setViewportSize({ width: 320, height: 900 })
  scripted.show(facts)
  daemon.handlers['config.get'] = () => facts.config ?? configView()
  await openDashboard(
    scripted,
    `<html lang="de"><meta name="viewport" content="width=device-width"><body style="margin: 0; padding: 12px">
    <style>whatsapp-card { --whatsapp-card-font-size: 32px }</style><whatsapp-card></whatsapp-card>`,
  )
  await page.getByRole('heading', { name: 'Allowed numbers' }).first().waitFor()
  await page.locator('whatsapp-card').evaluate((card) => {
    for (const each of card.shadowRoot?.querySelectorAll('details') ?? []) each.open = true
  })
  if (press !== undefined) await page.getByRole('button', { name: press, exact: true }).first().click()
  expect(await misfits(page, 'whatsapp-card')).toEqual([])
})
