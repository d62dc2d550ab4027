import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type FetchPlace, FetchPlaces } from '../../../../src/conversations/media/fetch-places.ts'

const SLOW_MS = 20_000

describe('the places of downloads', () => {
  let places: FetchPlaces
  let taken: FetchPlace[]

  beforeEach(() => {
    vi.useFakeTimers()
    places = new FetchPlaces()
    taken = []
  })
  afterEach(() => void vi.useRealTimers())

  const fetch = (conversation: number, count = 2): void => {
    for (let each = 0; each < count; each += 1)
      void places.take(conversation, new AbortController().signal).then((place) => taken.push(place))
  }
  const after = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds)

  /** For up to a quarter of an hour nobody else got a file. */
  it('are not held by slow ones', async () => {
    for (const conversation of [1, 2, 3]) fetch(conversation)
    await after(SLOW_MS - 1)
    expect(taken).toHaveLength(4)
    await after(1)
    expect(taken).toHaveLength(6)
  })

  it('of one conversation are its own, however slow its files are', async () => {
    fetch(1, 10)
    await after(SLOW_MS * 10)
    expect(taken).toHaveLength(2)
    taken[0]?.leave()
    await after(0)
    expect(taken).toHaveLength(3)
  })

  it('are twenty at most, with the slow ones', async () => {
    for (let conversation = 0; conversation < 20; conversation += 1) fetch(conversation)
    await after(SLOW_MS * 20)
    expect(taken).toHaveLength(20)
    for (const place of taken.slice(0, 4)) place.leave()
    await after(SLOW_MS)
    expect(taken).toHaveLength(24)
  })

  it('are free again when slow ones are done, and may be given back twice', async () => {
    for (const conversation of [1, 2]) fetch(conversation)
    await after(SLOW_MS)
    for (const place of taken.splice(0)) {
      place.leave()
      place.leave()
    }
    for (const conversation of [1, 2, 3]) fetch(conversation)
    await after(0)
    expect(taken).toHaveLength(4)
  })

  it('are lent by a slow one, too, which waits for one of all behind that', async () => {
    fetch(1, 1)
    await after(SLOW_MS)
    let answer = (): void => {}
    const lent = taken[0]?.lendWhile(() => new Promise<void>((resolve) => (answer = resolve)))
    let isBack = false
    void lent?.then(() => (isBack = true))
    for (const conversation of [2, 3]) fetch(conversation)
    await after(0)
    answer()
    await after(0)
    expect([taken.length, isBack]).toEqual([5, false])
    taken[1]?.leave()
    await after(0)
    expect(isBack).toBe(true)
  })
})
