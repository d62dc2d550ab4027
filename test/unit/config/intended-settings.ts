import JSON5 from 'json5'
import type { SettingChange } from '../../../src/config/edit/edit-settings.ts'

type Json = Record<string, unknown>

/** Keys inside a group that belong to another tool: no edit of ours sets or loses them. */
const FOREIGN = new Set(['systemPrompt', 'tools', 'toolsBySender'])

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const digits = (entry: unknown): string => {
  const text = String(entry)
  return /^[+\d ().-]+$/.test(text) ? `+${text.replaceAll(/\D/g, '')}` : text
}

export const read = (text: string): Json => JSON5.parse(text.replace(/^\uFEFF/, ''))

/** The whole file's value with lists of people as sets, and numbers in one notation. */
export function meaning(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    return key === 'allowFrom' || key === 'groupAllowFrom'
      ? [...new Set(value.map(digits))].toSorted()
      : value.map((item) => meaning(item))
  }
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, inner]) => [key === 'senders' ? digits(name) : name, meaning(inner, name)] as const)
      .toSorted(([left], [right]) => (left < right ? -1 : 1)),
  )
}

/** What the file must mean after these changes; written without any of the code that makes them. */
export function intended(text: string, changes: readonly SettingChange[]): unknown {
  const file = read(text)
  for (const { account, path, value, unset } of changes) {
    const section = sectionOf(file)
    const accounts = isObject(section['accounts']) ? section['accounts'] : {}
    const base = account !== undefined && isObject(accounts[account]) ? accounts[account] : section
    change(base, path, unset === true ? undefined : structuredClone(value))
  }
  return meaning(file)
}

function sectionOf(file: Json): Json {
  const connectors = file['connectors']
  const channels = file['channels']
  if (isObject(channels) && isObject(channels['whatsapp'])) return channels['whatsapp']
  if (isObject(connectors) && isObject(connectors['whatsapp'])) return connectors['whatsapp']
  const whatsapp: Json = {}
  pending.set(whatsapp, file)
  return whatsapp
}

/** Sections that do not exist yet are made by the first value that goes into them. */
const pending = new WeakMap<Json, Json>()

function change(base: Json, path: readonly string[], value: unknown): void {
  const steps: [Json, string][] = []
  let holder = base
  for (const [index, name] of path.entries()) {
    const key = path[0] === 'senders' && index === 1 ? sameNumber(holder, name) : name
    steps.push([holder, key])
    if (index === path.length - 1) break
    const next = holder[key]
    if (!isObject(next) && value === undefined) return
    holder = isObject(next) ? next : (holder[key] = {})
  }
  const [last, key] = steps.at(-1) ?? [base, '']
  if (value === undefined) {
    const kept = foreignOf(last[key])
    if (kept === undefined) delete last[key]
    else last[key] = kept
    return
  }
  const file = pending.get(base)
  if (file !== undefined) file['channels'] = { ...(file['channels'] as Json | undefined), whatsapp: base }
  last[key] = withForeign(last[key], value)
}

function sameNumber(senders: Json, number: string): string {
  return Object.keys(senders).find((name) => digits(name) === digits(number)) ?? digits(number)
}

/** Only what belongs to another tool; `undefined` for nothing. */
function foreignOf(value: unknown): unknown {
  if (!isObject(value)) return undefined
  const kept = Object.entries(value).flatMap(([name, inner]) => {
    const part = FOREIGN.has(name) ? inner : foreignOf(inner)
    return part === undefined ? [] : [[name, part] as const]
  })
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

function withForeign(old: unknown, value: unknown): unknown {
  if (!isObject(old) || !isObject(value)) return value
  const result: Json = { ...value }
  for (const [name, inner] of Object.entries(old)) {
    const kept = FOREIGN.has(name) ? inner : foreignOf(inner)
    if (name in value && !FOREIGN.has(name)) result[name] = withForeign(inner, value[name])
    else if (kept !== undefined) result[name] = kept
  }
  return result
}
