import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openBrowser } from './open-browser.ts'
import { button, Stage } from './states/stage.ts'

// A dashboard of another origin, as in docs/embedding.md: its own page and policy, the card from the daemon through the tunnel.

let browser: Browser
let stage: Stage
let dashboard: Server
let page: Page
/** What the dashboard's server hands out; `asked` counts how often. */
let token: string | null
let asked: number

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  stage = await Stage.start(browser)
  await stage.stack.link()
  token = localToken()
  asked = 0
  dashboard = createServer((request, response) => {
    if (request.url === '/api/sandbox-token') {
      asked++
      response.writeHead(token === null ? 503 : 200).end(token)
    } else if (request.url === '/app.js') {
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(APP)
    } else respondWithPage(response, stage.origin)
  }).listen(0, '127.0.0.1')
  await once(dashboard, 'listening')
  page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage()
  page.setDefaultTimeout(45_000)
})

afterEach(async () => {
  await page.context().close()
  dashboard.closeAllConnections()
  dashboard.close()
  await stage.stop()
})

const APP = `
  const card = document.querySelector('whatsapp-card')
  card.token = async () => {
    const response = await fetch('/api/sandbox-token', { method: 'POST' })
    if (!response.ok) throw new Error('no token: ' + response.status)
    return response.text()
  }
  card.strings = { Connected: 'Verbunden', 'daemon_offline': 'Der Dienst läuft nicht.' }
  card.addEventListener('whatsapp-card-unauthorized', () => (document.title = 'Sign in'))
  card.addEventListener('whatsapp-card-change', ({ detail }) => (document.title = detail.connection))
`

function respondWithPage(response: ServerResponse, sandbox: string): void {
  const policy = `default-src 'none'; script-src 'self' ${sandbox}; connect-src 'self' ${sandbox} ${sandbox.replace('https', 'wss')}`
  response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': policy }).end(
    `<!doctype html><html lang="de"><title>Integrations</title><main><h1>Integrations</h1>
    <whatsapp-card url="${sandbox.replace('https', 'wss')}/v1/ws"></whatsapp-card></main>
    <script type="module" src="${sandbox}/card.js"></script><script type="module" src="/app.js"></script></html>`,
  )
}

function localToken(): string {
  return readFileSync(join(stage.stack.stateDir, 'token'), 'utf8').trim()
}

function origin(): string {
  return `http://dashboard.test:${(dashboard.address() as AddressInfo).port}` // listens on TCP
}

async function allow(): Promise<void> {
  await stage.editConfig((config) => {
    config.whatsappd = { ...config.whatsappd, allowedOrigins: [stage.origin, origin()] }
  })
}

test('a page that is not on the list is told so, and let in by an edit', async () => {
  await page.goto(origin())
  await page.getByText('this page may not connect to it').waitFor()
  await page.getByText('whatsappd.allowedOrigins').waitFor()
  await allow()
  await page.getByText('WhatsApp is connected.').waitFor()
})

test('in its own words, with a token that is fetched and never in the page', async () => {
  await allow()
  await page.goto(origin())
  await page.getByText('Verbunden', { exact: true }).waitFor()
  expect([asked, await page.title()]).toEqual([1, 'ready'])
  expect(await page.content()).not.toContain(token)
})

test('a page whose token function fails says that, and goes on by itself', async () => {
  await allow()
  token = null
  await page.goto(origin())
  await page.getByText('This page could not get a token.').waitFor()
  await page.getByText('Check your network, or sign in again.').waitFor()
  await page.getByText('No access', { exact: true }).waitFor()
  expect(await page.title()).toBe('token_unavailable')
  token = localToken()
  await page.getByText('WhatsApp is connected.').waitFor()
})

test('a refused token says in words why', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const pem = publicKey.export({ type: 'spki', format: 'pem' })
  await stage.editConfig((config) => {
    config.whatsappd['allowedOrigins'] = [stage.origin, origin()]
    config.whatsappd['auth'] = {
      jwtKeys: [{ publicKey: pem }],
      issuer: 'dashboard',
      audience: 'sandbox-1',
      subjects: ['user-1'],
    }
  })
  token = await new SignJWT({ scope: 'read' })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer('dashboard')
    .setAudience('sandbox-2')
    .setSubject('user-1')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(privateKey)
  await page.goto(origin())
  await page.getByText(/The token is for another sandbox\..* Sign in again/).waitFor()
})

test('a refused token is fetched once more before the page is asked to sign in', async () => {
  await allow()
  token = 'stale'
  await page.goto(origin())
  await page.getByText('This page has no access to the daemon any more.').waitFor()
  expect([asked, await page.title()]).toEqual([2, 'Sign in'])
})

test('a stopped daemon and a closed tunnel are told apart, and both come back', async () => {
  await allow()
  await page.goto(origin())
  await page.getByText('WhatsApp is connected.').waitFor()
  await stage.tunnel.stop()
  await page.getByText('The way to the sandbox is closed.').waitFor()
  expect(await button(page, 'Disconnect').isDisabled()).toBe(true)
  await stage.tunnel.start()
  await page.getByText('WhatsApp is connected.').waitFor()
  await stage.stack.stopDaemon()
  await page.getByText('Der Dienst läuft nicht.').waitFor()
})
