import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { WASocket } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
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
