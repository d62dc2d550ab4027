import { afterEach, beforeEach, expect, it } from 'vitest'
import { BusinessDaemon } from '../../support/business-daemon.ts'
import { RedisServer } from '../../support/redis-server.ts'
import { Sibling } from '../../support/sibling.ts'

const TTL_SECONDS = 2

let redis: RedisServer
let daemon: BusinessDaemon
let copy: Sibling | null = null
beforeEach(async () => {
  redis = await RedisServer.prepare()
  await redis.start()
  daemon = await BusinessDaemon.start({
    daemon: { lock: { redis: { url: redis.url, ttlSeconds: TTL_SECONDS } } },
  })
})
afterEach(async () => {
  await copy?.stop()
  copy = null
  await daemon.stop()
  await redis.end()
})

const calls = (): number => daemon.platform.calls.items.length
const answers = (): string[] => daemon.alice.seen(daemon.number).texts.map(({ text }) => text)

// Meta tells nobody that two use a number: without a lease both copies of a sandbox answer.
it('of two copies of a sandbox with one Business number the holder of the lease answers, and then the other one', async () => {
  daemon.alice.write(daemon.number, 'one')
  await daemon.untilSeen(daemon.alice, 'one')
  await daemon.stopDaemon()
  const other = new Sibling(daemon)
  copy = other
  await daemon.startDaemon()
  const asked = calls()
  await other.start()
  const { reason } = await other.untilState('owner_busy')
  expect(reason?.code).toBe('owner_busy')

  const callback = `${other.url}/webhooks/whatsapp/default`
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const message = {
    from: daemon.alice.waId,
    id: 'wamid.COPY',
    timestamp,
    type: 'text',
    text: { body: 'to the copy' },
  }
  const metadata = {
    display_phone_number: daemon.number.digits,
    phone_number_id: daemon.number.phoneNumberId,
  }
  const value = { messaging_product: 'whatsapp', metadata, messages: [message] }
  const entry = [{ id: daemon.number.businessAccountId, changes: [{ field: 'messages', value }] }]
  const post = (): Promise<number | null> =>
    daemon.platform.postWebhook(daemon.number, callback, {
      body: { object: 'whatsapp_business_account', entry },
    })
  // It must come again: this process may store nothing of the account.
  expect(await post()).toBe(503)
  expect(calls()).toBe(asked)
  daemon.alice.write(daemon.number, 'two')
  await daemon.untilSeen(daemon.alice, 'two')
  expect(answers()).toEqual(['one', 'two'])

  await daemon.stopDaemon()
  await other.untilState('connected')
  expect(await post()).toBe(200)
  await daemon.platform.setCallback(daemon.number, callback)
  daemon.alice.write(daemon.number, 'three')
  await expect.poll(answers, { timeout: 30_000 }).toEqual(['one', 'two', 'to the copy', 'three'])
})
