import { equivalentNumber } from '../../../access/numbers/equivalent-numbers.ts'
import { normalizePhoneNumber } from '../../../access/numbers/phone-number.ts'
import { isRecord } from '../../../protocol/is-record.ts'
import { cleanLine } from '../../../text/bounded-text.ts'
import type { Failure } from './reason-of-problem.ts'

/** A webhook about the account itself, as it came; `entryId` is the Business account that Meta names around it. */
export interface BusinessNotice {
  field: string
  entryId: string
  value: unknown
}

/** What a notice means for the account. */
export type NoticeEffect =
  | { kind: 'end'; failure: Extract<Failure, { kind: 'end' }> }
  /** Some messages are not taken any more; `null`: the restriction is over. */
  | { kind: 'restriction'; restriction: { detail: string; until: number | null } | null }
  /** Something is different: WhatsApp is asked. */
  | { kind: 'check' }
  /** The PIN of the number is another one. */
  | { kind: 'pin_changed' }
  /** A template may be sent again, or not any more. */
  | { kind: 'template' }

/** The account that a notice is judged for; `null` for what is not known. */
export interface NoticeRecipient {
  businessAccountId: string | null
  /** E.164. */
  number: string | null
}

const MAX_DETAIL = 200

type Value = Readonly<Record<string, unknown>>

/** Fields after which the state is asked for again: the webhook tells only a part of it. */
const CHECKED: ReadonlySet<string> = new Set([
  'account_alerts',
  'account_review_update',
  'business_capability_update',
  'business_status_update',
  'phone_number_name_update',
  'phone_number_quality_update',
])

/** By `value.event` of `account_update`: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/account_update */
const ACCOUNT_EVENTS: Readonly<Record<string, (value: Value) => NoticeEffect>> = {
  PARTNER_REMOVED: (value) =>
    ended('business_access_removed', reasonIn(value['disconnection_info'], 'reason')),
  PARTNER_APP_UNINSTALLED: () => ended('business_access_removed'),
  ACCOUNT_DELETED: () => ended('business_access_removed', 'the WhatsApp account was deleted'),
  ACCOUNT_OFFBOARDED: () => ended('business_offboarded'),
  DISABLED_UPDATE: (value) => disabled(reasonIn(value['ban_info'], 'waba_ban_state')),
  ACCOUNT_RESTRICTION: (value) => ({
    kind: 'restriction',
    restriction: restrictionIn(value['restriction_info']),
  }),
  ACCOUNT_VIOLATION: (value) => ({
    kind: 'restriction',
    restriction: {
      detail: `a violation: ${reasonIn(value['violation_info'], 'violation_type') ?? 'unknown'}`,
      until: null,
    },
  }),
}

/**
 * What a notice means for this account; `null` for nothing, for another Business account, and for another number of the same one. Whatever
 * is not known is left alone.
 */
export function effectOfNotice(
  { field, entryId, value }: BusinessNotice,
  to: NoticeRecipient,
): NoticeEffect | null {
  if (!isRecord(value) || !isAboutNumber(value, to.number)) return null
  if (field === 'security') return value['event'] === 'PIN_CHANGED' ? { kind: 'pin_changed' } : null
  if (CHECKED.has(field)) return { kind: 'check' }
  const isTemplate = field === 'message_template_status_update'
  if (field !== 'account_update' && !isTemplate) return null
  // In news about partners `entry.id` may be the partner's.
  const info = value['waba_info']
  const about = isRecord(info) && typeof info['waba_id'] === 'string' ? info['waba_id'] : entryId
  if (to.businessAccountId !== null && about !== to.businessAccountId) return null
  if (isTemplate) return { kind: 'template' }
  // Whose news they are is not known: what is true of this account, WhatsApp is asked for.
  if (to.businessAccountId === null) return { kind: 'check' }
  const event = typeof value['event'] === 'string' ? value['event'] : ''
  const effect = Object.hasOwn(ACCOUNT_EVENTS, event) ? ACCOUNT_EVENTS[event] : undefined
  return effect === undefined ? { kind: 'check' } : effect(value)
}

/** Some news of a Business account are about one of its numbers, which they name as people write it. */
function isAboutNumber(value: Value, own: string | null): boolean {
  const named = value['display_phone_number'] ?? value['phone_number']
  const read = typeof named === 'string' ? normalizePhoneNumber(`+${named.replaceAll(/\D/g, '')}`) : null
  if (read === null || !read.ok || own === null) return true
  return read.e164 === own || equivalentNumber(read.e164) === own
}

function ended(reason: Failure['reason'], detail?: string | null): NoticeEffect {
  return { kind: 'end', failure: { kind: 'end', reason, ...(detail != null && { detail }) } }
}

function disabled(state: string | null): NoticeEffect {
  if (state === 'REINSTATE') return { kind: 'restriction', restriction: null }
  if (state === 'DISABLE') return ended('business_banned')
  return {
    kind: 'restriction',
    restriction: { detail: `it is to be disabled: ${state ?? 'unknown'}`, until: null },
  }
}

function restrictionIn(value: unknown): { detail: string; until: number | null } | null {
  const list = (Array.isArray(value) ? value : [value]).filter(isRecord)
  const types = list.flatMap(({ restriction_type: type }) => (typeof type === 'string' ? [type] : []))
  if (types.length === 0) return null
  const ends = list.flatMap(({ expiration }) => {
    const at = typeof expiration === 'number' ? expiration * 1_000 : Date.parse(String(expiration))
    return Number.isFinite(at) ? [at] : []
  })
  return { detail: cut(types.join(', ')), until: ends.length === 0 ? null : Math.max(...ends) }
}

function reasonIn(value: unknown, key: string): string | null {
  const found = isRecord(value) ? value[key] : undefined
  return typeof found === 'string' ? cut(found) : null
}

function cut(text: string): string {
  return cleanLine(text, MAX_DETAIL)
}
