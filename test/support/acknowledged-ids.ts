import type { Stack } from './stack.ts'

/** The ids of the messages that the daemon acknowledges to WhatsApp from now on; the set grows. */
export function acknowledgedIds(stack: Stack): ReadonlySet<string> {
  const acknowledged = new Set<string>()
  stack.simulator.onTrace(({ direction, node }) => {
    const { id, class: kind } = node.attrs
    if (direction !== 'in' || id === undefined) return
    if (node.tag === 'receipt' || (node.tag === 'ack' && kind === 'message')) acknowledged.add(id)
  })
  return acknowledged
}
