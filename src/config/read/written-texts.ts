import { z } from 'zod'
import { readIdEntry } from '../../access/numbers/id-entry.ts'
import { numberOfAddress } from '../../access/numbers/number-address.ts'
import { normalizePhoneNumber } from '../../access/numbers/phone-number.ts'
import { isRecord } from '../../protocol/is-record.ts'
import type { AccountConfig } from '../model.ts'
import { accountSettings } from '../settings/account-settings.ts'
import { type AccountLayer, layerOf } from './foreign/account-layers.ts'
import { addressOf } from './foreign/foreign-limits.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import type { Problems } from '../problems/problems.ts'
import type { RawAccount } from './read-channel.ts'
import { EVERYBODY } from './people/read-allow-from.ts'
import { schemaAt } from './schema-at.ts'

const LISTS = ['allowFrom', 'groupAllowFrom', 'allowedJids', 'allowedGroups'] as const
/** The name of an entry of a list of the account. */
const LISTED = /^(?:allowFrom|groupAllowFrom)\.(.+)$/

/** What the file has for texts of an account that refer to variables; nothing where none does. */
export function writtenTexts(
  layers: readonly AccountLayer[],
  { expansions }: Problems,
): Pick<AccountConfig, 'written' | 'entries'> {
  const texts: Record<string, string> = Object.create(null)
  const entries: Record<string, string> = Object.create(null)
  for (const { path, written, failure } of expansions.all) {
    if (failure !== null) continue
    const index = layers.findIndex((layer) => holds(layer, path))
    const layer = layers[index]
    if (layer === undefined) continue
    const place = path.slice(layer.path?.length)
    const listed = listEntry(place, layer.values)
    // In files of other tools entries of one list can be in force in another, also those of a list that another one overrides.
    if (listed !== null && listed !== EVERYBODY) texts[`entry.${listed}`] = written
    if (layers.slice(0, index).some(({ values }) => isOverridden(values, place))) continue
    const name = nameOf(place, layer.values)
    if (name === null) continue
    texts[name] = written
    const entry = LISTED.exec(name)?.[1]
    if (entry !== undefined) entries[written] = entry
  }
  if (Object.keys(texts).length === 0) return {}
  const literal = literalEntries(layers, (path) => expansions.at(path) !== null)
  return {
    written: Object.fromEntries(Object.entries(texts).filter(([name]) => !literal.has(name))),
    ...(Object.keys(entries).length > 0 && { entries }),
  }
}

/** The names of entries that also stand there by themselves: they are no secret. */
function literalEntries(
  layers: readonly AccountLayer[],
  isExpanded: (path: readonly PathSegment[]) => boolean,
): Set<string> {
  const literal = new Set<string>()
  for (const key of LISTS) {
    const layer = layerOf(layers, (values) => values[key] !== undefined)
    for (const [index, entry] of (layer?.values[key] ?? []).entries()) {
      if (layer === undefined || isExpanded([...layer.placeOf(key), index])) continue
      for (const list of [key, 'entry']) literal.add(`${list}.${meaningIn(key, entry)}`)
    }
  }
  const groups = layerOf(layers, (values) => values.groups !== undefined)?.values.groups ?? {}
  for (const [group, { allowFrom = [] }] of Object.entries(groups)) {
    literal.add(`entry.${group}`)
    for (const [index, entry] of allowFrom.entries()) {
      // An account of an ElizaOS file has the rules of the root among its own.
      const places = layers.map((layer) => [...layer.placeOf('groups'), group, 'allowFrom', index])
      if (!places.some(isExpanded)) literal.add(`entry.${inForce(entry)}`)
    }
  }
  return literal
}

/** Whether the text is one of this layer's settings. The accounts inside of the root are layers of their own. */
function holds({ path: base }: AccountLayer, path: readonly PathSegment[]): boolean {
  if (base === null || path[base.length] === 'accounts') return false
  return base.every((segment, index) => path[index] === segment)
}

/** Whether these settings take the place of what a later layer has there. */
function isOverridden(values: RawAccount, [key = '', member = '']: readonly PathSegment[]): boolean {
  const value: unknown = Reflect.get(values, key)
  if (value === undefined) return false
  const isMerged = schemaAt(Reflect.get(accountSettings, key), []) instanceof z.ZodObject
  return !isMerged || (isRecord(value) && value[member] !== undefined)
}

/** The dotted path by which it is found; `null` for what is no secret. */
function nameOf(place: readonly PathSegment[], settings: object): string | null {
  const [key = '', second = '', ...rest] = place
  const entry = listEntry(place, settings)
  // Everybody knows what "*" means, and that it is there must be seen.
  if (entry !== null) return entry === EVERYBODY ? null : [...place.slice(0, -1), entry].join('.')
  return [key, ...(place.length > 1 ? [key === 'senders' ? inForce(second) : second] : []), ...rest].join('.')
}

/** What stands at this place of a list, as it is in force; `null` where it is no list. */
function listEntry(place: readonly PathSegment[], settings: object): string | null {
  const list = LISTS.find((key) => key === place.at(-2))
  if (list === undefined || typeof place.at(-1) !== 'number') return null
  return meaningIn(list, valueAt(settings, place))
}

function meaningIn(list: (typeof LISTS)[number], entry: unknown): string {
  const isAddress = list === 'allowedJids' || list === 'allowedGroups'
  const address = isAddress && typeof entry === 'string' ? addressOf(entry) : null
  return address ?? inForce(entry)
}

function valueAt(settings: object, path: readonly PathSegment[]): unknown {
  return path.reduce<unknown>(
    (holder, segment) =>
      typeof holder === 'object' && holder !== null && Object.hasOwn(holder, segment)
        ? Reflect.get(holder, segment)
        : undefined,
    settings,
  )
}

/** An entry as it is in force. */
function inForce(entry: unknown): string {
  if (typeof entry !== 'string' && typeof entry !== 'number') return ''
  const number = normalizePhoneNumber(entry)
  return number.ok ? number.e164 : (numberOfAddress(entry) ?? readIdEntry(entry) ?? String(entry).trim())
}
