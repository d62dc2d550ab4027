import { setTimeout as delay } from 'node:timers/promises'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { SeededRandom } from './random.ts'

/** When a fault strikes: so long after the run began, or at a stanza and so long after it. */
export type Instant =
  | { afterMs: number }
  | {
      /** Seen from WhatsApp. */
      direction: 'in' | 'out'
      tag: string
      nth: number
      thenMs: number
    }

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

/** Half of the instants follow the clock; the others strike where a bot has just begun or just ended something. */
export function planInstant(random: SeededRandom, spanMs: number): Instant {
  if (random.chance(0.5)) return { afterMs: random.between(0, spanMs) }
  return {
    ...random.pick(STEPS),
    nth: random.between(1, 8),
    thenMs: random.chance(0.5) ? 0 : random.between(1, 12),
  }
}

/** Resolves at the instant; at the latest after `limitMs`, when the stanza did not come. `strike` is called right then. */
export async function at<T>(
  instant: Instant,
  { simulator, limitMs, strike }: { simulator: Simulator; limitMs: number; strike: () => Promise<T> },
): Promise<T> {
  if ('afterMs' in instant) {
    await delay(instant.afterMs)
    return strike()
  }
  return new Promise<T>((resolve, reject) => {
    let left = instant.nth
    const go = (): void => {
      clearTimeout(timer)
      stop()
      strike().then(resolve, reject)
    }
    const timer = setTimeout(go, limitMs)
    const stop = simulator.onTrace(({ direction, node }) => {
      if (direction !== instant.direction || node.tag !== instant.tag || --left !== 0) return
      // At once means within the very call: nothing else happens in between.
      if (instant.thenMs === 0) go()
      else setTimeout(go, instant.thenMs)
    })
  })
}
