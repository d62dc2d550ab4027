import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import type { BusinessDaemon } from '../../support/business-daemon.ts'

export interface BusinessPage {
  page: Page
  /** What the page threw. */
  errors: string[]
}

/** A page of its own with the daemon's card on it; gone when the test has finished, and the daemon too. */
export async function openBusiness(
  browser: Browser,
  business: BusinessDaemon,
  options: BrowserContextOptions = {},
): Promise<BusinessPage> {
  const opened = await newPage(browser, options)
  await opened.page.goto(`${business.url}/${new URL(business.daemon.newLoginLink()).hash}`)
  await opened.page.getByRole('heading', { name: 'WhatsApp', exact: true }).waitFor()
  return opened
}

/** An empty page, in English and UTC, as wide as a card with its margins. */
export async function newPage(browser: Browser, options: BrowserContextOptions = {}): Promise<BusinessPage> {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 560, height: 900 },
    ...options,
  })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  return { page, errors }
}
