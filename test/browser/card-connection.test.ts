import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectedAccount } from './account-fixture.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

/** After the beginning of a connection. */
const REGULAR_PING_MS = 9_000
/** Sooner than by a regular ping that is not answered. */
const NOTICED_MS = 12_000

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** A card that shows a connected account. */
async function connected(): Promise<ScriptedPage> {
  const scripted = await ScriptedPage.prepare(browser)
  scripted.show({ accounts: [connectedAccount()] })
  await scripted.open()
  await scripted.page.getByText('Connected', { exact: true }).waitFor()
  return scripted
}

// A card said "Connected" for 40 s after the network had gone.
test('a network that is gone is noticed within seconds', async () => {
  const { daemon, page } = await connected()
  daemon.silent.add('session.ping').add('session.authenticate')
  await page.evaluate(() => globalThis.dispatchEvent(new Event('offline')))
  await page.getByText('Offline', { exact: true }).waitFor({ timeout: NOTICED_MS })
})

test.each(['online', 'offline', 'pageshow', 'visibilitychange'])(
  'the daemon is asked at once whether it answers: %s',
  async (event) => {
    const { daemon, page } = await connected()
    await page.evaluate((name) => {
      const target = name === 'visibilitychange' ? document : globalThis
      target.dispatchEvent(new Event(name))
    }, event)
    const pings = (): number => daemon.requests.filter(({ method }) => method === 'session.ping').length
    // Sooner than the next regular one.
    await expect.poll(pings, { timeout: REGULAR_PING_MS }).toBe(1)
    expect(await page.getByText('Connected', { exact: true }).isVisible()).toBe(true)
  },
)

test('a daemon that is away is shown with a countdown, and tried at once when asked to', async () => {
  const { daemon, page, button } = await connected()
  await page.evaluate(() => (Math.random = () => 0.99))
  await daemon.stop()
  await page.getByText(/Next attempt in 0:0[4-9]\./).waitFor()
  await daemon.start()
  await button('Try now').click()
  await page.getByText('Connected', { exact: true }).waitFor()
  expect(await button('Try now').count()).toBe(0)
})

// The button stayed on "One moment…" for a minute.
test('an action ends with the connection that it needs', async () => {
  const { daemon, page, button } = await connected()
  daemon.silent.add('session.ping').add('accounts.disconnect').add('session.authenticate')
  await button('Disconnect').click()
  await button('Yes, disconnect').click()
  await page.getByText('Offline', { exact: true }).waitFor({ timeout: NOTICED_MS })
  expect(await page.getByText('One moment…').count()).toBe(0)
  daemon.silent.clear()
  // Unless it has succeeded by itself meanwhile.
  await button('Try now')
    .click({ timeout: 2_000 })
    .catch(() => {})
  await page.getByText('Connected', { exact: true }).waitFor()
  expect(await page.getByText('The connection to the daemon was lost.').count()).toBe(0)
})
