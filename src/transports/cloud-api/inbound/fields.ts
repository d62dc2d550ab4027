/** How fields of a payload are read that may hold anything: what is not as it should be is not there. */
import { isRecord } from '../../../protocol/is-record.ts'

/** A JSON object of the payload. */
export type Fields = Readonly<Record<string, unknown>>

const NOTHING: Fields = {}
/** A list is read so far; the longest that WhatsApp posts has some thousands. */
const MAX_LIST = 100_000

export function fieldsOf(value: unknown): Fields {
  return isRecord(value) ? value : NOTHING
}

/** Its objects alone. */
export function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.slice(0, MAX_LIST).filter(isRecord) : []
}

/** `null` for an empty text, too. */
export function textIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** A number, also one in a text; `null` for what cannot be counted with. */
export function numberIn(value: unknown): number | null {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof read === 'number' && Number.isFinite(read) ? read : null
}

/** `timestamp`, seconds since 1970, in milliseconds; `null` where it is no time. */
export function timeIn(value: unknown): number | null {
  const seconds = numberIn(value)
  return seconds !== null && seconds > 0 && seconds < 8.64e12 ? Math.trunc(seconds * 1_000) : null
}
