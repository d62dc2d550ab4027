import { isRecord } from '../../protocol/is-record.ts'

/** The value without the fields at these dotted paths; the same object where none of them is there. */
export function withoutFields<Value extends object>(value: Value, paths: readonly string[]): Value {
  let result: Record<string, unknown> = Object.fromEntries(Object.entries(value))
  let isChanged = false
  for (const path of paths) {
    const [key = '', ...rest] = path.split('.')
    if (!Object.hasOwn(result, key)) continue
    if (rest.length === 0) {
      result = Object.fromEntries(Object.entries(result).filter(([name]) => name !== key))
      isChanged = true
      continue
    }
    const inner = result[key]
    if (!isRecord(inner)) continue
    const rid = withoutFields(inner, [rest.join('.')])
    if (rid === inner) continue
    result[key] = rid
    isChanged = true
  }
  // What was taken out is optional in every schema that has restricted fields.
  return isChanged ? (result as Value) : value
}
