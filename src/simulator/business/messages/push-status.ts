import type { BusinessEnvironment } from '../business-environment.ts'
import type { GraphError } from '../graph/graph-error.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import { newLetters } from '../new-id.ts'
import { contactOf, namedBy } from '../people/person-identity.ts'
import { metadataOf, seconds } from '../people/receive-message.ts'
import type { DeliveryStatus, StoredMessage } from './stored-message.ts'

/** From this version on statuses name no `conversation`, except after an advertisement. */
const VERSION_WITHOUT_CONVERSATION = 24

/** In this order a status says more than the one before; what comes later never takes anything back. */
const RANKS: Readonly<Record<DeliveryStatus, number>> = {
  accepted: 0,
  failed: 1,
  sent: 2,
  delivered: 3,
  read: 4,
  played: 5,
}

/** Tells the business what became of a message of its own. `error`: of `failed`. */
export function pushStatus(
  env: BusinessEnvironment,
  o: {
    number: BusinessNumber
    message: StoredMessage
    status: Exclude<DeliveryStatus, 'accepted'>
    error?: GraphError
    /** The object that says what it costs stands in this one. */
    hasPricing?: boolean
    /** Beside the usual delay. */
    delayMs?: number
  },
): void {
  const { number, message, status } = o
  if (RANKS[status] > RANKS[message.status] || status === 'failed') message.status = status
  if (o.error !== undefined) message.failedWith = o.error.code
  env.webhooks.push(
    {
      account: number.account,
      number,
      field: 'messages',
      value: {
        ...metadataOf(number),
        ...(status === 'failed'
          ? {}
          : {
              contacts: [contactOf(number, message.person, { ...env, showsUsername: status !== 'sent' })],
            }),
        statuses: [statusOf(env, o)],
      },
    },
    o.delayMs,
  )
  env.changed()
}

function statusOf(env: BusinessEnvironment, o: Parameters<typeof pushStatus>[1]): object {
  const { number, message, status, error } = o
  const named: Record<string, unknown> = {
    ...namedBy(
      { number: 'recipient_id', userId: 'recipient_user_id', parentId: 'recipient_parent_user_id' },
      { number, person: message.person, circumstances: env },
    ),
  }
  // What failed for a phone number tells no id.
  if (status === 'failed' && message.byNumber) {
    delete named['recipient_user_id']
    delete named['recipient_parent_user_id']
  }
  return {
    id: message.id,
    status,
    timestamp: seconds(env.now()),
    ...named,
    ...(message.callbackData === null ? {} : { biz_opaque_callback_data: message.callbackData }),
    ...(o.hasPricing === true ? priceOf(env, number, message) : {}),
    ...(error === undefined ? {} : { errors: [error.inWebhook] }),
  }
}

function priceOf(env: BusinessEnvironment, number: BusinessNumber, message: StoredMessage): object {
  const freeUntil = number.freeEntries.get(message.person)
  const isFree = freeUntil !== undefined && env.now() < freeUntil
  const category = message.category ?? (isFree ? 'referral_conversion' : 'service')
  const needsConversation = isFree || env.habits.webhookVersion < VERSION_WITHOUT_CONVERSATION
  return {
    pricing: {
      billable: !isFree,
      pricing_model: 'PMP',
      type: isFree ? 'free_entry_point' : 'regular',
      category,
    },
    ...(needsConversation
      ? {
          conversation: {
            id: newLetters(env.random, 32).toLowerCase(),
            ...(isFree ? { expiration_timestamp: seconds(freeUntil) } : {}),
            origin: { type: category },
          },
        }
      : {}),
  }
}
