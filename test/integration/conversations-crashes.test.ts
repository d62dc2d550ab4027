import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { IncomingMessage } from '../../src/messaging/incoming-message.ts'
import type { Answer } from '../support/memory-transport.ts'
import { ALICE, BOB, Desk } from '../unit/conversations/desk.ts'

/** Something that befalls the daemon between two messages. */
type Step = 'alice' | 'bob' | 'crash' | 'restart' | 'redeliver' | 'offline' | 'online' | 'pause'

const step = fc.constantFrom<Step>(
  'alice',
  'alice',
  'bob',
  'crash',
  'restart',
  'redeliver',
  'offline',
  'online',
  'pause',
)

/** Takes every step in turn; the transport loses acknowledgements, and sometimes whole messages, as `luck` says. */
async function live(
  desk: Desk,
  steps: readonly Step[],
  luck: readonly number[],
): Promise<Map<string, string[]>> {
  const phones = new Map<string, Map<string, string>>()
  let sends = 0
  desk.transport.answer = async ({ chat: { address: chat }, id, text }): Promise<Answer> => {
    const fate = luck[sends % luck.length] ?? 0
    sends += 1
    for (let wait = fate % 3; wait > 0; wait -= 1) await new Promise((resolve) => setImmediate(resolve))
    if (fate === 7) return { outcome: 'unconfirmed', why: 'lost on the way' }
    const phone = phones.get(chat) ?? new Map<string, string>()
    // A phone shows what comes twice under one id once.
    phone.set(id, text)
    phones.set(chat, phone)
    if (fate === 8) return { outcome: 'unconfirmed', why: 'the acknowledgement was lost' }
    return { outcome: 'acknowledged', at: new Date() }
  }
  const received: IncomingMessage[] = []
  desk.conversations.start()
  const receive = (from: string): void => void received.push(desk.receive(from, `${from} ${received.length}`))
  const actions: Record<Step, () => void | Promise<void>> = {
    alice: () => receive(ALICE),
    bob: () => receive(BOB),
    crash: () => {
      desk.crash()
      desk.conversations.start()
    },
    restart: async () => {
      await desk.restart()
      desk.conversations.start()
    },
    redeliver: () => received.slice(-3).forEach((message) => desk.conversations.received(message)),
    offline: () => desk.setReady(false),
    online: () => desk.setReady(true),
    pause: () => desk.settle(),
  }
  for (const name of steps) {
    await actions[name]()
    await new Promise((resolve) => setImmediate(resolve))
  }
  desk.transport.answer = ({ chat: { address: chat }, id, text }) => {
    phones.set(chat, (phones.get(chat) ?? new Map<string, string>()).set(id, text))
    return { outcome: 'acknowledged', at: new Date() }
  }
  desk.setReady(false)
  // What is in flight may be lost still; on a new connection nobody waits for its next attempt.
  await desk.settle()
  desk.setReady(true)
  const count = (sql: string): unknown => Object.values(desk.database.prepare(sql).get() ?? {})[0]
  await desk.until(
    () =>
      count(`SELECT COUNT(*) FROM outbox WHERE state = 'queued'`) === 0 &&
      count(`SELECT COUNT(*) FROM turns WHERE state = 'open'`) === 0 &&
      count(`SELECT COUNT(*) FROM inbox WHERE state = 'pending'`) === 0,
  )
  return new Map([...phones].map(([chat, phone]) => [chat, [...phone.values()]]))
}

it('loses nothing, repeats nothing and keeps the order through crashes, restarts, redelivery and lost acknowledgements', async () => {
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 5, maxLength: 40 }),
    fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 12 }),
    async (steps, luck) => {
      const desk = new Desk()
      const shown = await live(desk, steps, luck)
      const texts = (from: string): string[] => shown.get(`${from.slice(1)}@s.whatsapp.net`) ?? []
      const expected = (from: string, name: Step): string[] =>
        steps
          .filter((each) => each === 'alice' || each === 'bob')
          .flatMap((each, index) => (each === name ? [`${from} ${index}`] : []))
      expect(texts(ALICE)).toEqual(expected(ALICE, 'alice'))
      expect(texts(BOB)).toEqual(expected(BOB, 'bob'))
      await desk.conversations.stop()
    },
  )
  await fc.assert(property, { numRuns: 30 })
})
