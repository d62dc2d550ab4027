import type { Simulator } from '../../src/simulator/simulator.ts'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { child, children } from '../../src/simulator/wire/stanza.ts'

const TOLD: ReadonlySet<string> = new Set([
  'message',
  'receipt',
  'ack',
  'success',
  'stream:error',
  'failure',
  'ib',
])

/** Tells every stanza that has to do with a message, as WhatsApp sees it. Returns how to stop. */
export function noteStanzas(simulator: Simulator, note: (what: string) => void): () => void {
  return simulator.onTrace(({ direction, node }) => {
    if (TOLD.has(node.tag)) note(`${direction === 'in' ? '<' : '>'} ${describe(node)}`)
  })
}

function describe(node: Stanza): string {
  const { id, from, to, type, offline, error, class: kind } = node.attrs
  const attributes = {
    kind,
    type,
    id,
    from,
    to,
    offline,
    error,
    enc: encryption(node),
    for: recipients(node),
  }
  const told = Object.entries(attributes).filter(([, value]) => value !== undefined)
  return [node.tag, ...told.map(([name, value]) => `${name}=${value}`)].join(' ')
}

function recipients(node: Stanza): string | undefined {
  const jids = children(child(node, 'participants'), 'to').map((to) => `${to.attrs.jid}:${encryption(to)}`)
  return jids.length === 0 ? undefined : jids.join(',')
}

function encryption(node: Stanza): string | undefined {
  const enc = child(node, 'enc')
  return enc === undefined
    ? undefined
    : `${enc.attrs.type}${enc.attrs.count === undefined ? '' : `#${enc.attrs.count}`}`
}
