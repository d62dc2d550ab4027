import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { BusinessDaemon } from '../../support/business-daemon.ts'
import type { BusinessDaemonOptions } from '../../support/business-daemon.ts'
import { AXE, axeComplaints, axeRun } from '../axe.ts'
import { Keyboard } from '../keyboard.ts'
import { openBrowser } from '../open-browser.ts'
import { openBusiness } from './open-business.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

async function start(options: BusinessDaemonOptions = {}): Promise<BusinessDaemon> {
  const business = await BusinessDaemon.start(options)
  onTestFinished(() => business.stop())
  return business
}

/** For everybody: in the dark, from right to left, on the smallest screen. */
async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(AXE)
  for (const [colorScheme, dir] of [
    ['light', 'ltr'],
    ['dark', 'rtl'],
  ] as const) {
    await page.setViewportSize({ width: 320, height: 900 })
    await page.emulateMedia({ colorScheme })
    await page.evaluate((direction) => (document.documentElement.dir = direction), dir)
    expect(await page.evaluate(() => document.documentElement.scrollWidth), dir).toBe(320)
    expect(axeComplaints(await page.evaluate<AxeResults>(axeRun(null))), dir).toEqual([])
  }
  expect(await new Keyboard(page).missed(), 'by Tab').toEqual([])
}

const fact = (page: Page, term: string) =>
  page
    .locator('dl > div')
    .filter({ has: page.getByText(term, { exact: true }) })
    .getByRole('definition')

test('a connected number shows what it is, what Meta says of it, and what to enter at Meta', async () => {
  const business = await start()
  const { alice, number, platform } = business
  alice.write(number, 'Hello')
  await business.untilEvent('message.sent')
  const { page, errors } = await openBusiness(browser, business)
  await page.getByText('The channel is active.').waitFor()
  await page.getByText('Corner Shop').first().waitFor()
  await expect.poll(() => fact(page, 'Quality').textContent()).toContain('good')
  await expect.poll(() => fact(page, 'New chats a day').textContent()).toContain('250')
  await expect.poll(() => fact(page, 'Sent this month').textContent()).toContain('1')
  expect(await fact(page, 'Refused webhooks').textContent()).toContain('0')
  for (const name of ['Generate QR code', 'Link with phone number instead'])
    expect(await page.getByRole('button', { name }).count()).toBe(0)
  await page.getByText('Share this number').click()
  await page.getByRole('link', { name: `https://wa.me/${number.digits}` }).waitFor()
  await page.getByRole('img', { name: 'QR code that opens a chat' }).waitFor()
  await page.getByText('Webhook address for Meta').click()
  await page.getByText('/webhooks/whatsapp/default').waitFor()
  await page.getByText(number.verifyToken).waitFor()

  await platform.postWebhook(number, business.callbackUrl, { body: { object: 'x' }, signature: 'wrong' })
  await page.getByText('Steps of the set-up').click()
  await page.getByText('Subscription to its messages').waitFor()
  await expectAccessible(page)
  expect(errors).toEqual([])
})

test.each<{ name: string; options: BusinessDaemonOptions; state: string; words: string; step: string }>([
  {
    name: 'a token that was revoked',
    options: { cloudApi: { accessToken: 'EAAnotatoken' } },
    state: 'logged_out',
    words: 'WhatsApp does not accept the access token',
    step: 'Access token',
  },
  {
    name: 'a token without a permission',
    options: { number: { scopes: ['whatsapp_business_messaging'] } },
    state: 'logged_out',
    words: 'The access token may not do what is needed.',
    step: 'Permissions of the token',
  },
  {
    name: 'an id of no number',
    options: { cloudApi: { phoneNumberId: '1' } },
    state: 'misconfigured',
    words: 'The phone number id does not belong to this WhatsApp Business account.',
    step: 'The number at Meta',
  },
  {
    name: 'a number that is not registered',
    options: { number: { state: { status: 'PENDING', platform: 'NOT_APPLICABLE' } } },
    state: 'misconfigured',
    words: 'The number is not registered with the Cloud API',
    step: 'Registration of the number',
  },
])('$name: the step that failed says why and what to do', async ({ options, state, words, step }) => {
  const business = await start({ ...options, subscribes: false })
  await business.until(state, () => business.account().state === state)
  const { page, errors } = await openBusiness(browser, business)
  await page.getByText(words).filter({ visible: true }).first().waitFor()
  const failed = page.getByRole('listitem').filter({ hasText: step })
  await failed.getByText('failed', { exact: true }).waitFor()
  await expectAccessible(page)
  expect(errors).toEqual([])
})

test('a number with a PIN is registered with it, and each step is shown; then it is disconnected', async () => {
  const state = { status: 'PENDING', platform: 'NOT_APPLICABLE', pin: '135790' } as const
  const business = await start({ number: { state }, subscribes: false })
  await business.untilState('misconfigured')
  const { page, errors } = await openBusiness(browser, business)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  const field = page.getByRole('textbox', { name: 'PIN of the number' })
  await field.fill('12')
  // The PIN is asked for, and nothing is offered that would not help.
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  const buttons = await page.locator('whatsapp-card').getByRole('button').allInnerTexts()
  expect(buttons.indexOf('Register')).toBeLessThan(buttons.indexOf('Connect'))
  await page.getByRole('button', { name: 'Register', exact: true }).click()
  await page.getByText('A PIN has six digits.').waitFor()
  await field.fill('135790')
  await field.press('Enter')
  await page.getByText('The channel is active.').waitFor()
  expect(business.number.isRegistered).toBe(true)
  await page.getByText('No webhook of WhatsApp has come yet').waitFor()

  await page.getByRole('button', { name: 'Disconnect', exact: true }).click()
  await page.getByText('its access token is forgotten').waitFor()
  await page.getByRole('button', { name: 'Yes, disconnect' }).click()
  await page.getByText('was disconnected here').first().waitFor()
  expect(business.number.account.subscribedApps.size).toBe(0)
  await page.getByText('cloudApi.accessToken').filter({ visible: true }).first().waitFor()
  expect(errors).toEqual([])
})
