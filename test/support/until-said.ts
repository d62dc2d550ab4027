import type { Simulator, TraceEntry } from '../../src/simulator/simulator.ts'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'

/** Resolves with the first stanza from now on that a client sends and that fits; rejects after `timeoutMs`. */
export function untilSaid(
  simulator: Simulator,
  fits: (stanza: Stanza) => boolean,
  timeoutMs = 30_000,
): Promise<Stanza> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer)
      stop()
    }
    const timer = setTimeout(() => {
      finish()
      reject(new Error('the client never said what was awaited'))
    }, timeoutMs)
    const stop = simulator.onTrace(({ direction, node }: TraceEntry) => {
      if (direction !== 'in' || !fits(node)) return
      finish()
      resolve(node)
    })
  })
}
