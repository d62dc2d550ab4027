import { isRecord } from '../../../protocol/is-record.ts'
import type { PathSegment } from '../../document/json5-tree.ts'
import type { Problems } from '../../problems/problems.ts'
import { recordAt } from './record-at.ts'

type File = Readonly<Record<string, unknown>>

/** How the keys of OpenClaw's sessions for WhatsApp begin, without `agent:<id>:`. */
const SESSION_KEYS = ['main', 'direct:', 'dm:', 'whatsapp:']

/** Where else OpenClaw can switch WhatsApp off. */
const SWITCHES: readonly PathSegment[][] = [
  ['web', 'enabled'],
  ['plugins', 'enabled'],
  ['plugins', 'entries', 'whatsapp', 'enabled'],
]

/** Keys of an OpenClaw file outside of the channel that keep OpenClaw silent on WhatsApp: none of them does so here. */
export function noteOuterSwitches(file: File, problems: Problems): void {
  for (const path of SWITCHES)
    if (valueAt(file, path) === false)
      problems.notice(
        'ignored',
        path,
        'OpenClaw does not start WhatsApp by this; whatsappd does. To switch it off: channels.whatsapp.enabled: false.',
      )
  const denied = denialIn(valueAt(file, ['session', 'sendPolicy']))
  if (denied !== null)
    problems.error(
      'unsupported',
      ['session', 'sendPolicy', ...denied],
      'It forbids answers on WhatsApp, and is not read here. Take WhatsApp out of it, and set dmPolicy, groupPolicy or enabled of channels.whatsapp instead.',
    )
}

/** What of a `sendPolicy` forbids answers on WhatsApp; `null` for nothing. Source: https://docs.openclaw.ai/concepts/session */
function denialIn(policy: unknown): PathSegment[] | null {
  if (!isRecord(policy)) return null
  const written: unknown[] = Array.isArray(policy['rules']) ? policy['rules'] : []
  const rules = written.map((rule) => (isRecord(rule) ? rule : {}))
  const index = rules.findIndex((rule) => rule['action'] === 'deny' && concernsWhatsapp(rule))
  if (index >= 0) return ['rules', index]
  const isAllowed = rules.some((rule) => rule['action'] === 'allow' && isForAllOfWhatsapp(rule))
  return policy['default'] === 'deny' && !isAllowed ? ['default'] : null
}

function concernsWhatsapp(rule: File): boolean {
  const { channel, keyPrefix, rawKeyPrefix } = recordAt(rule, 'match')
  if (typeof channel === 'string' && channel.trim().toLowerCase() !== 'whatsapp') return false
  return [keyPrefix, rawKeyPrefix].every((prefix) => typeof prefix !== 'string' || isOfOurKeys(prefix))
}

function isOfOurKeys(prefix: string): boolean {
  const begin = prefix.trim().toLowerCase()
  const rest = begin.replace(/^agent:[^:]*:?/, '')
  return SESSION_KEYS.some((key) => key.startsWith(rest) || rest.startsWith(key))
}

function isForAllOfWhatsapp(rule: File): boolean {
  const { channel, ...narrower } = recordAt(rule, 'match')
  const isOurs = channel === undefined || channel === 'whatsapp'
  return isOurs && Object.values(narrower).every((value) => value === undefined)
}

function valueAt(file: File, path: readonly PathSegment[]): unknown {
  return path.reduce<unknown>((holder, key) => (isRecord(holder) ? holder[key] : undefined), file)
}
