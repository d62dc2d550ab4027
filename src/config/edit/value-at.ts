import type { z } from 'zod'
import { isRecord } from '../../protocol/is-record.ts'
import { memberSchema } from './remote-key.ts'

/** What the file holds at `path`, without the keys inside that are not declared in `schema`; `undefined` for nothing. */
export function valueAt(root: unknown, path: readonly string[], schema: z.ZodType): unknown {
  let value = root
  for (const segment of path) {
    if (!isRecord(value) || !Object.hasOwn(value, segment)) return undefined
    value = value[segment]
  }
  return declared(value, schema)
}

function declared(value: unknown, schema: z.ZodType): unknown {
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const member = memberSchema(schema, key)
      return member === null ? [] : [[key, declared(inner, member)]]
    }),
  )
}
