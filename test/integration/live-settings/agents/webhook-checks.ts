import { expect } from 'vitest'
import { Webhook } from 'standardwebhooks'
import { type PostedTurn, WebhookServer } from '../../../support/webhook-server.ts'
import type { LiveCheck } from '../check.ts'
import type { Scene } from '../scene.ts'

const [SECRET, OTHER] = ['first', 'other'].map(
  (which) => `whsec_${Buffer.from(`the ${which} secret that signs every request`).toString('base64')}`,
)

/** Two workflows, at `one` and at `two`, and an agent that asks the first where `settings` say no other `url`. */
async function withHooks(
  scene: Scene,
  use: (
    ask: (settings?: Record<string, unknown>) => Promise<string[]>,
    last: () => PostedTurn,
    server: WebhookServer,
  ) => Promise<void>,
): Promise<void> {
  const answer = (text: string): Parameters<typeof WebhookServer.start>[0][string] => {
    return (_posted, response) => void response.end(text)
  }
  const server = await WebhookServer.start({ one: answer('from one'), two: answer('from two') })
  const last = (): PostedTurn => {
    const posted = server.posted.at(-1)
    if (posted === undefined) throw new Error('nothing was posted')
    return posted
  }
  const ask = async (settings: Record<string, unknown> = {}): Promise<string[]> => {
    const hook = { connector: 'webhook', url: server.urlOf('one'), ...settings }
    await scene.set({ agents: { hook }, defaultAgent: 'hook' })
    return (await scene.ask()).map(({ text }) => text)
  }
  try {
    await use(ask, last, server)
  } finally {
    await server.stop()
  }
}

const isSignedBy = ({ body, headers }: PostedTurn, secret = ''): boolean => {
  try {
    new Webhook(secret).verify(body, headers)
    return true
  } catch {
    return false
  }
}

/** What the receiver of a webhook sees of its settings. */
export const WEBHOOK_CHECKS = {
  url: {
    async seen(scene) {
      await withHooks(scene, async (ask, _last, server) => {
        expect(await ask()).toEqual(['from one'])
        expect(await ask({ url: server.urlOf('two') })).toEqual(['from two'])
      })
    },
  },
  secret: {
    async seen(scene) {
      await withHooks(scene, async (ask, last) => {
        await ask()
        expect(last().headers['webhook-signature']).toBeUndefined()
        await ask({ secret: SECRET })
        expect(isSignedBy(last(), SECRET)).toBe(true)
        await ask({ secret: OTHER })
        expect([isSignedBy(last(), SECRET), isSignedBy(last(), OTHER)]).toEqual([false, true])
      })
    },
  },
  previousSecret: {
    async seen(scene) {
      await withHooks(scene, async (ask, last) => {
        await ask({ secret: OTHER, previousSecret: SECRET })
        expect([isSignedBy(last(), SECRET), isSignedBy(last(), OTHER)]).toEqual([true, true])
        await ask({ secret: OTHER })
        expect(isSignedBy(last(), SECRET)).toBe(false)
      })
    },
  },
  headers: {
    async seen(scene) {
      await withHooks(scene, async (ask, last) => {
        await ask({ headers: { 'X-Api-Key': 'first key' } })
        expect(last().headers['x-api-key']).toBe('first key')
        await ask({ headers: { 'X-Room': 'kitchen' } })
        expect(last().headers).toMatchObject({ 'x-room': 'kitchen' })
        expect(last().headers['x-api-key']).toBeUndefined()
      })
    },
  },
  answer: {
    async seen(scene) {
      await withHooks(scene, async (ask) => {
        expect(await ask({ answer: 'later', timeoutSeconds: 1 })).not.toContain('from one')
        expect(await ask({ answer: 'response', timeoutSeconds: 1 })).toEqual(['from one'])
      })
    },
  },
} satisfies Record<string, LiveCheck>
