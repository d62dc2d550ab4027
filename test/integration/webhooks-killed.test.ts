import { afterEach, expect, it } from 'vitest'
import { KilledDaemon } from '../support/killed-daemon.ts'
import { ALICE, OWNER } from '../support/stack.ts'
import { WebhookReceiver } from '../support/webhook-receiver.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

let daemon: KilledDaemon | null = null
let receiver: WebhookReceiver | null = null
afterEach(async () => {
  await daemon?.stop()
  await receiver?.stop()
})

const texts = (): string[] =>
  (receiver?.posts ?? []).map(({ data }) => (data['message'] as { text: string }).text)

it('a daemon that is killed posts what was not taken, in order, under the same ids, and loses no message that it acknowledged', async () => {
  receiver = await WebhookReceiver.start()
  const { posts, url } = receiver
  receiver.respond = () => ({ status: 503 })
  daemon = await KilledDaemon.start({
    allowFrom: [ALICE],
    webhooks: [{ url, secret: SECRET, events: ['message.received'], texts: true }],
  })
  for (const text of ['one', 'two']) await daemon.alice.sendText(OWNER, text)
  await receiver.until(() => posts.length > 0)
  const firstId = posts[0]?.headers['webhook-id']
  // WhatsApp's receipt for it leaves once the message is on disk: the daemon dies in that moment.
  const died = daemon.killedAt({
    wire: ({ direction, node }) =>
      direction === 'in' && node.tag === 'receipt' && node.attrs['type'] === undefined,
  })
  await daemon.alice.sendText(OWNER, 'three')
  await died
  posts.length = 0
  receiver.respond = () => ({ status: 200 })
  await daemon.startAgain()
  await receiver.until(() => texts().includes('three'))
  expect([...new Set(texts())]).toEqual(['one', 'two', 'three'])
  expect(posts[0]?.headers['webhook-id']).toBe(firstId)
})
