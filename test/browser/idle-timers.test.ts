import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { account, connectedAccount } from './account-fixture.ts'
import { openDashboard } from './dashboard-page.ts'
import { openBrowser } from './open-browser.ts'
import { ScriptedPage } from './scripted-page.ts'

// A card that nothing counts down on must let the processor sleep: dashboards stay open all day.

/** Short, because a clock that runs ahead leaves pings to the daemon unanswered: the first one is due after 25 seconds. */
const WATCHED_MS = 4_000
/** A deadline of the connection, or a ping, may fall into that time. */
const OF_THE_CONNECTION = 2

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** The page's clock is moved by the test, and counts what it wakes. */
async function open(scripted: ScriptedPage): Promise<void> {
  const { page } = scripted
  await page.clock.install()
  await openDashboard(
    scripted,
    '<html lang="en"><whatsapp-card></whatsapp-card>',
    `let wakes = 0
    for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame']) {
      const original = window[name]
      window[name] = (work, ...rest) => original((...given) => { wakes++; work(...given) }, ...rest)
    }`,
  )
  await page.getByRole('heading', { name: 'Allowed numbers' }).first().waitFor()
}

async function wakesWithin(page: Page, milliseconds: number): Promise<number> {
  await page.evaluate('wakes = 0')
  await page.clock.runFor(milliseconds)
  return page.evaluate<number>('wakes')
}

test('an idle card wakes nothing, and a countdown only until it is over', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { page, daemon } = scripted
  scripted.show({ accounts: [connectedAccount()] })
  await open(scripted)
  expect(await wakesWithin(page, WATCHED_MS)).toBeLessThanOrEqual(OF_THE_CONNECTION)

  const now = await page.evaluate(() => Date.now())
  daemon.clockAheadMs = now - Date.now()
  const nextAttemptAt = new Date(now + 4_000).toISOString()
  const waiting = account('reconnecting', 'network_error', { linked: true, attempt: 1, nextAttemptAt })
  daemon.publish('account.status', waiting)
  await page.getByText(/Next attempt in/).waitFor()
  expect(await wakesWithin(page, 2_500)).toBeGreaterThan(2)
  await page.clock.runFor(2_500)
  await page.getByText(/Next attempt in\s+0:00\./).waitFor()
  expect(await wakesWithin(page, WATCHED_MS)).toBeLessThanOrEqual(OF_THE_CONNECTION)
})

test('a card that is taken off the page leaves no timer', async () => {
  const scripted = await ScriptedPage.prepare(browser)
  const { page } = scripted
  const nextAttemptAt = new Date(Date.now() + 3_600_000).toISOString()
  scripted.show({
    accounts: [account('reconnecting', 'network_error', { linked: true, attempt: 1, nextAttemptAt })],
  })
  await open(scripted)
  expect(await wakesWithin(page, 5_000)).toBeGreaterThan(4)
  await page.evaluate(() => document.querySelector('whatsapp-card')?.remove())
  expect(await wakesWithin(page, 60_000)).toBe(0)
})
