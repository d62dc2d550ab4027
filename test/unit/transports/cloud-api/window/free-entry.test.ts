import { describe, expect, it } from 'vitest'
import { afterAnswer, freeEntryIn } from '../../../../../src/transports/cloud-api/window/free-entry.ts'
import { neverWrote } from '../../../../../src/transports/cloud-api/window/window-store.ts'

const NOON = Date.UTC(2026, 10, 30, 12)
const HOUR_MS = 3_600_000
const FREE_MS = 72 * HOUR_MS

describe('what is told late of a message that left before', () => {
  // The second visit by an advertisement: answered an hour ago.
  const row = { ...neverWrote('wa:15550002222'), last_at: NOON, free_until: NOON + FREE_MS }
  const before = NOON - HOUR_MS

  it.each([
    { isFree: true, until: null },
    { isFree: false, until: null },
    { isFree: null, until: null },
    // Meta's word about the first visit.
    { isFree: true, until: NOON - 1 },
  ])('changes nothing of the free hours: %j', (told) => {
    expect(afterAnswer(row, { at: before, ...told })).toEqual(row)
  })

  it('is of these hours where only the clocks differ: WhatsApp names whole seconds, and has a clock of its own', () => {
    const charged = { at: NOON - 2_000, isFree: false, until: null }
    expect(afterAnswer(row, charged).free_until).toBeNull()
    const named = { at: NOON - 2_000, isFree: true, until: NOON + 60 * HOUR_MS }
    expect(afterAnswer(row, named).free_until).toBe(NOON + 60 * HOUR_MS)
  })

  it('leaves a visit that nobody has answered yet as it is', () => {
    const visited = { ...row, free_until: null, entry_at: NOON }
    for (const isFree of [true, false, null])
      expect(afterAnswer(visited, { at: before, isFree, until: null })).toEqual(visited)
    expect(afterAnswer(visited, { at: NOON, isFree: null, until: null })).toEqual({ ...row, entry_at: null })
  })
})

it.each([['read'], ['played'], ['failed'], ['accepted'], [undefined]])('%s tells of no price', (status) => {
  expect(freeEntryIn({ status, pricing: { type: 'free_entry_point' } }, NOON)).toBeNull()
})
