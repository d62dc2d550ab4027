/**
 * The story: a dialog, a question or a form was open about one account while the page, or somebody else, put another one in its place.
 * What the person then confirmed was done to the other account.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { account, configView, connectedAccount } from './account-fixture.ts'
import { openDashboard } from './dashboard-page.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

const SHOP = '+15555550177'
const both = configView({ stickyTtlMinutes: 30 })
const { default: settings } = both.accounts
if (settings === undefined) throw new Error('The fixture has the account "default".')
const config = {
  ...both,
  editable: [...both.editable, 'stickyTtlMinutes'],
  accounts: { default: settings, shop: { ...settings, name: 'Shop', allowFrom: [SHOP] } },
}

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** A card about the account `default`, beside which there is `shop`. */
async function open(isLinked: boolean): Promise<ScriptedPage> {
  const scripted = await ScriptedPage.prepare(browser)
  const first = isLinked ? connectedAccount() : account('unlinked', 'not_linked')
  scripted.show({ accounts: [first, { ...first, account: 'shop' }], config })
  const { daemon, page } = scripted
  daemon.handlers['config.get'] = () => config
  await openDashboard(scripted, '<html lang="en"><whatsapp-card></whatsapp-card>')
  await page.getByRole('heading', { name: 'Allowed numbers' }).first().waitFor()
  return scripted
}

/** The two ways in which another account takes the place of `default`. */
const CHANGES: Record<string, (scripted: ScriptedPage) => Promise<void>> = {
  'the page shows another one': async ({ page }) => {
    await page.locator('whatsapp-card').evaluate((card) => Object.assign(card, { account: 'shop' }))
    await untilShop(page)
  },
  'it is removed elsewhere': async ({ daemon, page }) => {
    const { shop } = config.accounts
    daemon.handlers['config.get'] = () => ({ ...config, defaultAccount: 'shop', accounts: { shop } })
    daemon.publish('config.applied', { revision: 'r2', changed: ['accounts'] })
    await untilShop(page)
  },
}

async function untilShop(page: Page): Promise<void> {
  await page.getByRole('list', { name: 'Allowed numbers' }).getByText(SHOP).first().waitFor()
}

describe.each(Object.entries(CHANGES))('%s', (_name, change) => {
  test('the dialog with the allowed numbers closes', async () => {
    const scripted = await open(true)
    const { page } = scripted
    await scripted.button('Edit allowed numbers').click()
    const dialog = page.getByRole('dialog', { name: 'Allowed numbers' })
    await dialog.getByRole('button', { name: 'Remove +15555550101' }).click()
    await change(scripted)
    await dialog.waitFor({ state: 'hidden' })
    expect(scripted.complaints).toEqual([])
  })

  test('an open question closes', async () => {
    const scripted = await open(true)
    await scripted.button('Disconnect').click()
    await scripted.button('Yes, disconnect').waitFor()
    await change(scripted)
    await scripted.button('Yes, disconnect').waitFor({ state: 'hidden' })
    await scripted.button('Disconnect').waitFor()
  })

  test('the form for a pairing code closes', async () => {
    const scripted = await open(false)
    await scripted.button('Link with phone number instead').click()
    const field = scripted.page.getByRole('textbox', { name: /^Phone number of/ })
    await field.fill('+15555550100')
    await change(scripted)
    await field.waitFor({ state: 'hidden' })
  })

  test('the settings close, with what stands in their fields', async () => {
    const scripted = await open(true)
    const { daemon, page } = scripted
    await page.getByText('Settings', { exact: true }).click()
    const field = page.getByLabel('Minutes that a chosen agent stays active')
    await field.fill('90')
    await change(scripted)
    await field.waitFor({ state: 'hidden' })
    await page.getByText('Settings', { exact: true }).click()
    expect(await field.inputValue()).toBe('30')
    // Chromium saves what is in a field that goes away: for the account that it was typed for.
    const updates = daemon.requests.filter(({ method }) => method === 'config.update')
    expect(JSON.stringify(updates)).not.toContain('shop')
  })
})

test('a list that could not be saved does not come back as that of another account', async () => {
  const scripted = await open(true)
  const { daemon, page } = scripted
  daemon.silent.add('config.setAllowFrom')
  await scripted.button('Edit allowed numbers').click()
  const dialog = page.getByRole('dialog', { name: 'Allowed numbers' })
  await dialog.getByRole('button', { name: 'Remove +15555550101' }).click()
  const saved = daemon.nextRequest('config.setAllowFrom')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await saved
  await CHANGES['the page shows another one']?.(scripted)
  daemon.drop()
  await page.getByText('Connected', { exact: true }).waitFor()
  await expect.poll(() => scripted.button('Edit allowed numbers').isEnabled()).toBe(true)
  expect(await dialog.isVisible()).toBe(false)
})
