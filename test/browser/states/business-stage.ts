import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { BusinessDaemon } from '../../support/business-daemon.ts'
import type { BusinessDaemonOptions } from '../../support/business-daemon.ts'

/** One thing that the card or the conversations view can show of a Business number, and how a real daemon is brought to it. */
export interface BusinessScene {
  /** Of the test and the screenshot; unique. */
  name: string
  /** What the person reads then. */
  words: string | RegExp
  options?: BusinessDaemonOptions
  /** The conversations instead of the card. */
  isConversations?: true
  /** While nobody looks yet. */
  before?: (business: BusinessDaemon) => Promise<void>
  /** On the open page. */
  after?: (page: Page, business: BusinessDaemon) => Promise<void>
}

/** A daemon with a Business number on the simulated Graph API, in a scene, and a page that shows it. */
export class BusinessStage {
  readonly page: Page
  /** What the page threw, and what its console complained of. */
  readonly errors: string[]
  readonly #business: BusinessDaemon

  private constructor(business: BusinessDaemon, page: Page, errors: string[]) {
    this.#business = business
    this.page = page
    this.errors = errors
  }

  /** Resolves when the page shows the words of the scene. */
  static async start(
    browser: Browser,
    { words, options = {}, isConversations, before, after }: BusinessScene,
  ): Promise<BusinessStage> {
    const business = await BusinessDaemon.start(options)
    try {
      await before?.(business)
      const size = isConversations ? { width: 1_100, height: 860 } : { width: 560, height: 900 }
      const { page, errors } = await openPage(browser, { viewport: size })
      const stage = new BusinessStage(business, page, errors)
      await page.goto(`${business.url}/${new URL(business.daemon.newLoginLink()).hash}`)
      await page.getByRole('heading', { name: 'WhatsApp', exact: true }).waitFor()
      if (isConversations) {
        await page.getByRole('tab', { name: 'Conversations' }).click()
        await page.locator('whatsapp-conversations').waitFor()
      }
      await after?.(page, business)
      await page.getByText(words).filter({ visible: true }).first().waitFor()
      return stage
    } catch (error) {
      await business.stop()
      throw error
    }
  }

  /** The element that the scene is about. */
  static elementOf({ isConversations }: BusinessScene): string {
    return isConversations ? 'whatsapp-conversations' : 'whatsapp-card'
  }

  async stop(): Promise<void> {
    await this.page.context().close()
    await this.#business.stop()
  }
}

async function openPage(
  browser: Browser,
  options: BrowserContextOptions,
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text())
  })
  return { page, errors }
}
