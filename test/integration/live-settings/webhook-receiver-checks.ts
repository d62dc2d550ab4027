import { expect } from 'vitest'
import { WebhookReceiver } from '../../support/webhook-receiver.ts'
import type { LiveCheck } from './check.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

/** Where events are posted to. */
export const WEBHOOK_RECEIVER_CHECKS = {
  webhooks: {
    async seen(scene) {
      const receiver = await WebhookReceiver.start()
      try {
        const { url } = receiver
        await scene.set({ webhooks: [{ url, secret: SECRET, events: ['message.received'] }] })
        await scene.ask()
        await receiver.until(() => receiver.posts.length > 0)
        expect(receiver.posts.map(({ type, data }) => [type, data['account']])).toEqual([
          ['message.received', 'default'],
        ])
        expect(receiver.posts[0]?.headers['webhook-signature']).toMatch(/^v1,\S+$/)
        receiver.posts.length = 0
        await scene.set({
          webhooks: [{ url, secret: SECRET, previousSecret: SECRET, events: ['agent.turnFinished'] }],
        })
        await scene.ask()
        await receiver.until(() => receiver.posts.length > 0)
        expect(receiver.posts.map(({ type }) => type)).toEqual(['agent.turnFinished'])
        expect(receiver.posts[0]?.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/)
        await scene.set({})
        receiver.posts.length = 0
        await scene.ask()
        expect(receiver.posts).toEqual([])
      } finally {
        await receiver.stop()
      }
    },
  },
} satisfies Record<string, LiveCheck>
