import type { CloudApiConfig } from '../../../config/cloud-api-config.ts'
import type { WebhookHealth } from '../../../messaging/webhook-receiver.ts'
import { BUSINESS_STEPS, type BusinessStep, type BusinessView } from '../../../protocol/account/business.ts'
import type { BusinessCredentials } from '../credentials/business-credentials.ts'
import type { BusinessFacts } from './business-facts.ts'

export interface BusinessViewInput {
  account: string
  settings: CloudApiConfig
  /** Why it is a Business account where `transport` is not set. */
  isTransportSet: boolean
  credentials: BusinessCredentials | null
  isCoexistence: boolean
  callbackUrl: string | null
  facts: BusinessFacts
  webhook: WebhookHealth
  /** E.164. */
  ownNumber: string | null
  /** Whether the number can be used now. */
  isOpen: boolean
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

/** A Business account as the control plane shows it: with what is copied into Meta's pages, and without any token of Meta's. */
export function businessView(input: BusinessViewInput): BusinessView {
  const { account, settings, credentials, facts, webhook, ownNumber } = input
  const { number } = facts
  const { lastAt, lastBy, refused, lastRefusal, postponed, foreign } = webhook
  return {
    provider: settings.provider,
    phoneNumberId: credentials?.phoneNumberId || (settings.phoneNumberId?.value ?? null),
    businessAccountId: credentials?.businessAccountId ?? settings.businessAccountId?.value ?? null,
    source: credentials?.source ?? null,
    sourceNote: input.isTransportSet || credentials === null ? null : sourceNote(credentials, settings),
    webhook: {
      path: `/webhooks/whatsapp/${account}`,
      verifyToken: credentials?.verifyToken ?? facts.verifyToken,
      pathSecret: settings.provider === '360dialog' ? (credentials?.pathSecret ?? facts.pathSecret) : null,
      callbackUrl: input.callbackUrl,
      lastAt: iso(lastAt ?? facts.firstWebhookAt),
      lastBy,
      refused,
      lastRefusal: lastRefusal && { at: new Date(lastRefusal.at).toISOString(), why: lastRefusal.why },
      postponed,
      foreign,
    },
    number: number && {
      displayNumber: number.displayNumber,
      verifiedName: number.verifiedName,
      status: number.status,
      quality: number.quality,
      messagingLimit: number.messagingLimit,
      isOnBusinessApp: number.isOnBusinessApp,
      accountMode: number.accountMode,
    },
    health: facts.health,
    shareLink: ownNumber === null ? null : `https://wa.me/${ownNumber.slice(1)}`,
    steps: credentials === null ? [] : stepsOf(input),
    tokenExpiresAt: iso(facts.tokenExpiresAt),
    checkedAt: iso(facts.checkedAt),
  }
}

function sourceNote({ source }: BusinessCredentials, { accessToken, phoneNumberId }: CloudApiConfig): string {
  if (source === 'connected') return 'It is a Business account because somebody connected one here.'
  const places = [accessToken?.place, phoneNumberId?.place].filter((place) => place !== undefined)
  return `It is a Business account because ${places.join(' and ')} are set, and no phone is linked. Set transport to say otherwise.`
}

/** `sync` only where there is one. */
function stepsOf({ facts, webhook, isCoexistence, isOpen }: BusinessViewInput): BusinessStep[] {
  return BUSINESS_STEPS.flatMap((step): BusinessStep[] => {
    if (step === 'sync' && !isCoexistence) return []
    if (step === 'webhook')
      return [webhookStep(facts.firstWebhookAt !== null || webhook.lastAt !== null, isOpen)]
    const known = facts.steps[step]
    return [{ step, ...(known ?? { state: 'waiting', code: null, message: null, action: null }) }]
  })
}

function webhookStep(hasCome: boolean, isOpen: boolean): BusinessStep {
  if (hasCome) return { step: 'webhook', state: 'done', code: null, message: null, action: null }
  return {
    step: 'webhook',
    state: 'waiting',
    code: isOpen ? 'webhooks_missing' : null,
    message: isOpen ? 'No webhook has come yet.' : null,
    action: isOpen
      ? 'Set callback URL and verify token in the App Dashboard under WhatsApp > Configuration, subscribe to "messages", and write to the number.'
      : null,
  }
}
