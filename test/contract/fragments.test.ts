import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LOCAL_TOKEN, startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'

const TEXT = 0x01
const CONTINUATION = 0x00
const PING = 0x09
const PONG = 0x0a

/** One masked frame as a client sends it; `final` ends its message. */
function frame(opcode: number, payload: string, final: boolean): Buffer {
  const bytes = Buffer.from(payload)
  // A mask of zeros leaves the payload as it is.
  const head = [(final ? 0x80 : 0) | opcode, 0x80 | bytes.length, 0, 0, 0, 0]
  return Buffer.concat([Buffer.from(head), bytes])
}

// 16,000 fragments of one byte on each of 40 sockets took 75 MB, although no message was too long.
describe('the pieces of a message', () => {
  let harness: Harness
  const sockets: Socket[] = []

  beforeEach(async () => {
    harness = await startHarness({ limits: { authenticationMs: 20_000 } })
  })
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    await harness.stop()
  })

  /** A WebSocket without a library: what is sent is what the test writes. */
  async function open(
    token?: string,
  ): Promise<{ socket: Socket; received: () => string; closed: Promise<void> }> {
    const socket = connect(harness.port, harness.host)
    sockets.push(socket)
    let received = ''
    socket.setNoDelay(true).setEncoding('latin1')
    socket.on('error', () => undefined)
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    const greeted = new Promise<void>((resolve) => {
      socket.on('data', (part: string) => {
        received += part
        if (received.includes('server.hello')) resolve()
      })
    })
    const bearer = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`
    socket.write(
      `GET /v1/ws HTTP/1.1\r\nHost: localhost\r\n${bearer}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n`,
    )
    await greeted
    return { socket, received: () => received, closed }
  }

  const identities: [string, string | undefined][] = [
    ['nobody', undefined],
    ['a read token', 'scoped:read'],
    ['a config token', 'scoped:config'],
    ['a link token', 'scoped:link'],
    ['an agent token', 'scoped:agent'],
    ['the local token', LOCAL_TOKEN],
  ]

  it.each(identities)('are bounded for %s: fragments', async (_name, token) => {
    const { socket, received, closed } = await open(token)
    socket.write(frame(TEXT, '{', false))
    for (let count = 0; count < 100; count += 1) socket.write(frame(CONTINUATION, '', false))
    await closed
    expect(received()).toContain('server.hello')
    // 1008, as a close frame.
    expect(received()).toContain('\x88\x02\x03\xf0')
  })

  it('may be a few: a proxy cuts messages as it likes', async () => {
    const { socket, received } = await open(LOCAL_TOKEN)
    const text = '{"jsonrpc":"2.0","id":1,"method":"session.ping"}'
    socket.write(frame(TEXT, text.slice(0, 1), false))
    for (const letter of text.slice(1)) socket.write(frame(CONTINUATION, letter, false))
    socket.write(frame(CONTINUATION, '', true))
    await expect.poll(received).toContain('"result"')
  })

  it.each(identities)('are bounded for %s: one frame in very many packets', async (_name, token) => {
    const { socket, closed } = await open(token)
    // Announces 60,000 bytes.
    socket.write(Buffer.from([0x81, 0xfe, 0xea, 0x60, 0, 0, 0, 0]))
    for (let count = 0; count < 3_000 && !socket.destroyed; count += 1) {
      await new Promise((resolve) => socket.write(' ', resolve))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await closed
  })

  it.each(identities)(
    'are bounded for %s: pings and pongs, which no request counts',
    async (_name, token) => {
      for (const opcode of [PING, PONG]) {
        const { socket, closed } = await open(token)
        for (let count = 0; count < 300; count += 1) socket.write(frame(opcode, 'x', true))
        await closed
      }
    },
  )
})
