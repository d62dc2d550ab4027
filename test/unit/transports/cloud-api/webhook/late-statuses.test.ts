import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ALICE } from '../../../conversations/desk.ts'
import { ALICE_ID, envelope, InboundDesk } from '../inbound-desk.ts'

type Fields = Record<string, unknown>

const NOON = Date.UTC(2026, 9, 31, 12)
const HOUR_MS = 3_600_000
const ADDRESS = `bsuid:${ALICE_ID}`
const REGULAR = { billable: true, pricing_model: 'PMP', category: 'service', type: 'regular' }

let desk: InboundDesk
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOON })
  desk = new InboundDesk()
})
afterEach(() => void vi.useRealTimers())

/** Alice writes so many hours after noon. Answers with the local id of what she is answered. */
async function answeredAfter(hours: number, message: Fields = {}): Promise<string> {
  vi.setSystemTime(NOON + hours * HOUR_MS)
  const before = desk.named('message.sent').length
  await desk.post(envelope(desk.wrote({ type: 'text', text: { body: `hello ${hours}` }, ...message })))
  await desk.until(() => desk.named('message.sent').length > before)
  return desk.transport.sent.at(-1)?.id ?? ''
}
/** What Meta tells of a message of ours so many hours after noon. */
async function toldAfter(hours: number, localId: string, status: string, more: Fields = {}): Promise<void> {
  vi.setSystemTime(NOON + hours * HOUR_MS)
  const told = {
    id: desk.transport.remoteIdOf(localId),
    status,
    timestamp: desk.seconds(),
    recipient_id: ALICE.slice(1),
    recipient_user_id: ALICE_ID,
    biz_opaque_callback_data: localId,
    ...more,
  }
  await desk.post(envelope({ statuses: [told] }))
}
const freeUntil = (): number | null => desk.openWindows.freeUntil(ADDRESS)

// A phone that is switched on again gets what was sent before: that it arrived began the free hours, and its price ended them.
it('the free hours begin and end with what was sent since the person came by an advertisement', async () => {
  const before = await answeredAfter(0)
  const answer = await answeredAfter(1, { referral: { source_type: 'ad', source_id: '1' } })
  await toldAfter(2, before, 'delivered')
  expect(freeUntil()).toBeNull()
  await toldAfter(2, answer, 'delivered')
  const until = freeUntil() ?? 0
  // From when it was sent, not from when it arrived; the clock goes on while the answer is awaited.
  expect(until).toBeGreaterThanOrEqual(NOON + 73 * HOUR_MS)
  expect(until).toBeLessThan(NOON + 74 * HOUR_MS)
  await toldAfter(3, before, 'delivered', { pricing: REGULAR })
  expect(freeUntil()).toBe(until)
  await toldAfter(3, answer, 'delivered', { pricing: REGULAR })
  expect(freeUntil()).toBeNull()
})

it('of a message that nobody here sent, only that it was sent says when', async () => {
  await answeredAfter(0, { referral: { source_type: 'ad', source_id: '1' } })
  await toldAfter(1, 'another program', 'delivered')
  expect(freeUntil()).toBeNull()
  await toldAfter(2, 'another program', 'sent')
  expect(freeUntil()).toBe(NOON + 74 * HOUR_MS)
})

it('a refusal because of the window says nothing of what the person wrote since it was sent', async () => {
  const answer = await answeredAfter(0)
  await toldAfter(2, answer, 'failed', { errors: [{ code: 131_047 }] })
  const [closed] = desk.closedWindows
  expect(closed?.address).toBe(ADDRESS)
  expect(closed?.asOf).toBeLessThan(NOON + HOUR_MS)
})

it('a price counts for the month in which it was told, however late that comes', async () => {
  const [early, late] = [await answeredAfter(0), await answeredAfter(1)]
  const october = String((NOON + 2 * HOUR_MS) / 1_000)
  await toldAfter(24, early, 'delivered', { timestamp: october, pricing: REGULAR })
  await toldAfter(24, late, 'delivered', { pricing: REGULAR })
  const charges = (month: string): number | undefined => desk.conversations.usage.charges(month)?.freeTierUsed
  expect([charges('2026-10'), charges('2026-11')]).toEqual([1, 1])
})
