import type { SendHold } from '../../../messaging/send-hold.ts'
import type { WebhookHealth } from '../../../messaging/webhook-receiver.ts'
import type { ReasonCode } from '../../../protocol/reasons.ts'
import type { BusinessCredentials } from '../credentials/business-credentials.ts'
import type { BusinessFacts } from './business-facts.ts'
import type { NumberHealth } from './number-health.ts'

/** How long before its end a token is worth a word. */
const SOON_MS = 7 * 24 * 60 * 60_000

/** The outbox shows them, and the check that follows says more of the token. */
const PASSING_HOLDS: ReadonlySet<string> = new Set(['number_rate', 'account_rate', 'token'])

/** Meta's word for what cannot send. */
const BLOCKED = 'BLOCKED'

export interface CautionInput {
  credentials: BusinessCredentials | null
  facts: BusinessFacts
  /** Why nothing at all goes out now. */
  hold: SendHold | null
  webhook: WebhookHealth
  /** Where the app secret is given, for advice. */
  appSecretName: string
  now: number
}

/** What a person should know of a number that works: the most pressing first; `null` for nothing. */
export function businessCaution(input: CautionInput): { code: ReasonCode; detail?: string } | null {
  const { credentials, facts, hold, webhook, appSecretName, now } = input
  if (credentials === null) return null
  const { restriction, steps, tokenExpiresAt, number } = facts
  if (restriction !== null && (restriction.until ?? Infinity) > now)
    return { code: 'business_restricted', detail: restriction.detail }
  // Meta refuses messages before it tells why in a webhook, or without one.
  if (hold !== null && !PASSING_HOLDS.has(hold.code))
    return { code: 'business_restricted', detail: hold.message }
  const blocking = facts.health?.problems.find(({ canSend }) => canSend === BLOCKED)
  if (facts.health?.canSend === BLOCKED)
    return { code: 'business_restricted', ...(blocking !== undefined && { detail: wordsOf(blocking) }) }
  if (credentials.provider === 'meta' && credentials.appSecrets.length === 0)
    return { code: 'webhooks_unsigned', detail: appSecretName }
  if (steps.subscribe?.state === 'failed')
    return { code: 'webhooks_not_subscribed', ...withDetail(steps.subscribe.message) }
  const { lastAt, lastRefusal } = webhook
  if (lastRefusal !== null && lastRefusal.at > (lastAt ?? 0))
    return { code: 'webhooks_refused', detail: lastRefusal.why }
  if (facts.firstWebhookAt === null && lastAt === null) return { code: 'webhooks_missing' }
  if (tokenExpiresAt !== null && tokenExpiresAt - now < SOON_MS)
    return { code: 'token_expires_soon', detail: `on ${new Date(tokenExpiresAt).toISOString().slice(0, 10)}` }
  if (number?.quality === 'RED') return { code: 'quality_low' }
  return null
}

/** In Meta's words; what limits alone is no more than a fact: a company that Meta has not verified is limited for ever. */
function wordsOf({ message, code, solution }: NumberHealth['problems'][number]): string {
  const words = code === null ? message : `${code}: ${message}`
  return solution === null ? words : `${words} ${solution}`
}

/** What is in the brackets of the step's own sentence. */
function withDetail(message: string | null): { detail?: string } {
  const detail = /\((.*)\)$/.exec(message ?? '')?.[1]
  return detail === undefined ? {} : { detail }
}
