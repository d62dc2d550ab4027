import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { WASocket } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { RawSocket } from '../../../../../src/transports/linked-device/socket/raw-socket.ts'

const BUSY_MS = 100

/*
 * Over TLS the end of a write is reported one round of the event loop later. In a process that is busy for longer than
 * WhatsApp takes to answer, the answer came first: Baileys took the first stanza of the session for a part of the
 * handshake, and the login stalled.
 */
let server: ChildProcess
let socket: WebSocket
beforeEach(async () => {
  server = spawn(process.execPath, [join(import.meta.dirname, '../../../../support/tls-echo.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [port] = await once(server.stdout ?? server, 'data')
  socket = new WebSocket(`wss://127.0.0.1:${String(port).trim()}`, { rejectUnauthorized: false })
  await once(socket, 'open')
})
afterEach(() => {
  socket.terminate()
  server.kill()
})

function stayBusy(): void {
  const until = performance.now() + BUSY_MS
  while (performance.now() < until);
}

it('reports the frames of the handshake as written before anything can answer them', async () => {
  const order: string[] = []
  socket.on('message', () => {
    order.push('answered')
    stayBusy()
  })
  // What Baileys' WebSocket client is to it: the holder of the socket below.
  new RawSocket({ socket, close: async () => {} } as unknown as WASocket['ws']).commitBeforeFrames(() => {
    order.push('committed')
    // The event loop reads before it reports the write.
    setTimeout(stayBusy, 0)
  })
  for (const frame of ['hello', 'finish']) {
    const answered = once(socket, 'message')
    socket.send(frame, () => order.push('written'))
    await answered
  }
  expect(order).toEqual(['written', 'committed', 'answered', 'written', 'committed', 'answered'])
})

describe('after the handshake', () => {
  let peer: WebSocketServer
  let plain: WebSocket
  let atPeer: WebSocket
  let received: string[]
  /** What becomes of the next commit. */
  let commit: () => void
  let raw: RawSocket
  let baileys: { socket: WebSocket; close: () => Promise<void> }
  beforeEach(async () => {
    peer = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(peer, 'listening')
    const { port } = peer.address() as AddressInfo
    plain = new WebSocket(`ws://127.0.0.1:${port}`)
    ;[[atPeer]] = (await Promise.all([once(peer, 'connection'), once(plain, 'open')])) as [
      [WebSocket],
      unknown,
    ]
    received = []
    atPeer.on('message', (data: Buffer) => received.push(data.toString('utf8')))
    commit = () => {}
    baileys = {
      socket: plain,
      close: async () => {
        plain.close()
        await once(plain, 'close')
      },
    }
    raw = new RawSocket(baileys as unknown as WASocket['ws'])
    raw.commitBeforeFrames(() => commit())
    for (const frame of ['hello', 'finish']) {
      plain.send(frame, () => {})
      await once(atPeer, 'message')
    }
    received = []
  })
  afterEach(() => {
    plain.terminate()
    peer.close()
  })

  it('holds what follows in the same moment for one commit, in its order', async () => {
    const order: string[] = []
    commit = () => order.push('committed')
    await new Promise<void>((resolve) => plain.send('receipt', () => resolve()))
    order.push('receipt is sent, as far as Baileys knows')
    await new Promise<void>((resolve) => plain.send('reply', () => resolve()))
    await once(atPeer, 'message')
    await expect.poll(() => received).toEqual(['receipt', 'reply'])
    expect(order).toEqual(['receipt is sent, as far as Baileys knows', 'committed'])
  })

  it('lets it leave at once where something that people see depends on it', () => {
    const order: string[] = []
    commit = () => order.push('committed')
    plain.send('a code is asked for', () => order.push('sent, as far as Baileys knows'))
    raw.flush()
    expect(order).toEqual(['sent, as far as Baileys knows', 'committed'])
  })

  it('lets nothing leave that the disk refused, also of what was reported as sent', async () => {
    commit = () => {
      throw new Error('the disk is full')
    }
    await new Promise<void>((resolve) => plain.send('receipt', () => resolve()))
    await new Promise<void>((resolve) => plain.send('reply', () => resolve()))
    await new Promise((resolve) => setImmediate(resolve))
    commit = () => {}
    plain.send('later', () => {})
    await once(atPeer, 'message')
    expect(received).toEqual(['later'])
  })

  it('sends what is held before it says goodbye', async () => {
    raw.limitClose()
    const order: string[] = []
    commit = () => order.push('committed')
    atPeer.on('close', () => order.push('closed'))
    plain.send('unavailable', () => {})
    await baileys.close()
    await expect.poll(() => order).toEqual(['committed', 'closed'])
    expect(received).toEqual(['unavailable'])
  })

  it('reports nothing as sent to a peer that reads nothing', async () => {
    atPeer.pause()
    let reported = 0
    const megabyte = 'x'.repeat(1_024 * 1_024)
    for (let frame = 0; frame < 64; frame += 1) {
      plain.send(megabyte, () => {
        reported += 1
      })
      await new Promise((resolve) => setImmediate(resolve))
    }
    const stuck = reported
    expect(stuck).toBeLessThan(64)
    atPeer.resume()
    await expect.poll(() => reported, { timeout: 60_000 }).toBe(64)
  })
})
