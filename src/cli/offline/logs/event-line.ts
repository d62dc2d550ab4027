import { replaceMessageIds } from '../../../observability/log/shown-message-id.ts'
import { isRecord } from '../../../protocol/is-record.ts'

/** What of an event may be shown: nothing that a person wrote, and nothing that says who they are. */
const SHOWN = [
  'account',
  'messageId',
  'clientMessageId',
  'turn',
  'kind',
  'state',
  'code',
  'reason',
  'agent',
  'connector',
  'attempts',
  'count',
  'enabled',
  'revision',
] as const

export interface ShownEvent {
  at: string
  id: number | null
  name: string
  facts: Record<string, string | number | boolean>
}

/** The event without texts, numbers and names. */
export function shownEvent(event: {
  id: number | null
  name: string
  at: string
  payload: unknown
}): ShownEvent {
  const { id, name, at, payload } = event
  const facts: ShownEvent['facts'] = {}
  if (isRecord(payload))
    for (const key of SHOWN) {
      const value = payload[key]
      // A reason is an object in some events, of which the code says all.
      const plain = isRecord(value) ? value['code'] : value
      if (typeof plain === 'number' || typeof plain === 'boolean') facts[key] = plain
      else if (typeof plain === 'string' && plain !== '' && !mayNameSomebody(plain))
        facts[key] = replaceMessageIds(plain)
    }
  return { at, id, name, facts }
}

/** An id of WhatsApp has digits, too, but is hexadecimal or longer. */
function mayNameSomebody(text: string): boolean {
  return /^\+?\d{7,15}$/.test(text) || text.includes('@') || /^(?:lid|bsuid|wa):/.test(text)
}

export function eventLine({ at, name, facts }: ShownEvent): string {
  const words = Object.entries(facts).map(([key, value]) =>
    key === 'account' ? String(value) : `${key}=${value}`,
  )
  return [at, name, ...words].join('  ')
}
