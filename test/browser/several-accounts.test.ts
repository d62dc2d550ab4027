import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { ALICE, MALLORY } from '../support/stack.ts'
import { openBrowser } from './open-browser.ts'
import { button, Stage } from './states/stage.ts'

let browser: Browser
let stage: Stage
let page: Page

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  stage = await Stage.start(browser)
  onTestFinished(() => stage.stop())
  await stage.stack.link()
  page = await stage.open()
  await page.getByText('WhatsApp is connected.').waitFor()
})

async function connectAnother(name: string): Promise<void> {
  await button(page, 'Connect another account').click()
  await page.getByRole('textbox', { name: 'Name of the new account' }).fill(name)
  await button(page, 'Create').click()
  await page.getByRole('button', { name: new RegExp(`^${name}`), pressed: true }).waitFor()
}

const list = (name: string) => page.getByRole('list', { name, exact: true }).getByRole('listitem')

test('another account is added, linked and disconnected, and the first one never notices', async () => {
  const { stack } = stage
  await connectAnother('Front desk')
  expect(stack.account('front-desk')).toMatchObject({ name: 'Front desk', linked: false })
  expect(await list('Linked accounts').count()).toBe(1)
  expect(await list('Pending').count()).toBe(1)
  await button(page, 'Generate QR code').click()
  await page.getByText(/Expires in/).waitFor()
  const offer = await stack.accounts.link('front-desk', { method: 'qr' })
  if (offer.method === 'qr') await stack.mallory.scan(offer.qr)
  await page.getByRole('definition').filter({ hasText: MALLORY }).waitFor()
  await page.getByRole('heading', { name: 'Pending' }).waitFor({ state: 'hidden' })
  expect(await list('Linked accounts').count()).toBe(2)

  await button(page, 'Disconnect Front desk').click()
  await button(page, 'Keep').click()
  expect(stack.account('front-desk').linked).toBe(true)
  await button(page, 'Disconnect Front desk').click()
  await button(page, 'Yes, disconnect').click()
  await page.getByRole('heading', { name: 'Pending' }).waitFor()
  expect(stack.account().state).toBe('connected')

  await button(page, 'Delete Front desk').click()
  await button(page, 'Yes, delete').click()
  await page.getByRole('heading', { name: 'Linked accounts' }).waitFor({ state: 'hidden' })
  await page.getByText('WhatsApp is connected.').waitFor()
  expect(stack.accounts.list().map(({ account }) => account)).toEqual(['default'])
  expect(stage.errors).toEqual([])
})

test('numbers are edited for the account that is shown', async () => {
  await connectAnother('Shop')
  await button(page, 'Edit allowed numbers').click()
  await page.getByRole('textbox', { name: 'Add a number' }).fill(MALLORY)
  await button(page, 'Save').click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  const config = JSON.parse(stage.stack.readConfig()) as {
    channels: { whatsapp: { allowFrom: string[]; accounts: Record<string, { allowFrom?: string[] }> } }
  }
  expect(config.channels.whatsapp.allowFrom).toEqual([ALICE])
  expect(config.channels.whatsapp.accounts['shop']?.allowFrom).toEqual([ALICE, MALLORY])
})

test('what an editor does to the accounts shows at once', async () => {
  await stage.editConfig(({ channels }) => {
    channels.whatsapp['accounts'] = { default: {}, fair: { name: 'Trade fair' } }
  })
  await page.getByRole('button', { name: /^Trade fair/ }).waitFor()
  await stage.editConfig(({ channels }) => {
    channels.whatsapp['accounts'] = { default: {} }
  })
  await page.getByRole('button', { name: /^Trade fair/ }).waitFor({ state: 'hidden' })
})

test('a card about one account shows that one alone', async () => {
  await connectAnother('Shop')
  await page.evaluate(() => {
    let element: Element | null | undefined = document.querySelector('whatsapp-page')
    element = element?.shadowRoot?.querySelector('whatsapp-card')
    element?.setAttribute('account', 'default')
  })
  await page.getByRole('heading', { name: 'Linked accounts' }).waitFor({ state: 'hidden' })
  await page.getByText('WhatsApp is connected.').waitFor()
  expect(await button(page, 'Connect another account').count()).toBe(0)
})
