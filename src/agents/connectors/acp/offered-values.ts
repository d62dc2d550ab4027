import { isRecord } from '../../../protocol/is-record.ts'

/** Of one setting; the first ones. */
const MAX_VALUES = 500

/** The values that an agent offers for a setting of a session; they may stand in groups, one below the other. */
export function offeredValues(options: unknown): { value: string; name: string }[] {
  const listed: readonly unknown[] = Array.isArray(options) ? options : []
  const values = listed.flatMap((option) => {
    if (!isRecord(option)) return []
    const { options: grouped } = option
    return Array.isArray(grouped) ? grouped.flatMap(readValue) : readValue(option)
  })
  return values.slice(0, MAX_VALUES)
}

function readValue(option: unknown): { value: string; name: string }[] {
  if (!isRecord(option) || typeof option['value'] !== 'string') return []
  const { value, name } = option
  return [{ value, name: typeof name === 'string' ? name : value }]
}
