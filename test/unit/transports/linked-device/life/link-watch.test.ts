import { describe, expect, it } from 'vitest'
import { LinkWatch } from '../../../../../src/transports/linked-device/life/link-watch.ts'

const TICK_MS = 5_000
const DAY_MS = 24 * 3_600_000
/** An answer, or a probe's whole patience. */
const ANSWER_MS = 50
const PATIENCE_MS = 10_000

/** A link on a clock of its own: frames come when they are due, and probes take their time. */
class World {
  now = 0
  lastFrameAt: number | null = 0
  openMessageAt: number | null = null
  unansweredSince: number | null = null
  /** Baileys' own ping; its answer is a frame. `null`: nothing comes. */
  frameEveryMs: number | null = 30_000
  answersProbes = true
  readonly seen: string[] = []
  readonly probes: number[] = []
  readonly #due: { at: number; run: () => void }[] = []
  readonly watch = new LinkWatch({
    now: () => this.now,
    lastFrameAt: () => this.lastFrameAt,
    oldestOpenMessageAt: () => this.openMessageAt,
    unansweredSendSince: () => this.unansweredSince,
    probe: () => {
      this.probes.push(this.now)
      const answers = this.answersProbes
      return new Promise((resolve) =>
        this.#due.push({ at: this.now + (answers ? ANSWER_MS : PATIENCE_MS), run: () => resolve(answers) }),
      )
    },
    silent: () => this.seen.push(`silent ${this.now}`),
    deaf: () => this.seen.push(`deaf ${this.now}`),
    stalled: () => this.seen.push(`stalled ${this.now}`),
    woke: () => this.seen.push(`woke ${this.now}`),
  })

  /** Everything that is due until `end`, at its time; ticks come up to `latenessMs` late. */
  async runUntil(end: number, latenessMs = (_tick: number) => 0): Promise<void> {
    for (let tick = 1; this.now < end; tick++) {
      const planned = this.now - (this.now % TICK_MS) + TICK_MS
      await this.#passUntil(planned)
      this.now = planned + latenessMs(tick)
      this.watch.tick()
      await settled()
    }
  }

  async #passUntil(at: number): Promise<void> {
    for (let next = this.#next(at); next !== undefined; next = this.#next(at)) {
      this.#due.splice(this.#due.indexOf(next), 1)
      this.now = Math.max(this.now, next.at)
      next.run()
      await settled()
    }
    const every = this.frameEveryMs
    if (this.lastFrameAt === null || every === null) return
    const last = at - (at % every)
    if (last > this.now - TICK_MS) this.lastFrameAt = Math.max(this.lastFrameAt, last)
  }

  #next(at: number): { at: number; run: () => void } | undefined {
    return this.#due.filter((each) => each.at <= at).toSorted((a, b) => a.at - b.at)[0]
  }
}

/** Lets promises that are settled reach whoever waits for them. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
}

describe('watching an open link', () => {
  // One report: a healthy, quiet account restarted 202 times in a day.
  it('leaves a quiet, healthy link alone for 24 hours, also on a machine that is late', async () => {
    const world = new World()
    await world.runUntil(DAY_MS, (tick) => (tick * 7_919) % 4_000)
    expect(world.seen).toEqual([])
    expect(world.probes.length).toBeGreaterThan(DAY_MS / 60_000)
  })

  it('notices silence within 90 seconds', async () => {
    const world = new World()
    world.frameEveryMs = null
    await world.runUntil(90_000)
    expect(world.seen[0]).toBe('silent 80000')
  })

  // Frames alone prove nothing: a server can push notifications for ever and answer nobody.
  it.each([0, 12_345, 49_999])(
    'notices within 90 seconds that nothing is answered any more, though frames come (after %i ms)',
    async (sinceProbe) => {
      const world = new World()
      world.frameEveryMs = 5_000
      await world.runUntil(600_000)
      const failsAt = (world.probes.at(-1) ?? 0) + sinceProbe + ANSWER_MS
      await world.runUntil(failsAt)
      world.answersProbes = false
      await world.runUntil(failsAt + 100_000)
      const [, at] = world.seen[0]?.split(' ') ?? []
      expect(world.seen[0]).toMatch(/^silent/)
      expect(Number(at) - failsAt).toBeLessThanOrEqual(90_000)
    },
  )

  it('forgives one probe that is lost', async () => {
    const world = new World()
    await world.runUntil(49_000)
    world.answersProbes = false
    await world.runUntil(55_000)
    world.answersProbes = true
    await world.runUntil(600_000)
    expect(world.seen).toEqual([])
  })

  it('says nothing of a link that is not open', async () => {
    const world = new World()
    world.lastFrameAt = null
    world.openMessageAt = 0
    world.unansweredSince = 0
    await world.runUntil(3_600_000)
    expect(world.seen).toEqual([])
    expect(world.probes).toEqual([])
  })

  it('notices a message of which nothing came', async () => {
    const world = new World()
    await world.runUntil(600_000)
    world.openMessageAt = 600_000
    await world.runUntil(690_000)
    expect(world.seen[0]).toBe('deaf 665000')
  })

  it('notices that nothing which goes out is answered', async () => {
    const world = new World()
    await world.runUntil(600_000)
    world.unansweredSince = 600_000
    await world.runUntil(690_000)
    expect(world.seen[0]).toBe('stalled 665000')
  })

  it.each([3_600_000, -3_600_000])(
    'notices that the clock jumped by %i ms, however the link looks',
    async (jump) => {
      const world = new World()
      world.now = DAY_MS
      world.lastFrameAt = DAY_MS
      world.watch.tick()
      world.seen.length = 0
      await world.runUntil(DAY_MS + 60_000)
      world.now += jump
      world.watch.tick()
      expect(world.seen).toEqual([`woke ${DAY_MS + 60_000 + jump}`])
      world.lastFrameAt = world.now
      await world.runUntil(world.now + 600_000)
      expect(world.seen).toHaveLength(1)
    },
  )
})
