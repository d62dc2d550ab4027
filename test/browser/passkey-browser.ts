import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium } from 'playwright-core'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import type { Passkey } from '../../src/simulator/linking/passkey/passkey.ts'
import { CHROMIUM, CHROMIUM_ARGUMENTS } from './open-browser.ts'

const EXTENSION = resolve('src/web/extension')
const WHATSAPP_WEB = 'https://web.whatsapp.com'
/** As strict as a page can be: nothing of the extension, or of a console, may depend on what the page allows. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"

/**
 * Chromium with the extension in it, for which WhatsApp Web is a page of this test. Its authenticator is a virtual one,
 * which belongs to a page.
 */
export class PasskeyBrowser {
  readonly context: BrowserContext
  readonly #profile: string

  private constructor(context: BrowserContext, profile: string) {
    this.context = context
    this.#profile = profile
  }

  static async start(): Promise<PasskeyBrowser> {
    const profile = mkdtempSync(join(tmpdir(), 'whatsappd-browser-'))
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM,
      // The old way to be headless knows no extensions.
      headless: false,
      args: [
        ...CHROMIUM_ARGUMENTS,
        '--headless=new',
        `--disable-extensions-except=${EXTENSION}`,
        `--load-extension=${EXTENSION}`,
      ],
      locale: 'en-GB',
      timezoneId: 'UTC',
      viewport: { width: 560, height: 1_000 },
    })
    context.setDefaultTimeout(45_000)
    await context.route(`${WHATSAPP_WEB}/**`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        headers: { 'content-security-policy': POLICY },
        body: '<!doctype html><html lang="en"><title>WhatsApp Web</title><main>WhatsApp Web</main>',
      }),
    )
    return new PasskeyBrowser(context, profile)
  }

  /** Gives a page an authenticator that has this passkey; its person does what it asks, or (`verifies: false`) cannot. */
  async giveAuthenticator(page: Page, passkey: Passkey | null, verifies = true): Promise<CDPSession> {
    const session = await this.context.newCDPSession(page)
    await session.send('WebAuthn.enable')
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: verifies,
        automaticPresenceSimulation: true,
      },
    })
    if (passkey !== null) {
      const { credentialId, userHandle, privateKey = Buffer.alloc(0), signCount } = passkey.record
      await session.send('WebAuthn.addCredential', {
        authenticatorId,
        credential: {
          credentialId: credentialId.toString('base64'),
          isResidentCredential: true,
          rpId: 'whatsapp.com',
          privateKey: privateKey.toString('base64'),
          userHandle: userHandle.toString('base64'),
          signCount,
        },
      })
    }
    return session
  }

  /** Follows a link that opens WhatsApp Web in a page of its own. */
  async follow(page: Page, link: string): Promise<Page> {
    const [opened] = await Promise.all([
      this.context.waitForEvent('page'),
      page.getByRole('link', { name: link }).click(),
    ])
    await opened.getByText('WhatsApp Web', { exact: true }).waitFor()
    return opened
  }

  /** A page of WhatsApp Web that somebody has opened by hand. */
  async openWhatsAppWeb(): Promise<Page> {
    const page = await this.context.newPage()
    await page.goto(`${WHATSAPP_WEB}/`)
    return page
  }

  async stop(): Promise<void> {
    await this.context.close()
    rmSync(this.#profile, { recursive: true, force: true })
  }
}

/** What a person types into the console of a page. */
export class BrowserConsole {
  readonly #session: CDPSession

  constructor(session: CDPSession) {
    this.#session = session
  }

  /** Runs a line; waits for what it promises. Rejects with what it throws. */
  async run(line: string): Promise<void> {
    await this.#session.send('Runtime.enable')
    const { exceptionDetails } = await this.#session.send('Runtime.evaluate', {
      expression: line,
      includeCommandLineAPI: true,
      userGesture: true,
      awaitPromise: true,
    })
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
  }

  /** Runs a line that copies; what it copied. */
  async copied(line: string): Promise<string> {
    // The front end of the console is what writes into the clipboard.
    const asked = new Promise<{ object: { value?: unknown } }>((resolve) =>
      this.#session.once('Runtime.inspectRequested', resolve),
    )
    await this.run(line)
    const { object } = await asked
    return String(object.value)
  }
}
