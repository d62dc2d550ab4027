import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { MAX_UNSENT_BYTES, OutboundQueue } from '../../../../src/control/websocket/outbound-queue.ts'
import { UnsentBudget } from '../../../../src/control/websocket/unsent-budget.ts'

const FILLER = 'x'.repeat(50_000)

describe('outbound queue', () => {
  let server: WebSocketServer
  let near: WebSocket
  let far: WebSocket
  let received: string[]

  beforeEach(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(server, 'listening')
    const connected = once(server, 'connection') as Promise<[WebSocket]>
    far = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
    received = []
    far.on('message', (data: Buffer) => received.push(data.toString().replace(FILLER, 'filler')))
    ;[near] = await connected
    await once(far, 'open')
  })
  afterEach(() => {
    far.terminate()
    server.close()
  })

  /** Sends until the kernel takes no more, so that the queue itself has to hold what follows. */
  async function fill(queue: OutboundQueue): Promise<number> {
    for (let count = 1; ; count += 1) {
      queue.sendOrdered(FILLER)
      await new Promise((resolve) => setImmediate(resolve))
      if (near.bufferedAmount > 64 * 1_024) return count
    }
  }

  async function receivedAll(last: string): Promise<void> {
    while (!received.includes(last)) await once(far, 'message')
  }

  it('keeps order, and of what waits only the newest per key', async () => {
    const queue = new OutboundQueue(
      near,
      new UnsentBudget(),
      () => expect.unreachable(),
      () => 'peer',
    )
    far.pause()
    const fillers = await fill(queue)
    queue.sendCoalescable('status one', 'status:default')
    queue.sendOrdered('message one')
    queue.sendCoalescable('status other', 'status:other')
    queue.sendCoalescable('status two', 'status:default')
    queue.sendOrdered('message two')
    far.resume()
    await receivedAll('message two')
    expect(received.slice(fillers)).toEqual(['message one', 'status other', 'status two', 'message two'])
    queue.sendCoalescable('status three', 'status:default')
    await receivedAll('status three')
  })

  it('calls overflow once and sends nothing more', async () => {
    let overflows = 0
    const queue = new OutboundQueue(
      near,
      new UnsentBudget(),
      () => (overflows += 1),
      () => 'peer',
    )
    far.pause()
    await fill(queue)
    for (let bytes = 0; bytes <= MAX_UNSENT_BYTES; bytes += FILLER.length) queue.sendOrdered(FILLER)
    queue.sendOrdered('late')
    expect(overflows).toBe(1)
    far.resume()
    near.close()
    await once(far, 'close')
    expect(received).not.toContain('late')
  })

  it('does not overflow on states alone, however many there are', async () => {
    const queue = new OutboundQueue(
      near,
      new UnsentBudget(),
      () => expect.unreachable(),
      () => 'peer',
    )
    far.pause()
    await fill(queue)
    for (let index = 0; index < 1_000; index += 1)
      queue.sendCoalescable(`${index} ${FILLER}`, 'status:default')
    queue.sendOrdered('end')
    far.resume()
    await receivedAll('end')
    expect(received.at(-2)).toBe('999 filler')
  })
})
