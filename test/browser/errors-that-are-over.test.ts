import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DaemonError } from '../../src/protocol/errors.ts'
import { account, configView } from './account-fixture.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test('what the daemon said of a number is gone when the number is corrected', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  scripted.show({ config: configView({ allowFrom: [] }) })
  daemon.handlers['config.addAllowFrom'] = () => {
    throw new DaemonError('invalid_phone_number', { message: 'This entry is too short.' })
  }
  await scripted.open()
  const field = page.getByRole('textbox', { name: 'Who may talk to the assistant?' })
  await field.fill('+1555555')
  await field.press('Enter')
  await page.getByText('This entry is too short.').waitFor()
  await field.press('5')
  await page.getByText('This entry is too short.').waitFor({ state: 'hidden' })
  expect(scripted.complaints).toEqual([])
})

test('a failed link is forgotten when a link begins elsewhere', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  daemon.handlers['accounts.link'] = () => {
    throw new DaemonError('link_failed')
  }
  await scripted.open()
  await scripted.button('Generate QR code').click()
  const alert = page.getByRole('alert').filter({ hasText: 'No QR or pairing code could be obtained.' })
  await alert.waitFor()
  daemon.publish('account.status', account('awaiting_scan', 'scan_to_link'))
  await alert.waitFor({ state: 'hidden' })
})
