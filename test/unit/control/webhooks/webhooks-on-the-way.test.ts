import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { OutboundNetwork } from '../../../../src/network/outbound-network.ts'
import { createLogger } from '../../../../src/observability/log/logger.ts'
import { WebhookReceiver } from '../../../support/webhook-receiver.ts'
import { WebhookWorld } from './webhook-world.ts'

const ALICE = '+15555550101'
const BOB = '+15555550102'

describe('events on their way to a webhook', () => {
  let receiver: WebhookReceiver
  let world: WebhookWorld

  beforeEach(async () => {
    receiver = await WebhookReceiver.start()
  })
  afterEach(async () => {
    await world.end()
    await receiver.stop()
  })

  const arrived = (count: number): Promise<void> => receiver.until(() => receiver.posts.length >= count)
  const settled = (holds: () => boolean): Promise<void> => expect.poll(holds).toBe(true)

  it('wait for texts while the files of the account are closed, and say so after ten minutes', async () => {
    let at = Date.parse('2026-01-02T03:04:05.000Z')
    world = new WebhookWorld([{ url: receiver.url, texts: true }], { now: () => new Date(at) })
    world.closed.add('default')
    for (const message of ['A1', 'A2']) world.message(ALICE, message)
    world.message(BOB, 'W1', 'work')
    await arrived(1)
    expect(receiver.messages).toEqual(['W1'])
    at += 10_000
    world.closed.clear()
    world.webhooks.wake()
    await arrived(3)
    world.closed.add('default')
    world.message(ALICE, 'A3')
    await settled(() => {
      at += 605_000
      world.webhooks.wake()
      return receiver.posts.length === 4
    })
    expect(
      receiver.posts
        .slice(1)
        .map(({ data }) => [data['messageId'], data['message'], data['textUnavailable']]),
    ).toEqual([
      ['A1', { text: 'secret words' }, undefined],
      ['A2', { text: 'secret words' }, undefined],
      ['A3', undefined, 'account_closed'],
    ])
    expect(world.view()).toMatchObject({ state: 'ok', problem: null, dead: 0 })
  })

  it('keep the order of a person who was two conversations before', async () => {
    receiver.respond = ({ data }, index) => ({ status: data['messageId'] === 'A1' && index < 3 ? 500 : 200 })
    world = new WebhookWorld([{ url: receiver.url }], { retryWaitsMs: [300, 300, 300] })
    const received = (conversationId: string, messageId: string): void =>
      world.publish('message.received', {
        account: 'default',
        conversation: ALICE,
        conversationId,
        messageId,
        phoneNumber: null,
        name: null,
        at: '2026-01-02T03:04:05.000Z',
      })
    received('1', 'A1')
    received('1', 'A2')
    await arrived(1)
    received('2', 'B1')
    await receiver.until(() => receiver.messages.includes('B1'))
    received('2', 'B2')
    world.publish('conversation.updated', {
      account: 'default',
      conversation: ALICE,
      conversationId: '2',
      formerId: '1',
      at: '2026-01-02T03:04:05.000Z',
    })
    received('2', 'B3')
    await receiver.until(() => receiver.messages.includes('B3'))
    const told = receiver.posts.map(({ type, data }) => data['messageId'] ?? type)
    expect(told.slice(told.lastIndexOf('A1'))).toEqual(['A1', 'A2', 'B2', 'conversation.updated', 'B3'])
    await settled(() => world.view().queued === 0)
  })

  it('go through the proxy of the config, which alone knows the name of the receiver', async () => {
    const asked: string[] = []
    const proxy = createHttpServer()
    proxy.on('connect', ({ url = '', headers }, socket: Socket) => {
      asked.push(`${url} ${headers['proxy-authorization'] ?? ''}`)
      const onward = connect(receiver.port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
      socket.pipe(onward).pipe(socket)
      for (const each of [socket, onward]) each.on('error', () => each.destroy())
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void proxy.close())
    const { port } = proxy.address() as AddressInfo
    const network = new OutboundNetwork({
      settings: () => ({ proxy: `http://me:word@127.0.0.1:${port}`, noProxy: [], caFile: null }),
      env: {},
      logger: createLogger({ level: 'silent' }),
    })
    await network.start()
    world = new WebhookWorld([{ url: 'http://receiver.test:8080/hook' }], { network })
    world.message(ALICE, 'M1')
    await arrived(1)
    expect(receiver.posts[0]?.headers.host).toBe('receiver.test:8080')
    expect(asked[0]).toBe(`receiver.test:8080 Basic ${Buffer.from('me:word').toString('base64')}`)
    await settled(() => world.view().state === 'ok')
  })
})
