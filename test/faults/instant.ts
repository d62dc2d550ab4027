import { setTimeout as delay } from 'node:timers/promises'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { SeededRandom } from '../../src/simulator/seeded-random.ts'
import type { Direction, Wire } from './wire.ts'

/**
 * When a fault strikes: so long after the run began, at a stanza and so long after it, or at a piece of the stream that
 * has just been handed over, a fraction of a millisecond after it: while the bot works on it.
 */
export type Instant =
  | { afterMs: number }
  | {
      /** Seen from WhatsApp. */
      direction: 'in' | 'out'
      tag: string
      nth: number
      thenMs: number
    }
  | { passing: Direction; nth: number; thenMicroseconds: number }

/** The steps of a message's way: what the bot gets, acknowledges, says and is told about it. */
const STEPS: readonly { direction: 'in' | 'out'; tag: string }[] = [
  { direction: 'out', tag: 'message' },
  { direction: 'in', tag: 'receipt' },
  { direction: 'in', tag: 'ack' },
  { direction: 'in', tag: 'message' },
  { direction: 'out', tag: 'ack' },
  { direction: 'out', tag: 'receipt' },
  { direction: 'in', tag: 'chatstate' },
  { direction: 'in', tag: 'iq' },
]

/** Some instants follow the clock; the others strike where a bot has just begun or just ended something. */
export function planInstant(random: SeededRandom, spanMs: number): Instant {
  if (random.chance(0.35)) return { afterMs: random.between(0, spanMs) }
  if (random.chance(0.6)) {
    const passing = random.chance(0.7) ? 'toBot' : 'toWhatsApp'
    return { passing, nth: random.between(1, 40), thenMicroseconds: random.between(0, 4_000) }
  }
  return {
    ...random.pick(STEPS),
    nth: random.between(1, 8),
    thenMs: random.chance(0.5) ? 0 : random.between(1, 12),
  }
}

/** Resolves at the instant; at the latest after `limitMs`, when what it waits for did not come. */
export async function at<T>(
  instant: Instant,
  o: { simulator: Simulator; wire: Wire; limitMs: number; strike: () => Promise<T> },
): Promise<T> {
  if ('afterMs' in instant) {
    await delay(instant.afterMs)
    return o.strike()
  }
  return new Promise<T>((resolve, reject) => {
    const go = (): void => {
      clearTimeout(timer)
      stop()
      o.strike().then(resolve, reject)
    }
    const timer = setTimeout(go, o.limitMs)
    const stop = 'passing' in instant ? onPiece(instant, o.wire, go) : onStanza(instant, o.simulator, go)
  })
}

function onStanza(
  { direction, tag, nth, thenMs }: Extract<Instant, { tag: string }>,
  simulator: Simulator,
  go: () => void,
): () => void {
  let left = nth
  return simulator.onTrace((entry) => {
    if (entry.direction !== direction || entry.node.tag !== tag || --left !== 0) return
    // At once means within the very call: nothing else happens in between.
    if (thenMs === 0) go()
    else setTimeout(go, thenMs)
  })
}

function onPiece(
  { passing, nth, thenMicroseconds }: Extract<Instant, { passing: Direction }>,
  wire: Wire,
  go: () => void,
): () => void {
  let left = nth
  return wire.onPiece((direction) => {
    if (direction !== passing || --left !== 0) return
    // Timers are too coarse for this; the bot has a core of its own.
    const until = performance.now() + thenMicroseconds / 1_000
    while (performance.now() < until);
    go()
  })
}
