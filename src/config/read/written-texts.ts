import { z } from 'zod'
import { numberOfAddress } from '../../access/numbers/number-address.ts'
import { normalizePhoneNumber } from '../../access/numbers/phone-number.ts'
import { isRecord } from '../../protocol/is-record.ts'
import type { AccountConfig } from '../model.ts'
import { accountSettings } from '../settings/account-settings.ts'
import type { ChannelSection } from './channel-section.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import type { Problems } from '../problems/problems.ts'
import type { RawAccount, RawChannel } from './read-channel.ts'
import { EVERYBODY } from './read-allow-from.ts'
import { schemaAt } from './schema-at.ts'

const LISTS: readonly unknown[] = ['allowFrom', 'groupAllowFrom'] satisfies (keyof RawAccount)[]

interface WrittenTextsInput {
  channel: RawChannel
  section: ChannelSection
  problems: Problems
}

/** What the file has for texts of the account `id` that refer to variables, as `AccountConfig.written`; `null` where none does. */
export function writtenTexts(
  id: string,
  { channel, section, problems }: WrittenTextsInput,
): AccountConfig['written'] | null {
  const own = channel.accounts[id] ?? {}
  const texts: Record<string, string> = Object.create(null)
  const literal = new Set<string>()
  for (const { path, written, failure } of problems.expansions.all) {
    if (failure !== null) continue
    if (!section.path.every((segment, index) => path[index] === segment)) continue
    const inner = path.slice(section.path.length)
    const isOwn = inner[0] === 'accounts'
    if (isOwn && inner[1] !== id) continue
    const place = isOwn ? inner.slice(2) : inner
    if (!isOwn && isOverridden(own, place)) continue
    const name = nameOf(place, isOwn ? own : channel)
    if (name !== null) texts[name] = written
  }
  if (Object.keys(texts).length === 0) return null
  // A number that also stands there by itself is no secret.
  for (const key of ['allowFrom', 'groupAllowFrom'] as const) {
    const [list, path] =
      own[key] === undefined
        ? [channel[key], [...section.path, key]]
        : [own[key], [...section.path, 'accounts', id, key]]
    for (const [index, entry] of (list ?? []).entries())
      if (problems.expansions.at([...path, index]) === null) literal.add(`${key}.${inForce(entry)}`)
  }
  return Object.fromEntries(Object.entries(texts).filter(([name]) => !literal.has(name)))
}

/** Whether the account's own settings take the place of what the root has there. */
function isOverridden(own: RawAccount, [key = '', member = '']: readonly PathSegment[]): boolean {
  const value: unknown = Reflect.get(own, key)
  if (value === undefined) return false
  const isMerged = schemaAt(Reflect.get(accountSettings, key), []) instanceof z.ZodObject
  return !isMerged || (isRecord(value) && value[member] !== undefined)
}

/** The dotted path by which it is found; `null` for what is no secret. */
function nameOf(place: readonly PathSegment[], settings: object): string | null {
  const [key = '', second = '', ...rest] = place
  if (LISTS.includes(key)) {
    const list: unknown = Reflect.get(settings, key)
    const entry: unknown = Array.isArray(list) && typeof second === 'number' ? list[second] : undefined
    // Everybody knows what "*" means, and that it is there must be seen.
    return entry === undefined || entry === EVERYBODY ? null : `${key}.${inForce(entry)}`
  }
  return [key, ...(place.length > 1 ? [key === 'senders' ? inForce(second) : second] : []), ...rest].join('.')
}

/** An entry as it is in force. */
function inForce(entry: unknown): string {
  if (typeof entry !== 'string' && typeof entry !== 'number') return ''
  const number = normalizePhoneNumber(entry)
  return number.ok ? number.e164 : (numberOfAddress(entry) ?? String(entry).trim())
}
