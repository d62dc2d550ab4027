import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { findCause } from '../../../src/client/find-cause.ts'
import type { Fetch } from '../../../src/client/find-cause.ts'

const alive: RequestListener = (_request, response) => response.end('{"status":"ok"}')
const badGateway: RequestListener = (_request, response) => response.writeHead(502).end('no daemon')

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port // listens on TCP
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // listens on TCP
  server.close()
  await once(server, 'close')
  return port
}

/** A browser's fetch from another origin: what sends no CORS header may be reached, but not read. */
const crossOrigin: Fetch = async (input, init) => {
  const response = await fetch(input.replace('sandbox.test', '127.0.0.1'), init)
  if (init?.mode !== 'no-cors' && !response.ok) throw new TypeError('Failed to fetch')
  return response
}

const codeOf = async (url: string, fetcher: Fetch = fetch): Promise<string> =>
  (await findCause(url, fetcher, 2_000)).code

test('on this machine, nobody listening is a daemon that does not run', async () => {
  expect(await codeOf(`ws://127.0.0.1:${await closedPort()}/v1/ws`)).toBe('daemon_offline')
})

test('far away, nothing answering is a closed way', async () => {
  expect(await codeOf(`ws://sandbox.test:${await closedPort()}/v1/ws`, crossOrigin)).toBe(
    'tunnel_unreachable',
  )
})

test('a tunnel that answers for a daemon that does not is not to blame', async () => {
  const port = await serve(badGateway)
  expect(await codeOf(`ws://127.0.0.1:${port}/v1/ws`)).toBe('daemon_offline')
  expect(await codeOf(`ws://sandbox.test:${port}/v1/ws`, crossOrigin)).toBe('daemon_offline')
})

test('a daemon that answers but takes no WebSocket refused this page', async () => {
  const paths: string[] = []
  const port = await serve((request, response) => {
    paths.push(request.url ?? '')
    alive(request, response)
  })
  expect(await codeOf(`ws://127.0.0.1:${port}/v1/ws`)).toBe('websocket_refused')
  expect(await codeOf(`ws://127.0.0.1:${port}/box/7/v1/ws?x=1`)).toBe('websocket_refused')
  expect(paths).toEqual(['/livez', '/box/7/livez'])
})

test('an address that is none is no reason to throw', async () => {
  expect(await codeOf('nonsense')).toBe('daemon_offline')
})
