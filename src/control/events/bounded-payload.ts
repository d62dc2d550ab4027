import { EVENTS } from '../../protocol/events.ts'
import type { EventName } from '../../protocol/events.ts'
import { TEXT_LIMITS } from '../../protocol/text/text-limits.ts'
import { boundedName, cutText } from '../../text/bounded-text.ts'
import { fitToFrame } from '../frames/fit-to-frame.ts'

/** What one event may have: a thousand of them are stored and sent again. */
const MAX_EVENT_BYTES = 32 * 1_024

const NAMES: ReadonlySet<string> = new Set(['name', 'displayName'])

/** WhatsApp's own words for a browser, 4 KiB at most: with a text cut they would be others. */
const VERBATIM: ReadonlySet<string> = new Set(['options'])

/**
 * The payload of an event as it is stored and sent: names are one printable line, no text is longer than a sentence for a
 * person, and lists that would make it larger than 32 KiB lose entries and say so.
 */
export function boundedPayload(name: EventName, payload: object): object {
  const { value, truncated } = fitToFrame(boundTexts(payload, ''), EVENTS[name].payload, MAX_EVENT_BYTES)
  // Made of an object.
  return truncated === null ? (value as object) : { ...(value as object), truncated }
}

function boundTexts(value: unknown, key: string): unknown {
  if (typeof value === 'string') {
    return NAMES.has(key) ? boundedName(value) : cutText(value, TEXT_LIMITS.sentence)
  }
  if (Array.isArray(value)) return value.map((entry) => boundTexts(entry, ''))
  if (typeof value !== 'object' || value === null || VERBATIM.has(key)) return value
  return Object.fromEntries(Object.entries(value).map(([inner, each]) => [inner, boundTexts(each, inner)]))
}
