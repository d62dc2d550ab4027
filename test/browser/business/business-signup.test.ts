import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { SignupChoice } from '../../../src/simulator/business/management/embedded-signup.ts'
import { BusinessDaemon } from '../../support/business-daemon.ts'
import type { BusinessDaemonOptions } from '../../support/business-daemon.ts'
import { openBrowser } from '../open-browser.ts'
import { newPage } from './open-business.ts'

const EXAMPLE = join(import.meta.dirname, '../../../docs/examples/plain/business-signup.js')
/** As Meta's script defines it: what comes to the page is asked of the simulator, as if its window had been gone through. */
const META = `globalThis.FB = {
  async login(answer) {
    for (const each of await (await fetch('/meta')).json()) {
      if (each.kind === 'login') answer(each)
      else dispatchEvent(new MessageEvent('message', { origin: each.origin, data: each.data }))
    }
  },
}`

/** Where Meta is, and nothing of a number; `undefined` leaves a key out. */
const WITHOUT_NUMBER: BusinessDaemonOptions = {
  channel: { transport: undefined },
  cloudApi: {
    phoneNumberId: undefined,
    businessAccountId: undefined,
    accessToken: undefined,
    appSecret: undefined,
    verifyToken: undefined,
  },
}

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** A dashboard of another origin, with a server of its own that exchanges the code. */
async function openDashboard(
  business: BusinessDaemon,
  choice: () => SignupChoice,
  slotted = '',
): Promise<{ page: Page; errors: string[]; origin: string }> {
  const { platform, number } = business
  const { app } = number
  const html = `<!doctype html><html lang="en"><title>Integrations</title><main><whatsapp-card hosted>${slotted}</whatsapp-card></main>
    <script>${META}</script><script src="/business-signup.js"></script><script type="module" src="${business.url}/card.js"></script>`
  const server = createServer((request, response) => {
    const answer = async (): Promise<[type: string, body: string] | null> => {
      const { url } = request
      if (url === '/') return ['text/html', html]
      if (url === '/business-signup.js') return ['text/javascript', readFileSync(EXAMPLE, 'utf8')]
      if (url === '/meta')
        return ['application/json', JSON.stringify(platform.signup.run(app, choice()).news)]
      if (url !== '/api/whatsapp/exchange') return null
      const code = (await request.setEncoding('utf8').toArray()).join('')
      const query = new URLSearchParams({ client_id: app.id, client_secret: app.secret, code })
      const exchanged = await fetch(`${platform.baseUrl}/v25.0/oauth/access_token?${query.toString()}`)
      const { access_token: accessToken } = (await exchanged.json()) as Record<string, unknown> // of the simulator
      return ['application/json', JSON.stringify({ accessToken, appSecret: app.secret })]
    }
    void answer().then((found) =>
      response
        .writeHead(found === null ? 404 : 200, { 'Content-Type': found?.[0] ?? 'text/plain' })
        .end(found?.[1]),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server has an address of this shape
  const config = JSON.parse(readFileSync(business.configPath, 'utf8')) as { whatsappd: object } // written by the harness
  writeFileSync(
    business.configPath,
    JSON.stringify({ ...config, whatsappd: { ...config.whatsappd, allowedOrigins: [origin] } }),
  )
  await business.untilEvent('config.applied')
  const { page, errors } = await newPage(browser)
  await page.goto(origin)
  const given = {
    url: `${business.url.replace('http', 'ws')}/v1/ws`,
    token: readFileSync(join(business.stateDir, 'token'), 'utf8').trim(),
  }
  await page.locator('whatsapp-card').evaluate((card, values) => Object.assign(card, values), given)
  return { page, errors, origin }
}

test(
  'a dashboard connects a Business number: stopped, refused, tried again, connected',
  { timeout: 60_000 },
  async () => {
    const business = await BusinessDaemon.start({
      ...WITHOUT_NUMBER,
      number: { state: { status: 'PENDING', platform: 'NOT_APPLICABLE' } },
      subscribes: false,
    })
    onTestFinished(() => business.stop())
    const { number, platform } = business
    let choice: SignupChoice = { kind: 'cancel', step: 'PHONE_NUMBER_VERIFICATION' }
    const { page, errors } = await openDashboard(business, () => choice)
    const start = page.getByRole('button', { name: 'Connect a Business number' })
    await start.click()
    await page.getByText('You stopped at: the code that proves the number.').waitFor()

    choice = { kind: 'error', message: 'This number is already in use.', code: '524126' }
    await start.click()
    await page.getByText('Meta said: This number is already in use. (524126)').waitFor()

    choice = { kind: 'cloud-api', number }
    const refusal = platform.faults.strike('register', { kind: 'error', code: 133016 })
    await start.click()
    await page.getByRole('listitem').filter({ hasText: 'Registration of the number' }).waitFor()
    refusal.clear()
    expect(await page.locator('whatsapp-card').evaluate((card) => card.outerHTML)).not.toContain('EAA')
    expect(errors).toEqual([])
  },
)

test(
  "a page's own button begins the sign-up, and its own words stand on the connected card",
  { timeout: 60_000 },
  async () => {
    const business = await BusinessDaemon.start({
      ...WITHOUT_NUMBER,
      number: { state: { status: 'PENDING', platform: 'NOT_APPLICABLE' } },
      subscribes: false,
    })
    onTestFinished(() => business.stop())
    const { number } = business
    const slotted =
      '<ul slot="connected"><li>Answers at night</li></ul><button slot="business-signup">Sign up with Meta</button>'
    const { page, errors } = await openDashboard(business, () => ({ kind: 'cloud-api', number }), slotted)
    await page.getByRole('button', { name: 'Sign up with Meta' }).click()
    await page.getByText('The channel is active.').waitFor()
    await page.getByText('Answers at night').waitFor()
    expect(number.isRegistered).toBe(true)
    expect(errors).toEqual([])
  },
)
