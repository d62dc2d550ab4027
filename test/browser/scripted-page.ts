import { onTestFinished } from 'vitest'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import type { Snapshot } from '../../src/protocol/methods/session.ts'
import type { ScriptedDaemon } from '../unit/client/scripted-daemon.ts'
import { account, configView } from './account-fixture.ts'
import { LOGIN_CODE, startCardServer } from './card-server.ts'

/** The daemon's page in front of a scripted daemon. */
export class ScriptedPage {
  readonly daemon: ScriptedDaemon
  readonly page: Page
  /** What the page threw, or complained of. */
  readonly complaints: string[] = []

  private constructor(daemon: ScriptedDaemon, page: Page) {
    this.daemon = daemon
    this.page = page
    page.setDefaultTimeout(45_000)
    page.on('pageerror', (error) => this.complaints.push(error.message))
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()))
  }

  /** Not opened yet; gone when the test has finished. */
  static async prepare(browser: Browser, options: BrowserContextOptions = {}): Promise<ScriptedPage> {
    const daemon = await startCardServer()
    const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options })
    onTestFinished(async () => {
      await context.close()
      await daemon.stop()
    })
    const scripted = new ScriptedPage(daemon, await context.newPage())
    scripted.show({})
    return scripted
  }

  /** What the next subscription answers with. */
  show(facts: Partial<Snapshot>): void {
    this.daemon.snapshot = {
      accounts: [account('unlinked', 'not_linked')],
      offers: [],
      config: configView(),
      blocked: [],
      ...facts,
    }
  }

  async open(): Promise<void> {
    await this.page.goto(`${this.daemon.origin}/#code=${LOGIN_CODE}`)
    await this.page.getByRole('heading', { name: 'WhatsApp', exact: true }).waitFor()
    await this.page.getByRole('heading', { name: 'Allowed numbers' }).first().waitFor()
  }

  button = (name: string): Locator => this.page.getByRole('button', { name, exact: true })
}
