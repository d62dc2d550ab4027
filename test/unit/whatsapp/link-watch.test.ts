import { describe, expect, it } from 'vitest'
import { LinkWatch } from '../../../src/whatsapp/link-watch.ts'

const TICK_MS = 5_000

class World {
  now = 0
  lastFrameAt: number | null = 0
  openMessageAt: number | null = null
  readonly seen: string[] = []
  readonly watch = new LinkWatch({
    now: () => this.now,
    lastFrameAt: () => this.lastFrameAt,
    oldestOpenMessageAt: () => this.openMessageAt,
    silent: () => this.seen.push(`silent ${this.now}`),
    deaf: () => this.seen.push(`deaf ${this.now}`),
    woke: () => this.seen.push(`woke ${this.now}`),
  })

  /** Ticks on time until `end`, with a frame (the answer to a ping) every `frameEveryMs`. */
  runUntil(end: number, frameEveryMs: number): void {
    while (this.now < end) {
      this.now += TICK_MS
      if (this.lastFrameAt !== null && this.now % frameEveryMs === 0) this.lastFrameAt = this.now
      this.watch.tick()
    }
  }
}

describe('watching an open link', () => {
  // One report: a healthy, quiet account restarted 202 times in a day.
  it('leaves a quiet, healthy link alone for 24 hours', () => {
    const world = new World()
    world.runUntil(24 * 3_600_000, 30_000)
    expect(world.seen).toEqual([])
  })

  it('notices silence within 90 seconds', () => {
    const world = new World()
    world.runUntil(90_000, Number.POSITIVE_INFINITY)
    expect(world.seen[0]).toBe('silent 80000')
  })

  it('says nothing of a link that is not open', () => {
    const world = new World()
    world.lastFrameAt = null
    world.openMessageAt = 0
    world.runUntil(3_600_000, 30_000)
    expect(world.seen).toEqual([])
  })

  it('notices a message of which nothing came', () => {
    const world = new World()
    world.runUntil(600_000, 30_000)
    world.openMessageAt = 600_000
    world.runUntil(690_000, 30_000)
    expect(world.seen[0]).toBe('deaf 665000')
  })

  it('notices that the machine slept, however the link looks', () => {
    const world = new World()
    world.runUntil(60_000, 30_000)
    world.now += 3_600_000
    world.watch.tick()
    expect(world.seen).toEqual(['woke 3660000'])
    world.lastFrameAt = world.now
    world.runUntil(world.now + 600_000, 30_000)
    expect(world.seen).toHaveLength(1)
  })
})
