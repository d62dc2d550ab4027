import { describe, expect, it } from 'vitest'
import { SendWatch } from '../../../../../src/transports/linked-device/life/send-watch.ts'

const MINUTE_MS = 60_000

describe('watching what becomes of sends', () => {
  it('knows since when WhatsApp answers none of them', () => {
    const sends = new SendWatch()
    expect(sends.unansweredSince).toBeNull()
    sends.began('1', 1_000)
    expect(sends.unansweredSince).toBe(1_000)
    sends.ended('1', 16_000, false)
    sends.began('1', 18_000)
    expect(sends.unansweredSince).toBe(1_000)
    sends.ended('1', 18_100, true)
    expect(sends.unansweredSince).toBeNull()
  })

  // One chat whose messages vanish is no dead link: a new connection would interrupt everybody else's.
  it('does not take one chat for all while the others are answered', () => {
    const sends = new SendWatch()
    sends.began('vanishes', 0)
    for (let at = 1_000; at <= 200_000; at += 10_000) {
      sends.began('other', at)
      sends.ended('other', at + 100, true)
      expect(at + 5_000 - (sends.unansweredSince ?? at)).toBeLessThan(60_000)
    }
    // Nothing more is answered: since the last answer, not since the first that vanished.
    expect(sends.unansweredSince).toBe(191_100)
    sends.ended('vanishes', 260_000, false)
    expect(sends.unansweredSince).toBe(191_100)
  })

  // Somebody without a device, or a refusal for now: the next person's message goes out all the same.
  it('does not take an error that came at once for silence', () => {
    const sends = new SendWatch()
    for (let at = 0; at < 600_000; at += 5_000) {
      sends.began('1', at)
      sends.ended('1', at + 300, false)
    }
    expect(sends.unansweredSince).toBeNull()
  })

  it('starts afresh on another connection, where a late end of an old send changes nothing', () => {
    const sends = new SendWatch()
    sends.began('1', 0)
    sends.reconnected()
    expect(sends.unansweredSince).toBeNull()
    sends.ended('1', 60_000, false)
    expect(sends.unansweredSince).toBeNull()
  })

  it('replaces a connection that does not help more and more rarely, until something is answered', () => {
    const sends = new SendWatch()
    const taken: number[] = []
    for (let minute = 0; minute <= 240; minute++)
      if (sends.takeReplacement(minute * MINUTE_MS)) taken.push(minute)
    expect(taken).toEqual([0, 5, 15, 35, 75, 135, 195])
    sends.began('1', 241 * MINUTE_MS)
    sends.ended('1', 241 * MINUTE_MS, true)
    expect(sends.takeReplacement(242 * MINUTE_MS)).toBe(true)
  })
})
