import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { DaemonError } from '../../protocol/errors.ts'
import { allowedEntry, toPersonEntry } from './edit-allow-from.ts'
import { editList } from './edit-list.ts'
import { editMembers } from './edit-members.ts'
import { type ConfigDocument, formatPath } from '../document/config-document.ts'
import { memberNames, type ObjectNode, type ValueNode } from '../document/json5-tree.ts'
import { removeKey } from '../document/remove-key.ts'
import { setValue } from '../document/set-value.ts'
import { isRecord } from '../../protocol/is-record.ts'
import { memberSchema, unwrapped } from './remote-key.ts'
import { valueAt } from './value-at.ts'

/** Members that are edited in one text: of more, each edit would read more. */
const PART = 32

/**
 * The document with `value` at `path`, changing only what differs: an object is set key by key, a list entry by entry, and keys that are not
 * declared in `schema` (of other tools) are neither set nor lost. Throws `DaemonError` (`config_invalid`,
 * `config_key_refused`, `invalid_phone_number`).
 */
export function putValue(
  document: ConfigDocument,
  path: readonly string[],
  schema: z.ZodType,
  value: unknown,
): ConfigDocument {
  refuseUndeclared(path, schema, value)
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw invalid(path, parsed.error)
  return put(document, path, schema, value)
}

/** The document without the value at `path`; keys of other tools inside it stay, with the objects around them. */
export function takeValue(
  document: ConfigDocument,
  path: readonly string[],
  schema: z.ZodType,
): ConfigDocument {
  const node = document.nodeAt(path)
  if (node === null) return document
  if (!holdsUndeclared(node, schema) || node.type !== 'object') return removeKey(document, path)
  return memberNames(node).reduce((each, name) => {
    const inner = memberSchema(schema, name)
    return inner === null ? each : takeValue(each, [...path, name], inner)
  }, document)
}

/** The path as the file has it: the number of a sender may be written there in any notation. */
export function writtenPath(
  document: ConfigDocument,
  base: readonly string[],
  path: readonly string[],
): string[] {
  return path.reduce<string[]>(
    (holder, name) => {
      const node = document.nodeAt(holder)
      return [...holder, writtenName(node, holder, name)]
    },
    [...base],
  )
}

function put(
  document: ConfigDocument,
  path: readonly string[],
  schema: z.ZodType,
  value: unknown,
): ConfigDocument {
  const node = document.nodeAt(path)
  const kind = unwrapped(schema)
  if (Array.isArray(value) && kind instanceof z.ZodArray) {
    const entries = listEntries(path, value)
    return node?.type === 'array'
      ? editList(document, path, { kind: 'set', entries }, meaningOf)
      : setValue(document, path, entries)
  }
  if (isRecord(value) && node?.type === 'object' && node.members.length > 0) {
    return putMembers(document, path, schema, value, node)
  }
  return isDeepStrictEqual(valueAt(document.value, path, schema), value)
    ? document
    : setValue(document, path, value)
}

function putMembers(
  document: ConfigDocument,
  path: readonly string[],
  schema: z.ZodType,
  value: Record<string, unknown>,
  node: ObjectNode,
): ConfigDocument {
  const wanted = new Map(
    Object.entries(value).map(([name, inner]) => [writtenName(node, path, name), inner] as const),
  )
  const gone = memberNames(node).filter((name) => !wanted.has(name))
  const reduced = inParts(document, path, gone, (each, name) => {
    const inner = memberSchema(schema, name)
    return inner === null ? each : takeValue(each, [...path, name], inner)
  })
  return inParts(reduced, path, [...wanted.keys()], (each, name) => {
    const inner = memberSchema(schema, name)
    return inner === null ? each : put(each, [...path, name], inner, wanted.get(name))
  })
}

/** Edits one member after the other; each edit reads its document, so that it gets a short one. */
function inParts(
  document: ConfigDocument,
  path: readonly string[],
  names: readonly string[],
  edit: (document: ConfigDocument, name: string) => ConfigDocument,
): ConfigDocument {
  let edited = document
  for (let from = 0; from < names.length; from += PART) {
    const part = names.slice(from, from + PART)
    edited = editMembers(edited, [{ path, names: new Set(part) }], (each) => part.reduce(edit, each))
  }
  return edited
}

/** Lists of a config hold phone numbers, and addresses of groups. */
function listEntries(path: readonly string[], value: readonly unknown[]): string[] {
  const entries = value.map(String)
  return path.at(-1) === 'allowFrom' ? entries.map(toPersonEntry) : entries.map(meaningOf)
}

/** What an entry of a list of numbers and groups means. */
export function meaningOf(entry: string | number): string {
  return allowedEntry(entry) ?? String(entry)
}

function writtenName(node: ValueNode | null, holder: readonly string[], name: string): string {
  if (holder.at(-1) !== 'senders' || holder.at(-2) === 'groups') return name
  const number = toPersonEntry(name)
  const names = node?.type === 'object' ? memberNames(node) : []
  return names.find((each) => allowedEntry(each) === number) ?? number
}

function holdsUndeclared(node: ValueNode, schema: z.ZodType): boolean {
  if (node.type !== 'object') return false
  return node.members.some(({ name, value }) => {
    const inner = memberSchema(schema, name)
    return inner === null || holdsUndeclared(value, inner)
  })
}

function refuseUndeclared(path: readonly string[], schema: z.ZodType, value: unknown): void {
  if (!isRecord(value)) return
  for (const [key, inner] of Object.entries(value)) {
    const member = memberSchema(schema, key)
    if (member === null) {
      const message = `${formatPath(path)} has no "${key}" that a dashboard may edit.`
      throw new DaemonError('config_key_refused', { message, details: { path: [...path, key] } })
    }
    refuseUndeclared([...path, key], member, inner)
  }
}

function invalid(path: readonly string[], error: z.ZodError): DaemonError {
  const [issue] = error.issues
  const place = [...path, ...(issue?.path ?? [])].filter((segment) => typeof segment !== 'symbol')
  return new DaemonError('config_invalid', {
    message: `${formatPath(place)}: ${issue?.message ?? 'not a possible value'}.`,
    details: { path: formatPath(place) },
  })
}
