import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { ALICE } from '../support/stack.ts'
import { DashboardServer } from './dashboard-server.ts'
import { FRAMEWORKS, removeFrameworkBuilds } from './framework-build.ts'
import { BROWSERS, openBrowser } from './open-browser.ts'
import { button, Stage } from './states/stage.ts'

// The guide's examples, on pages of a dashboard of another origin, with its content policy and tokens of its own backend;
// the daemon is behind a tunnel. Each test goes on where the one before ended.

const BOB = '+15550000004'
const TOGGLES = 6
/** Next takes a quarter of a minute on an idle core. */
const BUILD_TIMEOUT_MS = 240_000

const EXAMPLES = ['plain', 'react', 'vue', ...FRAMEWORKS] as const

afterAll(removeFrameworkBuilds)

/** Firefox's own words where a page is left, or a card removed, while its connection is being made. */
const ENDED_EARLY =
  /^(?:Firefox can.t establish a connection to the server at|The connection to) wss:\S+(?: was interrupted while the page was loading)?\.$/

describe.each(BROWSERS)('in %s', (browserName) => {
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser(browserName)
  })

  afterAll(() => browser?.close())

  describe.each(EXAMPLES)('the %s example', (example) => {
    let stage: Stage
    let dashboard: DashboardServer
    let page: Page
    const complaints: string[] = []

    beforeAll(async () => {
      stage = await Stage.start(browser)
      dashboard = new DashboardServer(stage.origin)
      await dashboard.start()
      await dashboard.show(example)
      await stage.editConfig((config) => Object.assign(config.whatsappd, dashboard.sandboxConfig))
      const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB' })
      page = await context.newPage()
      page.setDefaultTimeout(45_000)
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error' && !ENDED_EARLY.test(message.text())) complaints.push(message.text())
      })
    }, BUILD_TIMEOUT_MS)

    afterAll(async () => {
      await page?.context().close()
      await dashboard?.stop()
      await stage?.stop()
    })

    test('shows the card, and the QR that a phone links with', async () => {
      await page.goto(dashboard.origin)
      await page.getByText('Not connected', { exact: true }).waitFor()
      await button(page, 'Generate QR code').click()
      await page.getByRole('img', { name: 'QR code to link WhatsApp; scan it with the phone' }).waitFor()
      const { qr } = await stage.stack.untilEvent('account.qr')
      await stage.stack.owner.scan(qr)
      await page.getByText('WhatsApp is connected.').waitFor()
      if (example === 'plain') expect(await page.title()).toBe('Integrations (1 connected)')
    })

    if (example === 'svelte' || example === 'next')
      test('the server prints the element, and no token', async () => {
        const printed = await (await fetch(dashboard.origin)).text()
        expect(printed).toMatch(/<whatsapp-card [^>]*url="wss:/)
        expect(printed).not.toMatch(/<whatsapp-card [^>]*token/)
      })

    test('a number that is added in the dialog may talk', async () => {
      await button(page, 'Edit allowed numbers').click()
      const field = page.getByRole('dialog').getByRole('textbox', { name: 'Add a number' })
      await field.fill(BOB)
      await field.press('Enter')
      await button(page, 'Save').click()
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
      await page.getByText(BOB).first().waitFor()
      const { channels } = JSON.parse(stage.stack.readConfig()) as {
        channels: { whatsapp: { allowFrom: string[] } }
      }
      expect(channels.whatsapp.allowFrom).toEqual([ALICE, BOB])
    })

    test('removed and put back many times it leaves no connection and no element behind', async () => {
      for (let count = 0; count < TOGGLES; count++) {
        await button(page, 'WhatsApp').click()
        await page.locator('whatsapp-card').waitFor({ state: 'detached' })
        await button(page, 'WhatsApp').click()
        await page.locator('whatsapp-card').waitFor()
      }
      await page.getByText('WhatsApp is connected.').waitFor()
      await expect.poll(() => stage.tunnel.webSockets).toBe(1)
      // React keeps what it drew last; a leak would have kept them all. Only Chromium can be asked.
      if (browserName === 'chromium') expect(await cardsInMemory(page)).toBeLessThanOrEqual(3)
      await button(page, 'WhatsApp').click()
      await expect.poll(() => stage.tunnel.webSockets).toBe(0)
      await button(page, 'WhatsApp').click()
      await page.getByText('WhatsApp is connected.').waitFor()
    })

    test('a token that expires is replaced by itself', async () => {
      dashboard.tokenLifetimeSeconds = 3
      await page.reload()
      await page.getByText('WhatsApp is connected.').waitFor()
      const before = dashboard.tokensIssued
      await expect.poll(() => dashboard.tokensIssued).toBeGreaterThan(before)
      await page.getByText('WhatsApp is connected.').waitFor()
      expect(page.url()).toBe(`${dashboard.origin}/`)
    })

    test('a user who may no longer is led to the sign-in, and the page had no error', async () => {
      expect(complaints).toEqual([])
      dashboard.tokenAudience = 'sandbox-2'
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      expect(page.url()).toBe(`${dashboard.origin}/login`)
    })
  })
})

/** How many cards the page still holds on to, after a garbage collection. */
async function cardsInMemory(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('HeapProfiler.collectGarbage')
  const expression = "customElements.get('whatsapp-card').prototype"
  const { result: prototype } = await devtools.send('Runtime.evaluate', { expression })
  const { objects } = await devtools.send('Runtime.queryObjects', {
    prototypeObjectId: prototype.objectId ?? '',
  })
  const { result } = await devtools.send('Runtime.callFunctionOn', {
    objectId: objects.objectId ?? '',
    functionDeclaration: 'function () { return this.length }',
    returnByValue: true,
  })
  await devtools.detach()
  return Number(result.value)
}
