import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { Stack } from '../../support/stack.ts'
import type { StackOptions } from '../../support/stack.ts'
import { NodeTunnel } from '../../support/tunnels/node-tunnel.ts'

/** What the sandbox is called on the way through the tunnel; the browser is told that it is this machine. */
const TUNNEL_HOST = 'sandbox.test'

/**
 * A daemon with a simulated WhatsApp, and a browser that reaches it through a tunnel that ends TLS, as a hosted dashboard
 * does. `open` shows the page.
 */
export class Stage {
  readonly stack: Stack
  readonly tunnel: NodeTunnel
  readonly #browser: Browser
  readonly #pages: Page[] = []
  readonly #undo: () => void
  /** What the pages threw. */
  readonly errors: string[] = []

  private constructor(stack: Stack, tunnel: NodeTunnel, browser: Browser, undo: () => void) {
    this.stack = stack
    this.#undo = undo
    this.tunnel = tunnel
    this.#browser = browser
  }

  /** `before` runs while nobody looks yet, and may restart the daemon; what it answers with is called at the end. */
  static async start(
    browser: Browser,
    options: StackOptions = {},
    before: (stack: Stack) => Promise<void | (() => void)> = async () => {},
  ): Promise<Stage> {
    const stack = await Stack.start(options)
    const undo = (await before(stack)) ?? (() => {})
    const tunnel = new NodeTunnel({ target: stack.url, idleMs: 60_000 })
    await tunnel.start()
    const stage = new Stage(stack, tunnel, browser, undo)
    await stage.editConfig((config) => {
      config.whatsappd = { ...config.whatsappd, allowedOrigins: [stage.origin] }
    })
    return stage
  }

  get origin(): string {
    return this.tunnel.origin.replace('localhost', TUNNEL_HOST)
  }

  /** Saves the config file as an editor would, and waits until that is in force. */
  editConfig = async (edit: (config: EditedConfig) => void): Promise<void> => {
    const { stack } = this
    const seen = stack.published('config.applied').length
    // Written by the stack itself.
    const config = JSON.parse(stack.readConfig()) as EditedConfig
    edit(config)
    stack.writeRawConfig(JSON.stringify(config, null, 2))
    await stack.until('the config', () => stack.published('config.applied').length > seen)
  }

  /** A page of its own, with the card on it. */
  async open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({
      ignoreHTTPSErrors: true,
      locale: 'en-GB',
      timezoneId: 'UTC',
      viewport: { width: 560, height: 900 },
      ...options,
    })
    const page = await context.newPage()
    this.#pages.push(page)
    page.setDefaultTimeout(45_000)
    page.on('pageerror', (error) => this.errors.push(error.message))
    const code = new URL(this.stack.daemon.newLoginLink()).hash
    await page.goto(`${this.origin}/${code}`)
    await page.getByRole('heading', { name: 'WhatsApp', exact: true }).waitFor()
    return page
  }

  async stop(): Promise<void> {
    for (const page of this.#pages) await page.context().close()
    this.#undo()
    await this.tunnel.remove()
    await this.stack.stop()
  }
}

interface EditedConfig {
  channels: { whatsapp: Record<string, unknown> }
  whatsappd: Record<string, unknown>
}

export function button(page: Page, name: string): Locator {
  return page.getByRole('button', { name, exact: true })
}
