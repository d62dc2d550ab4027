import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createProxyServer } from 'httpxy'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Stack } from '../support/stack.ts'
import { openBrowser } from './open-browser.ts'

// The page at another address than the daemon's own: a mapped port, a name in the network, a path of a proxy.

let browser: Browser
let stack: Stack
let proxy: Server
let proxyPort: number
let page: Page

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** Passes everything on, as a mapped port does, and takes `prefix` off the paths, as a proxy for many sandboxes does. */
async function startProxy(prefix = ''): Promise<void> {
  const forward = createProxyServer({ target: stack.url, ws: true })
  proxy = createServer((request, response) => {
    if (request.url?.startsWith(prefix) !== true) return void response.writeHead(404).end('nothing here')
    request.url = request.url.slice(prefix.length)
    forward.web(request, response).catch(() => response.destroy())
  })
  proxy.on('upgrade', (request, socket: Socket, head) => {
    request.url = request.url?.slice(prefix.length) ?? ''
    forward.ws(request, socket, {}, head).catch(() => socket.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  proxyPort = (proxy.address() as AddressInfo).port // listening on TCP
}

function allowOrigin(origin: string): Promise<unknown> {
  stack.writeConfig(['+15550000002'])
  const config = JSON.parse(stack.readConfig()) as { whatsappd: object } // just written
  stack.writeRawConfig(
    JSON.stringify({ ...config, whatsappd: { ...config.whatsappd, allowedOrigins: [origin] } }),
  )
  return stack.untilEvent('config.applied', ({ changed }) =>
    changed.some((path) => path.includes('allowedOrigins')),
  )
}

const linkAt = (origin: string): string => `${origin}/${new URL(stack.daemon.newLoginLink()).hash}`

beforeEach(async () => {
  stack = await Stack.start()
  page = await browser.newPage()
  page.setDefaultTimeout(45_000)
})
afterEach(async () => {
  await page.close()
  proxy.closeAllConnections()
  proxy.close()
  await stack.stop()
})

describe.each([
  ['a mapped port', '', '127.0.0.1'],
  ['a name in the network', '', 'sandbox.test'],
  ['a path of a proxy', '/sandbox/7', '127.0.0.1'],
])('at %s', (_name, prefix, host) => {
  test('the page says which setting is missing, and goes on with the same link once it is there', async () => {
    await startProxy(prefix)
    const origin = `http://${host}:${proxyPort}`
    await page.goto(linkAt(origin + prefix))
    await page.getByText(`allowedOrigins: ['${origin}']`).waitFor()
    await allowOrigin(origin)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('Not connected', { exact: true }).waitFor()
    await page.reload()
    await page.getByText('Not connected', { exact: true }).waitFor()
  })
})

test('the page says that something else answers, and that the daemon does not', async () => {
  await startProxy()
  const origin = `http://127.0.0.1:${proxyPort}`
  await page.route('**/v1/session', (route) => route.fulfill({ status: 200, body: '<h1>Welcome</h1>' }))
  await page.goto(linkAt(origin))
  await page.getByText('Something else answers here').waitFor()
  await page.unroute('**/v1/session')
  await page.route('**/v1/session', (route) => route.fulfill({ status: 502, body: '<h1>Bad gateway</h1>' }))
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('The daemon does not answer').waitFor()
  await page.unroute('**/v1/session')
  // A program with errors of a form like the daemon's: the link was not used.
  await page.route('**/v1/session', (route) =>
    route.fulfill({ status: 401, json: { error: { code: 401, message: 'Log in first' } } }),
  )
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Something else answers here').waitFor()
  await page.unroute('**/v1/session')
  await allowOrigin(origin)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Not connected', { exact: true }).waitFor()
})

test('a link that was copied without its code needs a fresh one', async () => {
  await startProxy()
  await page.goto(`${stack.url}/#code=`)
  await page.getByText('This link was used already').waitFor()
})

test('where the browser keeps nothing for the page, it works until it is loaded again', async () => {
  await startProxy()
  // As Chromium with site data blocked: to name it throws.
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'sessionStorage', {
      get: () => {
        throw new DOMException('Access is denied for this document.', 'SecurityError')
      },
    })
  })
  const complaints: string[] = []
  page.on('pageerror', ({ message }) => complaints.push(message))
  await page.goto(stack.daemon.newLoginLink())
  await page.getByText('Not connected', { exact: true }).waitFor()
  await page.getByText('This browser keeps nothing for this page').waitFor()
  await page.reload()
  await page.getByText('Open this page with a fresh link').waitFor()
  expect(complaints).toEqual([])
})
