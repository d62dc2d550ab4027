import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebhookReceiver } from '../../../support/webhook-receiver.ts'
import { WebhookWorld } from './webhook-world.ts'

const ALICE = '+15555550101'
const BOB = '+15555550102'

// A post that ran beside the one that was answered with 410 arrived: the disk forgot the 410, the process did not. The webhook stopped
// until a restart, and was shown as fine.
describe('a webhook whose receiver wants no more events', () => {
  let receiver: WebhookReceiver
  let world: WebhookWorld

  beforeEach(async () => {
    receiver = await WebhookReceiver.start()
    let takeBob = (): void => undefined
    const bobIsTaken = new Promise<void>((resolve) => (takeBob = resolve))
    receiver.respond = async ({ data }) => {
      if (data['messageId'] !== 'B1') return { status: 410 }
      await bobIsTaken
      return { status: 200 }
    }
    world = new WebhookWorld([{ url: receiver.url }], { firstPauseMs: 1 })
    world.message(BOB, 'B1')
    world.message(ALICE, 'A1')
    await settled(() => world.view().state === 'gone')
    takeBob()
    await settled(() => world.view().queued === 1)
  })
  afterEach(async () => {
    await world.end()
    await receiver.stop()
  })

  const settled = (holds: () => boolean): Promise<void> => expect.poll(holds).toBe(true)
  const answer200 = (): void => void (receiver.respond = () => ({ status: 200 }))

  it('is off although another post arrived, also after a restart', async () => {
    expect(world.view()).toMatchObject({ state: 'gone', problem: expect.any(String) })
    answer200()
    await world.stop()
    world.start()
    world.message(ALICE, 'A2')
    await settled(() => world.view().queued === 2)
    expect(world.view().state).toBe('gone')
    expect(receiver.posts).toHaveLength(2)
  })

  it.each([
    ['a retry', () => Promise.resolve(world.webhooks.retry(world.view().webhook, null))],
    ['a test that arrives', () => world.webhooks.test(world.view().webhook)],
  ])('is on again by %s', async (_what, bringBack) => {
    answer200()
    await bringBack()
    await settled(() => world.view().state === 'ok' && world.view().queued === 0)
    expect(receiver.messages.filter((id) => id !== undefined)).toEqual(['B1', 'A1', 'A1'])
  })

  it('is off again when a retry is answered with 410', async () => {
    world.webhooks.retry(world.view().webhook, null)
    await settled(() => receiver.posts.length === 3 && world.view().state === 'gone')
  })
})
