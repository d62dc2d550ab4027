import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { configView, connectedAccount } from './account-fixture.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const PAIRING = {
  code: 'no_effect_yet',
  path: 'connectors.whatsapp.dmPolicy',
  line: 4,
  column: 9,
  message: 'Pairing counts as allowlist.',
}
const HEARTBEAT = { ...PAIRING, code: 'foreign_key', message: 'It belongs to another tool.', line: 5 }

test('what is worth knowing of the config file is shown with its place, and gone with its cause', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  let config = configView({}, { notices: [PAIRING, HEARTBEAT], noticesTotal: 2 })
  daemon.handlers['config.get'] = () => config
  scripted.show({ config })
  await scripted.open()
  await page.getByText('Notes on the config file (2)').waitFor()
  await page.getByText('connectors.whatsapp.dmPolicy · line 4, column 9').waitFor()
  config = configView({}, { revision: 'r2', notices: [HEARTBEAT], noticesTotal: 1 })
  daemon.publish('config.applied', { revision: 'r2', changed: [] })
  await page.getByText('Notes on the config file (1)').click()
  await page.getByText(HEARTBEAT.message).waitFor()
  config = configView({}, { revision: 'r3' })
  daemon.publish('config.applied', { revision: 'r3', changed: [] })
  await page.getByText('Notes on the config file').waitFor({ state: 'hidden' })
})

test('what only another tool reads stays folded', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  scripted.show({ config: configView({}, { notices: [HEARTBEAT] }) })
  await scripted.open()
  await scripted.page.getByText('Notes on the config file (1)').waitFor()
  expect(await scripted.page.getByText(HEARTBEAT.message).isVisible()).toBe(false)
})

test('a connected account without an assistant is not all well, and the card says where to add one', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { daemon, page } = scripted
  let config = configView({ hasAssistant: false }, { section: 'connectors.whatsapp' })
  daemon.handlers['config.get'] = () => config
  scripted.show({ accounts: [connectedAccount()], config })
  await scripted.open()
  await page.getByText('No assistant is configured: people who write get their own words back.').waitFor()
  await page.getByText('Add one under connectors.whatsapp.agents in the config file.').waitFor()
  const badge = page.locator('[part~=badge]')
  expect(await badge.getAttribute('part')).toContain('warning')
  config = configView({ hasAssistant: true }, { revision: 'r2' })
  daemon.publish('config.applied', { revision: 'r2', changed: [] })
  await page.getByText('No assistant is configured').waitFor({ state: 'hidden' })
  expect(await badge.getAttribute('part')).toContain('good')
})
