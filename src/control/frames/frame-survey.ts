import { z } from 'zod'

/** Lists that lose entries only when the others are empty: who may talk, and what there is. */
const IMPORTANT = /(?:^|\.)(?:accounts|offers|allowFrom|groupAllowFrom|messages)$/

/** In this order lists lose entries; facts of any shape are programs' own, and go last. */
const RANKS = ['ordinary', 'important', 'facts'] as const
type Rank = (typeof RANKS)[number]

/** A value with what its JSON takes; what is taken out of it is taken off all those around it. */
interface Part {
  bytes: number
  readonly parent: Part | null
  isGone: boolean
}

/** An array, or an object whose fields are entries. */
interface List extends Part {
  readonly path: string
  readonly rank: Rank
  readonly total: number
  readonly entries: Part[]
  /** Called when it lost entries: a field beside it may say that it is whole. */
  noteLoss: () => void
  /** Takes the last entry out of the value. */
  dropLast(): void
}

export interface ShortenedList {
  path: string
  total: number
  kept: number
}

/** Measures a JSON value once, and makes it smaller in place. */
export class FrameSurvey {
  readonly #lists: List[] = []
  readonly #root: Part

  /** `value` is changed by `shrinkTo`. */
  constructor(value: unknown, schema: z.ZodType) {
    this.#root = this.#measure(value, schema, '', null)
  }

  /** The lists that lost entries and are still there. */
  get shortened(): ShortenedList[] {
    return this.#lists
      .filter((list) => list.entries.length < list.total && isThere(list))
      .map(({ path, total, entries }) => ({ path, total, kept: entries.length }))
  }

  /** Takes entries out of lists until the JSON has at most `bytes`, or no list has any left. */
  shrinkTo(bytes: number): void {
    for (const rank of RANKS) {
      const lists = this.#lists.filter((list) => list.rank === rank)
      while (this.#root.bytes > bytes) {
        const longest = longestOf(lists)
        if (longest === null) break
        this.#shorten(longest, bytes)
      }
    }
  }

  /** To half of it at most: then another one may be the longest. */
  #shorten(list: List, bytes: number): void {
    const least = Math.floor(list.entries.length / 2)
    while (list.entries.length > least && this.#root.bytes > bytes) {
      const entry = list.entries.pop()
      if (entry === undefined) return
      entry.isGone = true
      list.dropLast()
      list.noteLoss()
      for (let part: Part | null = list; part !== null; part = part.parent) part.bytes -= entry.bytes
    }
  }

  #measure(value: unknown, schema: z.ZodType | null, path: string, parent: Part | null): Part {
    if (Array.isArray(value)) return this.#measureArray(value, schema, path, parent)
    if (typeof value === 'object' && value !== null) return this.#measureObject(value, schema, path, parent)
    return { bytes: bytesOf(value), parent, isGone: false }
  }

  #measureArray(value: unknown[], schema: z.ZodType | null, path: string, parent: Part | null): Part {
    const list: List = {
      bytes: 2,
      parent,
      isGone: false,
      path,
      rank: rankOf(path, null),
      total: value.length,
      entries: [],
      noteLoss: () => {},
      dropLast: () => void value.pop(),
    }
    this.#lists.push(list)
    const element = entryOf(schema)
    for (const entry of value)
      this.#add(list, this.#measure(entry, element, `${path}[]`, list), 1, list.entries)
    return list
  }

  #measureObject(value: object, schema: z.ZodType | null, path: string, parent: Part | null): Part {
    const keys = Object.keys(value)
    const isMap = isMapSchema(schema)
    const fields = fieldsOf(schema)
    const list: List = {
      bytes: 2,
      parent,
      isGone: false,
      path,
      rank: rankOf(path, schema),
      total: keys.length,
      entries: [],
      noteLoss: () => {},
      dropLast: () => void Reflect.deleteProperty(value, keys.pop() ?? ''),
    }
    if (isMap) this.#lists.push(list)
    for (const [key, inner] of Object.entries(value)) {
      const innerPath = path === '' ? key : `${path}.${key}`
      const part = this.#measure(inner, fields[key] ?? entryOf(schema), innerPath, list)
      if (isList(part)) part.noteLoss = () => sayIncomplete(value, key)
      this.#add(list, part, bytesOf(key) + 2, isMap ? list.entries : null)
    }
    return list
  }

  /** `around`: what of the JSON goes with the entry besides its value. */
  #add(list: List, part: Part, around: number, entries: Part[] | null): void {
    part.bytes += around
    list.bytes += part.bytes
    entries?.push(part)
  }
}

function rankOf(path: string, schema: z.ZodType | null): Rank {
  if (bareOf(schema) instanceof z.ZodUnknown || path.endsWith('details')) return 'facts'
  return IMPORTANT.test(path) ? 'important' : 'ordinary'
}

function isList(part: Part): part is List {
  return 'entries' in part
}

/** `allowFrom` has `allowFromComplete` beside it: a client that takes a shortened list for the whole might write it back. */
function sayIncomplete(value: object, key: string): void {
  const flag = `${key}Complete`
  if (Object.hasOwn(value, flag)) Reflect.set(value, flag, false)
}

function isThere(part: Part): boolean {
  for (let each: Part | null = part; each !== null; each = each.parent) if (each.isGone) return false
  return true
}

function longestOf(lists: readonly List[]): List | null {
  let longest: List | null = null
  for (const list of lists) {
    if (list.entries.length > (longest?.entries.length ?? 0) && isThere(list)) longest = list
  }
  return longest
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '')
}

/** Whether every field of such an object is an entry that may go: a record, or facts of any shape. */
function isMapSchema(schema: z.ZodType | null): boolean {
  const bare = bareOf(schema)
  return bare instanceof z.ZodRecord || bare instanceof z.ZodUnknown
}

/** Schemas by field, for an object whose fields are declared. */
function fieldsOf(schema: z.ZodType | null): Readonly<Record<string, z.ZodType>> {
  const bare = bareOf(schema)
  // Every schema of ours is made by zod's classic interface; so it is below.
  return bare instanceof z.ZodObject ? bare.shape : {}
}

/** The schema of the entries of an array or a record; what is inside of facts of any shape has any shape, too. */
function entryOf(schema: z.ZodType | null): z.ZodType | null {
  const bare = bareOf(schema)
  if (bare instanceof z.ZodArray) return bare.element as z.ZodType
  if (bare instanceof z.ZodRecord) return bare.valueType as z.ZodType
  return bare instanceof z.ZodUnknown ? bare : null
}

function bareOf(schema: z.ZodType | null): z.ZodType | null {
  let bare = schema
  while (bare instanceof z.ZodOptional || bare instanceof z.ZodNullable || bare instanceof z.ZodDefault)
    bare = bare.unwrap() as z.ZodType
  return bare
}
