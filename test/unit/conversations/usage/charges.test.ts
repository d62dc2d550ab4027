import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { CAPABILITIES } from '../../../support/memory-transport.ts'
import { ALICE, Desk } from '../desk.ts'

let desk: Desk
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 9, 31, 23, 59) })
  desk = new Desk({}, undefined, null, CAPABILITIES.server)
  desk.conversations.start()
})
afterEach(() => void vi.useRealTimers())

/** The local id of an answer that is out. */
async function answered(): Promise<string> {
  const before = desk.named('message.sent').length
  desk.receive(ALICE, `hello ${before}`)
  await desk.until(() => desk.named('message.sent').length > before)
  return desk.transport.sent.at(-1)?.id ?? ''
}
const told = (
  localId: string,
  isBillable: boolean,
  category: string | null = 'service',
  type = isBillable ? 'regular' : 'free_customer_service',
): void =>
  desk.conversations.statusChanged({
    remoteId: desk.transport.remoteIdOf(localId),
    localId,
    status: 'delivered',
    price: { isBillable, category, type },
  })
const charges = (month = '2026-10') => desk.conversations.usage.charges(month)

it('counts what each message costs once, whatever is told again, in any order and over a restart', async () => {
  const [first, second] = [await answered(), await answered()]
  told(first, false)
  told(first, false)
  told(second, true)
  await desk.until(() => charges()?.freeTierUsed === 2)
  await desk.restart()
  desk.conversations.start()
  told(first, true)
  told(second, true)
  await desk.restart()
  expect(charges()).toEqual({ categories: [{ category: 'service', charged: 1, free: 1 }], freeTierUsed: 2 })
})

it('counts by category, and what is free for another reason not for the free messages of the month', async () => {
  told(await answered(), true, 'marketing')
  told(await answered(), false, 'service', 'free_entry_point')
  told(await answered(), true, null)
  told(await answered(), true, 'general_purpose_ai')
  await desk.until(() => charges()?.categories.length === 4)
  expect(charges()).toEqual({
    categories: [
      { category: 'general_purpose_ai', charged: 1, free: 0 },
      { category: 'marketing', charged: 1, free: 0 },
      { category: 'other', charged: 1, free: 0 },
      { category: 'service', charged: 0, free: 1 },
    ],
    freeTierUsed: 0,
  })
})

it('counts in the month in which it is told, where WhatsApp names no time', async () => {
  const localId = await answered()
  vi.setSystemTime(Date.UTC(2026, 10, 1))
  told(localId, true)
  await desk.until(() => charges('2026-11')?.freeTierUsed === 1)
  expect(charges('2026-10')).toEqual({ categories: [], freeTierUsed: 0 })
})

it('has 30 categories in a month at most', async () => {
  // The clock goes on while the answers are awaited: far from the end of the month.
  vi.setSystemTime(Date.UTC(2026, 9, 15))
  for (let each = 0; each < 33; each += 1) told(await answered(), true, `category ${each}`)
  await desk.until(() => (charges()?.categories.reduce((sum, { charged }) => sum + charged, 0) ?? 0) === 33)
  expect(charges()?.categories).toHaveLength(31)
})

it('says nothing where messages cost nothing', () => {
  desk = new Desk()
  expect(charges()).toBeNull()
})
