import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { webhookKey } from '../../../../src/network/standard-webhooks.ts'
import { createHmac } from 'node:crypto'
import { WebhookReceiver } from '../../../support/webhook-receiver.ts'
import { SECRET, WebhookWorld } from './webhook-world.ts'

const ALICE = '+15555550101'
const BOB = '+15555550102'

describe('webhooks', () => {
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

  it('are posted what the WebSocket reports, signed, and without texts', async () => {
    world = new WebhookWorld([{ url: receiver.url }])
    world.message(ALICE, 'M1')
    await arrived(1)
    const [post] = receiver.posts
    expect(JSON.parse(post?.body ?? '')).toEqual({
      type: 'message.received',
      timestamp: expect.any(String),
      data: {
        eventId: 1,
        at: '2026-01-02T03:04:05.000Z',
        account: 'default',
        messageId: 'M1',
        conversation: ALICE,
        phoneNumber: null,
        name: null,
      },
    })
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = post?.headers ?? {}
    const key = webhookKey(SECRET) ?? Buffer.alloc(0)
    const expected = createHmac('sha256', key)
      .update(`${String(id)}.${String(at)}.${post?.body}`)
      .digest('base64')
    expect(signature).toBe(`v1,${expected}`)
    await settled(() => world.view().state === 'ok')
    expect(world.view()).toMatchObject({ queued: 0, dead: 0, problem: null })
  })

  it('carry texts only where the entry says so, as they are when the post leaves', async () => {
    world = new WebhookWorld([{ url: receiver.url, texts: true }, { url: `${receiver.url}/plain` }])
    world.message(ALICE, 'M1')
    await arrived(2)
    world.text = null
    world.message(ALICE, 'M2')
    await arrived(4)
    const texts = receiver.posts.map(({ path, data }) => [path, data['messageId'], data['message']])
    expect(texts.toSorted((one, other) => String(one).localeCompare(String(other)))).toEqual([
      ['/hook', 'M1', { text: 'secret words' }],
      ['/hook', 'M2', undefined],
      ['/hook/plain', 'M1', undefined],
      ['/hook/plain', 'M2', undefined],
    ])
    expect(readFileSync(join(world.directory, 'daemon.db-wal'), 'latin1')).not.toContain('secret words')
  })

  it('choose events and accounts', async () => {
    world = new WebhookWorld([
      { url: `${receiver.url}/messages`, events: ['message.*'] },
      { url: `${receiver.url}/removed`, events: ['account.removed'] },
      { url: `${receiver.url}/work`, accounts: ['work'] },
    ])
    world.message(ALICE, 'M1')
    world.message(ALICE, 'M2', 'work')
    world.publish('account.removed', { account: 'default' })
    world.publish('config.applied', { revision: 'r', changed: [] })
    await arrived(4)
    expect(receiver.posts.map(({ path, type }) => `${path} ${type}`).toSorted()).toEqual([
      '/hook/messages message.received',
      '/hook/messages message.received',
      '/hook/removed account.removed',
      '/hook/work message.received',
    ])
  })

  it('never get what is not stored, such as a QR code', async () => {
    world = new WebhookWorld([{ url: receiver.url }])
    world.publish('account.qr', {
      account: 'default',
      method: 'qr',
      qr: '2@secret',
      sequence: 1,
      remaining: 5,
      expiresAt: '2026-01-02T03:05:05.000Z',
    })
    world.message(ALICE, 'M1')
    await arrived(1)
    expect(receiver.posts.map(({ type }) => type)).toEqual(['message.received'])
  })

  it('keep the order of a conversation when one event is not taken, and hold back no other conversation', async () => {
    receiver.respond = ({ data }, index) => ({ status: data['messageId'] === 'A1' && index < 3 ? 500 : 200 })
    world = new WebhookWorld([{ url: receiver.url }], { retryWaitsMs: [300, 300, 300] })
    for (const message of ['A1', 'A2', 'A3']) world.message(ALICE, message)
    for (const message of ['B1', 'B2']) world.message(BOB, message)
    await receiver.until(() => receiver.messages.includes('A3'))
    const of = (letter: string): unknown[] => receiver.messages.filter((id) => String(id).startsWith(letter))
    expect(of('A').slice(-3)).toEqual(['A1', 'A2', 'A3'])
    expect(of('B')).toEqual(['B1', 'B2'])
    const tries = receiver.posts.filter(({ data }) => data['messageId'] === 'A1')
    expect(tries.length).toBeGreaterThan(1)
    expect(new Set(tries.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    // Bob did not wait for Alice's next try.
    expect(receiver.messages.indexOf('B2')).toBeLessThan(receiver.messages.indexOf('A2'))
  })

  it('give up an event after its last try, go on with the next one, and post it again when asked', async () => {
    receiver.respond = ({ data }) => ({ status: data['messageId'] === 'A1' ? 400 : 200 })
    world = new WebhookWorld([{ url: receiver.url }], { retryWaitsMs: [1, 1] })
    world.message(ALICE, 'A1')
    world.message(ALICE, 'A2')
    await receiver.until(() => receiver.messages.includes('A2'))
    expect(receiver.messages).toEqual(['A1', 'A1', 'A1', 'A2'])
    await settled(() => world.view().state === 'ok')
    const [dead] = world.webhooks.list().deadLetters
    expect(world.view()).toMatchObject({ queued: 0, dead: 1 })
    expect(dead).toMatchObject({
      type: 'message.received',
      attempts: 3,
      problem: expect.stringContaining('HTTP 400'),
    })

    receiver.respond = () => ({ status: 200 })
    const { webhook } = world.view()
    expect(world.webhooks.retry(webhook, dead?.deadLetter ?? 0).requeued).toBe(1)
    await arrived(5)
    expect(receiver.messages.at(-1)).toBe('A1')
    await settled(() => world.view().dead === 0)
    expect(() => world.webhooks.retry(webhook, 4_711)).toThrow('no such dead letter')
  })

  it('wait as long as the receiver asks', async () => {
    let now = Date.parse('2026-01-02T03:04:05.000Z')
    receiver.respond = () => ({ status: 429, headers: { 'retry-after': '7200' } })
    world = new WebhookWorld([{ url: receiver.url }], { now: () => new Date(now), firstPauseMs: 1 })
    world.message(ALICE, 'A1')
    await arrived(1)
    await settled(() => world.view().state === 'failing')
    expect(world.view()).toMatchObject({ nextAttemptAt: '2026-01-02T05:04:05.000Z', queued: 1 })
    receiver.respond = () => ({ status: 200 })
    now += 7_200_001
    world.message(BOB, 'B1')
    await arrived(3)
    await settled(() => world.view().queued === 0)
  })

  it('are off after HTTP 410 until the file changes, also over a restart', async () => {
    receiver.respond = () => ({ status: 410 })
    world = new WebhookWorld([{ url: receiver.url }], { firstPauseMs: 1 })
    world.message(ALICE, 'A1')
    await settled(() => world.view().state === 'gone')
    await world.stop()
    world.start()
    world.message(ALICE, 'A2')
    await settled(() => world.view().queued === 2)
    expect(receiver.posts).toHaveLength(1)
    expect(world.view()).toMatchObject({
      state: 'gone',
      problem: expect.stringContaining('whatsappd.webhooks[0]'),
    })

    receiver.respond = () => ({ status: 200 })
    world.edit([{ url: receiver.url, events: ['*'] }])
    await arrived(3)
    expect(receiver.messages).toEqual(['A1', 'A1', 'A2'])
  })

  it('find a receiver that was away again, and post everything in order', async () => {
    const { port } = receiver
    await receiver.stop()
    world = new WebhookWorld([{ url: `http://127.0.0.1:${port}/hook` }], { firstPauseMs: 5 })
    for (let index = 0; index < 5; index += 1) world.message(ALICE, `A${index}`)
    await settled(() => world.view().state === 'failing')
    expect(world.view()).toMatchObject({
      queued: 5,
      problem: expect.stringMatching(/ECONNREFUSED.*whatsappd\.webhooks\[0\]/),
    })
    receiver = await WebhookReceiver.start(port)
    await arrived(5)
    expect(receiver.messages).toEqual(['A0', 'A1', 'A2', 'A3', 'A4'])
    await settled(() => world.view().state === 'ok')
  })

  it('go on after a restart where they were', async () => {
    receiver.respond = () => ({ status: 503 })
    world = new WebhookWorld([{ url: receiver.url }], { firstPauseMs: 5 })
    for (const message of ['A1', 'A2']) world.message(ALICE, message)
    await arrived(1)
    const before = receiver.posts[0]?.headers['webhook-id']
    await world.stop()
    receiver.respond = () => ({ status: 200 })
    receiver.posts.length = 0
    world.start()
    await arrived(2)
    expect(receiver.messages).toEqual(['A1', 'A2'])
    expect(receiver.posts[0]?.headers['webhook-id']).toBe(before)
  })

  it('are sent nothing that happened before they were in the file', async () => {
    world = new WebhookWorld([])
    world.message(ALICE, 'A1')
    world.hub.flush()
    world.edit([{ url: receiver.url }])
    world.message(ALICE, 'A2')
    await arrived(1)
    expect(receiver.messages).toEqual(['A2'])
  })

  it('keep what waits while an entry is out of the file', async () => {
    receiver.respond = () => ({ status: 503 })
    world = new WebhookWorld([{ url: receiver.url }], { firstPauseMs: 5 })
    world.message(ALICE, 'A1')
    await arrived(1)
    world.edit([])
    expect(world.webhooks.list()).toEqual({ webhooks: [], deadLetters: [] })
    receiver.respond = () => ({ status: 200 })
    receiver.posts.length = 0
    world.edit([{ url: `${receiver.url}/other` }, { url: receiver.url }])
    await arrived(1)
    expect(receiver.posts.map(({ path, data }) => [path, data['messageId']])).toEqual([['/hook', 'A1']])
  })

  it('go on behind what was erased while an entry is out of the file', async () => {
    receiver.respond = () => ({ status: 503 })
    world = new WebhookWorld([{ url: receiver.url }], { firstPauseMs: 5 })
    for (const name of ['Erased', 'Kept'])
      world.publish('message.received', {
        account: 'default',
        messageId: name,
        conversation: ALICE,
        conversationId: '7',
        phoneNumber: null,
        name,
        at: '2026-01-02T03:04:05.000Z',
      })
    await arrived(1)
    world.edit([])
    world.store.erase('default', ['Erased'])
    receiver.respond = () => ({ status: 200 })
    receiver.posts.length = 0
    world.edit([{ url: receiver.url }])
    await arrived(1)
    expect(receiver.messages).toEqual(['Kept'])
  })

  it('post nothing without a secret that signs, and say where it belongs', async () => {
    let secret = 'nothing that signs'
    world = new WebhookWorld([{ url: receiver.url }], { secrets: { read: () => secret }, firstPauseMs: 5 })
    world.message(ALICE, 'A1')
    await settled(() => world.view().state === 'misconfigured')
    expect(world.view().problem).toContain('The secret of whatsappd.webhooks[0] can sign nothing')
    expect(receiver.posts).toEqual([])
    secret = SECRET
    await arrived(1)
  })

  it('refuse the port of the daemon itself, by whatever name', async () => {
    world = new WebhookWorld([{ url: 'http://localhost:1/' }, { url: 'http://[::ffff:127.0.0.1]:1/' }], {
      firstPauseMs: 60_000,
    })
    world.message(ALICE, 'A1')
    await settled(() => world.webhooks.list().webhooks.every(({ state }) => state === 'misconfigured'))
    expect(world.view().problem).toBe(
      'Nothing is posted there: it is the port of whatsappd itself, which takes no events. Correct whatsappd.webhooks[0].url.',
    )
  })

  it('test a receiver beside what waits, and say what came of it', async () => {
    receiver.respond = ({ type }) => ({ status: type === 'webhook.test' ? 302 : 200 })
    world = new WebhookWorld([{ url: receiver.url }])
    expect(await world.webhooks.test(world.view().webhook)).toMatchObject({
      ok: false,
      status: 302,
      problem: expect.stringContaining('redirect'),
    })
    receiver.respond = () => ({ status: 200 })
    expect(await world.webhooks.test(world.view().webhook)).toMatchObject({
      ok: true,
      status: 200,
      problem: null,
    })
    await expect(world.webhooks.test('wh_none')).rejects.toMatchObject({ code: 'webhook_not_found' })
  })

  it('show nothing of a URL but its server, and no secret, in answers and the log', async () => {
    const { port } = receiver
    await receiver.stop()
    world = new WebhookWorld([{ url: `http://127.0.0.1:${port}/T0/very-secret-path?key=very-secret-key` }], {
      firstPauseMs: 1,
    })
    world.message(ALICE, 'A1')
    await settled(() => world.view().state === 'failing')
    const said = JSON.stringify(world.webhooks.list()) + world.log
    expect(world.view().target).toBe(`http://127.0.0.1:${port}/…`)
    expect(said).not.toMatch(/very-secret|whsec_|AQEB/)
    expect(world.log).not.toContain(ALICE)
    receiver = await WebhookReceiver.start()
  })

  it('are bounded: of too many events the oldest become dead letters, and an event says so', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { port: number }
    world = new WebhookWorld([{ url: `http://127.0.0.1:${port}/` }])
    for (let batch = 0; batch < 102; batch += 1) {
      for (let index = 0; index < 100; index += 1) world.message(`+1555555${index}`, `M${batch}-${index}`)
      world.hub.flush()
    }
    const view = world.view()
    expect(view.queued).toBeLessThanOrEqual(10_100)
    expect(view.dead).toBeLessThanOrEqual(1_000)
    expect(view.dropped).toBe(10_200 - view.queued)
    await settled(() => world.published.some(({ name }) => name === 'webhook.dropped'))
    expect(world.published.filter(({ name }) => name === 'webhook.dropped')).toEqual([
      {
        name: 'webhook.dropped',
        payload: expect.objectContaining({ place: 'whatsappd.webhooks[0]', count: view.dropped }),
      },
    ])
    silent.close()
  })

  it('delay no event of others while a receiver never answers', async () => {
    receiver.respond = ({ path }) => (path === '/hook/dead' ? 'never' : { status: 200 })
    world = new WebhookWorld([{ url: `${receiver.url}/dead`, events: ['message.*'] }])
    const heapBefore = process.memoryUsage().heapUsed
    let delivered = 0
    world.hub.add({ scopes: () => ['read'], topics: null, deliver: () => void (delivered += 1) })
    const batches: number[] = []
    for (let index = 0; index < 5_000; index += 1) {
      const begun = performance.now()
      world.message(`+1555555${index % 50}`, `M${index}`)
      if (index % 10 === 9) {
        world.hub.flush()
        batches.push(performance.now() - begun)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    expect(delivered).toBe(5_000)
    // What waits already does not count: the last batches take as long as the first ones.
    const median = (some: number[]): number =>
      some.toSorted((one, other) => one - other)[some.length / 2] ?? 0
    expect(median(batches.slice(-100))).toBeLessThan(5 * median(batches.slice(0, 100)) + 5)
    expect(receiver.posts.length).toBeLessThanOrEqual(4)
    expect(world.view().queued).toBe(5_000)
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(80 * 1_024 * 1_024)
  })
})
