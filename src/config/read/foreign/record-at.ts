import { isRecord } from '../../../protocol/is-record.ts'

/** The object at `key`; an empty one where there is none. */
export function recordAt(holder: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  const value = holder[key]
  return isRecord(value) ? value : {}
}
