import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { miladyQuickStart } from '../support/milady-quick-start.ts'
import { openBrowser } from './open-browser.ts'
import { button, Stage } from './states/stage.ts'

// The file allows nobody: `pairing` was read as a list, which was empty, and the card had no button.

let browser: Browser
let stage: Stage | null = null

beforeAll(async () => {
  browser = await openBrowser()
})
afterEach(() => stage?.stop())
afterAll(() => browser.close())

test("Milady's quick start is linked with a QR that the card generates", async () => {
  const quick = await Stage.start(browser, {}, async (stack) => {
    await stack.stopDaemon()
    stack.writeRawConfig(miladyQuickStart(stack.simulator))
    await stack.startDaemon()
  })
  stage = quick
  const page = await quick.open()
  const requested = quick.stack.untilEvent('account.qr')
  await button(page, 'Generate QR code').click()
  await page.getByRole('img', { name: 'QR code to link WhatsApp; scan it with the phone' }).waitFor()
  await quick.stack.owner.scan((await requested).qr)
  await page.getByText('WhatsApp is connected.').waitFor()
  expect(quick.errors).toEqual([])
})
