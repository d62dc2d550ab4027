import { expect, it } from 'vitest'
import { AccountCounts } from '../../../src/observability/metrics/account-counts.ts'
import type { Tally } from '../../../src/observability/metrics/tally.ts'
import { ALICE, Desk, STRANGER } from './desk.ts'

const counted = (tally: Tally): Record<string, number> =>
  Object.fromEntries(tally.entries().filter(([, count]) => count > 0))

it('counts what arrives by kind and verdict, and what comes again', async () => {
  const desk = new Desk()
  desk.conversations.start()
  const first = desk.receive(ALICE, 'hello')
  desk.conversations.received(first)
  desk.receive(STRANGER, 'hello')
  desk.receive(STRANGER, 'again')
  desk.receive(ALICE, '', {
    content: {
      kind: 'message',
      parts: [
        {
          kind: 'attachment',
          text: '[photo]',
          file: { kind: 'image', what: 'photo', name: null, mimeType: null, size: null },
        },
      ],
      quoted: null,
    },
  })
  desk.receive(ALICE, '', { content: { kind: 'reaction', emoji: '+', targetId: first.id } })
  expect(counted(desk.counts.received)).toEqual({
    'text inboxed': 2,
    'text blocked': 2,
    'image inboxed': 1,
    'reaction inboxed': 1,
  })
  // Somebody who is reported once is counted each time.
  expect(counted(desk.counts.blocked)).toEqual({ not_allowed: 2 })
  expect(desk.counts.duplicates).toBe(1)
  await desk.settle()
})

it('counts attempts to send by kind and outcome, with the time until the acknowledgement', async () => {
  const desk = new Desk()
  let refusals = 1
  desk.transport.answer = () => {
    refusals -= 1
    return refusals < 0
      ? { outcome: 'acknowledged', at: new Date() }
      : { outcome: 'unconfirmed', why: 'no answer came' }
  }
  desk.conversations.start()
  desk.receive(ALICE, 'hello')
  await desk.until(() => desk.transport.sent.length === 1)
  expect(desk.conversations.backlog()).toMatchObject({ queued: 1, failed: 0, openTurns: 0 })
  expect(desk.conversations.backlog().oldestQueuedAt).toBeGreaterThan(0)
  desk.setReady(false)
  desk.setReady(true)
  await desk.until(() => desk.named('message.sent').length === 1)
  expect(counted(desk.counts.sent)).toEqual({ 'text unconfirmed': 1, 'text acknowledged': 1 })
  expect(desk.counts.retries).toBe(1)
  expect(desk.counts.acknowledgements.cumulative().at(-1)).toBe(1)
  expect(desk.conversations.backlog()).toEqual({
    queued: 0,
    oldestQueuedAt: null,
    failed: 0,
    held: 0,
    openTurns: 0,
  })
})

it('holds nothing of people: no label is longer than a word of the code', async () => {
  const desk = new Desk()
  desk.conversations.start()
  for (const text of ['hello', '15550001111', 'x'.repeat(500)]) desk.receive(ALICE, text)
  await desk.settle()
  const labels = Object.values(new AccountCounts())
    .concat(Object.values(desk.counts))
    .flatMap((value) => (hasEntries(value) ? value.entries().map(([label]) => label) : []))
  for (const label of labels) expect(label).toMatch(/^[A-Za-z_]+(?: [a-z]+)?$/)
})

function hasEntries(value: unknown): value is Tally {
  return typeof value === 'object' && value !== null && 'add' in value
}
