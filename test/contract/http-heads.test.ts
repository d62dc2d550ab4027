import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHttpServer } from '../../src/control/http/create-http-server.ts'
import { BodyTime } from '../../src/control/http/body-time.ts'
import { LOCAL_TOKEN, startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'

const HEAD_MS = 600
const DAY_MS = 24 * 3_600_000
const LATE = /^HTTP\/1\.1 408 Request Timeout\r\n(?:.+\r\n)*Connection: close\r\n/

let harness: Harness
let asked: Promise<void>
let release = (): void => undefined
let sockets: Socket[] = []
beforeEach(async () => {
  sockets = []
  const extraRoutes = new Hono()
  asked = new Promise((resolve) => {
    extraRoutes.get('/slow', async (context) => {
      resolve()
      await new Promise<void>((done) => (release = done))
      return context.body(null, 204)
    })
  })
  harness = await startHarness({
    extraRoutes,
    limits: { headMs: HEAD_MS, keepAliveMs: HEAD_MS, uploadMs: HEAD_MS },
  })
})
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await harness.stop()
})

async function open(): Promise<{ socket: Socket; answers: () => string; closed: Promise<unknown> }> {
  const socket = connect(harness.port, harness.host)
  sockets.push(socket)
  let text = ''
  socket.setEncoding('latin1').on('data', (part: string) => (text += part))
  socket.on('error', () => undefined)
  const closed = once(socket, 'close')
  await once(socket, 'connect')
  return { socket, answers: () => text, closed }
}

const PROBE = 'GET /livez HTTP/1.1\r\nHost: localhost\r\n'
const SLOW = 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n'
const heads = (text: string): string[] => text.match(/HTTP\/1\.1 \d+/g) ?? []

describe('the head of a request', () => {
  it.each([
    ['nothing', ''],
    ['a half', PROBE],
    ['a letter', 'G'],
  ])(
    'of which %s comes is answered with 408, with the headers of every answer, and the connection closed',
    async (_name, text) => {
      const { socket, answers, closed } = await open()
      socket.write(text)
      await closed
      expect(answers()).toMatch(LATE)
      expect(answers()).toContain('X-Content-Type-Options: nosniff')
    },
  )

  it('that comes letter by letter is late, too', async () => {
    const { socket, answers, closed } = await open()
    socket.write(PROBE)
    const drip = setInterval(() => socket.write('X'), 20)
    await closed
    clearInterval(drip)
    expect(answers()).toMatch(LATE)
  })

  it('is waited for behind each answer, also where more than one came at once', async () => {
    const { socket, answers, closed } = await open()
    socket.write(`${PROBE}\r\n${PROBE}\r\n${PROBE}`)
    await closed
    expect(heads(answers())).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 408'])
  })

  it('that is there gives its answer all the time that it takes, and the next request a time of its own', async () => {
    const { socket, answers } = await open()
    socket.write(`${PROBE}\r\n${SLOW}`)
    await asked
    await expect.poll(() => heads(answers())).toEqual(['HTTP/1.1 200'])
    // Opened later: when their times are over, the other's would be, too.
    for (let later = 0; later < 3; later += 1) await (await open()).closed
    release()
    await expect.poll(() => heads(answers())).toEqual(['HTTP/1.1 200', 'HTTP/1.1 204'])
    socket.write(`${PROBE}\r\n`)
    await expect.poll(() => heads(answers())).toHaveLength(3)
    expect(answers()).not.toContain('408')
  })

  it('does not count for a WebSocket', async () => {
    const client = await harness.ready()
    await (
      await open()
    ).closed
    expect(await client.request('session.ping', {})).toBeDefined()
  })
})

it('the body of an upload is late at its own time', async () => {
  const { socket, answers, closed } = await open()
  socket.write(
    `POST /v1/accounts/default/media HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${LOCAL_TOKEN}\r\nContent-Length: 10\r\n\r\n12345`,
  )
  await closed
  expect(heads(answers())).toEqual(['HTTP/1.1 408'])
})

it('nothing looks after connections while there are none', () => {
  const server = createHttpServer(
    () => undefined,
    () => undefined,
    {
      tcpConnections: 1,
      headMs: HEAD_MS,
      keepAliveMs: HEAD_MS,
      bodies: new BodyTime({ bodyMs: 1, uploadMs: 1 }),
    },
  )
  // Node's own timer, which runs as long as the server listens.
  expect(Reflect.get(server, 'connectionsCheckingInterval')).toBeGreaterThan(DAY_MS)
})
