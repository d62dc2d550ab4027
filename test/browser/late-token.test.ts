import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ScriptedDaemon } from '../unit/client/scripted-daemon.ts'
import { configView, connectedAccount } from './account-fixture.ts'
import { serveHostPage } from './host-page.ts'
import type { HostPageOptions } from './host-page.ts'
import { BROWSERS, openBrowser } from './open-browser.ts'

// A framework gives the token at a time of its own: before the element is defined, after hydration, much later, again.

type Scripts = Pick<HostPageOptions, 'before' | 'script'>

const later = (script: string): Scripts => ({
  script: `addEventListener('late', () => { const card = findCard(); ${script} })`,
})

const MOMENTS: Record<string, Scripts> = {
  'long after the element was drawn': later('card.token = async () => TOKEN'),
  'after a value that is none': later('card.token = undefined; setTimeout(() => (card.token = TOKEN))'),
  'while the element is out of the page': later(
    'card.remove(); card.token = TOKEN; document.body.append(card)',
  ),
  'after the element was moved': later('document.body.append(card); card.token = () => TOKEN'),
  'after one that the daemon refuses': later(
    "card.token = 'stale'; setTimeout(() => (card.token = TOKEN), 200)",
  ),
}

describe.each(BROWSERS)('in %s', (browserName) => {
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser(browserName)
  })
  afterAll(() => browser?.close())

  async function open(scripts: Scripts): Promise<{ page: Page; daemon: ScriptedDaemon; said: string[] }> {
    const daemon = await serveHostPage({ body: '<main>CARD</main>', ...scripts })
    daemon.snapshot = { accounts: [connectedAccount()], offers: [], config: configView(), blocked: [] }
    const context = await browser.newContext()
    onTestFinished(() => context.close())
    const page = await context.newPage()
    page.setDefaultTimeout(45_000)
    const said: string[] = []
    page.on('console', (message) => message.type() === 'error' && said.push(message.text()))
    await page.goto(`${daemon.origin}/host`)
    return { page, daemon, said }
  }

  test.each(Object.keys(MOMENTS))('a token is taken %s', async (moment) => {
    const { page } = await open(MOMENTS[moment] ?? {})
    await page.getByText('WhatsApp is not configured for this page.').waitFor()
    await page.evaluate(() => dispatchEvent(new Event('late')))
    await page.getByRole('button', { name: 'Edit allowed numbers' }).waitFor()
  })

  test('a token is taken before the element is defined', async () => {
    const { page, daemon } = await open({ before: 'findCard().token = () => TOKEN', script: '' })
    await page.getByRole('button', { name: 'Edit allowed numbers' }).waitFor()
    expect(daemon.connections).toBe(1)
  })

  test('a token in an attribute is taken out of the page and not used, and the console says so without it', async () => {
    const { page, said } = await open(later("card.setAttribute('token', TOKEN)"))
    await page.getByText('WhatsApp is not configured for this page.').waitFor()
    await page.evaluate(() => dispatchEvent(new Event('late')))
    await page.getByText('WhatsApp is not configured for this page.').waitFor()
    await expect.poll(() => said.join()).toContain('"token" is a property')
    expect(said.join() + (await page.content())).not.toContain('scripted-token')
  })
})
