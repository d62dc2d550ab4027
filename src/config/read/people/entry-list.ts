import { z } from 'zod'
import { isRecord } from '../../../protocol/is-record.ts'

interface EntryListMeta {
  /** What takes the place of an entry that is none, so that its list keeps its length; absent where such an entry is left out. */
  substitute?: unknown
}

const entryLists = z.registry<EntryListMeta>()

/**
 * Declares a list that allows people: an entry of a wrong shape is a problem of that entry, counts for nobody, and leaves the rest of
 * the file in force. Never for a list that takes something away: there a wrong entry would allow the one whom it names.
 */
export function entryList<Schema extends z.ZodArray>(schema: Schema, meta: EntryListMeta = {}): Schema {
  entryLists.add(schema, meta)
  return schema
}

interface BadEntry {
  /** Of the entry. */
  path: readonly (string | number)[]
  code: 'wrong_type' | 'invalid_value' | 'unset_variable'
  message: string
}

/** What is wrong with a value, as zod says it or like it. */
export interface ValueIssue {
  path: readonly PropertyKey[]
  code: string
  message: string
}

/**
 * `value` with the entries that are none replaced or left out, and these entries; `issues` are those that `schema` found. What is wrong
 * besides them stays.
 */
export function withoutBadEntries(
  schema: unknown,
  value: unknown,
  issues: readonly ValueIssue[],
): { value: unknown; bad: BadEntry[] } {
  const bad = new Map<string, BadEntry>()
  const copy: unknown = structuredClone(value)
  // From the end: what is left out moves no entry that is still to come.
  for (const { path, code, message } of issues.toReversed()) {
    const found = findEntry(schema, copy, path)
    if (found === null) continue
    const place = path.slice(0, found.depth).filter((segment) => typeof segment !== 'symbol')
    const key = place.join('.')
    if (bad.has(key)) continue
    bad.set(key, {
      path: place,
      code: codeOf(code),
      message: `${message}.`,
    })
    if (found.meta.substitute === undefined) found.list.splice(found.index, 1)
    else found.list[found.index] = found.meta.substitute
  }
  return { value: copy, bad: [...bad.values()].toReversed() }
}

function codeOf(code: string): BadEntry['code'] {
  if (code === 'unset_variable') return code
  return code === 'invalid_type' || code === 'invalid_union' ? 'wrong_type' : 'invalid_value'
}

interface FoundEntry {
  meta: EntryListMeta
  list: unknown[]
  index: number
  /** Segments of the path that lead to it. */
  depth: number
}

function findEntry(
  schema: unknown,
  value: unknown,
  path: readonly PropertyKey[],
  depth = 0,
): FoundEntry | null {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return findEntry(schema.unwrap(), value, path, depth)
  const segment = path[depth]
  if (schema instanceof z.ZodArray) {
    const meta = entryLists.get(schema)
    if (meta === undefined || typeof segment !== 'number' || !Array.isArray(value)) return null
    return { meta, list: value, index: segment, depth: depth + 1 }
  }
  if (typeof segment !== 'string' || !isRecord(value)) return null
  if (schema instanceof z.ZodRecord) return findEntry(schema.valueType, value[segment], path, depth + 1)
  if (!(schema instanceof z.ZodObject)) return null
  return findEntry(schema.shape[segment], value[segment], path, depth + 1)
}
