import type { BusinessEnvironment } from '../business-environment.ts'
import { DAY_MS } from '../business-habits.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import type { StoredMessage } from '../messages/stored-message.ts'
import { newMessageId } from '../new-id.ts'
import type { BusinessPerson } from './business-person.ts'
import { contactOf, namedBy, noteInteraction, showsNumber } from './person-identity.ts'

export interface Riders {
  /** The message that it answers. */
  quotes?: string | undefined
  forwarded?: 'once' | 'often' | undefined
  /** It came by an advertisement or a post. */
  referral?: Record<string, unknown> | undefined
  /** Further fields of the message, as they are. */
  extra?: Record<string, unknown> | undefined
}

/** Something that a person does reaches the number: it is stored, opens the window, and goes out as a webhook. */
export function receiveMessage(
  env: BusinessEnvironment,
  o: {
    number: BusinessNumber
    person: BusinessPerson
    type: string
    content: Record<string, unknown> | null
    riders?: Riders
    /** Beside the content. */
    fields?: Record<string, unknown>
  },
): StoredMessage {
  const { number, person, type, riders = {} } = o
  const now = env.now()
  const message: StoredMessage = {
    id: newMessageId(env.random),
    direction: 'in',
    person,
    type,
    content: o.content ?? {},
    at: now,
    quotedId: riders.quotes ?? null,
    status: 'delivered',
    failedWith: null,
    callbackData: null,
    isRead: false,
    isRevoked: false,
    byNumber: showsNumber(number, person, env),
    category: null,
  }
  number.keep(message)
  // A number that has blocked somebody hears nothing of them, and they do not learn it.
  if (number.blocked.has(person)) return message
  number.rate.take(now, Number.POSITIVE_INFINITY)
  // Whether a change of an earlier message opens the window is not known: here it does not.
  if (type !== 'edit' && type !== 'revoke') number.windows.set(person, now + DAY_MS)
  if (riders.referral !== undefined) number.entries.set(person, now)
  if (message.byNumber) noteInteraction(number, person, now)
  pushMessages(env, { number, person, messages: [webhookMessage(env, message, o)] })
  env.changed()
  return message
}

function webhookMessage(
  env: BusinessEnvironment,
  message: StoredMessage,
  o: Parameters<typeof receiveMessage>[1],
): object {
  const { number, person, riders = {} } = o
  const context = {
    ...(riders.quotes === undefined ? {} : { from: number.digits, id: riders.quotes }),
    ...(riders.forwarded === 'once' ? { forwarded: true } : {}),
    ...(riders.forwarded === 'often' ? { frequently_forwarded: true } : {}),
  }
  return {
    ...namedBy(
      { number: 'from', userId: 'from_user_id', parentId: 'from_parent_user_id' },
      { number, person, circumstances: env },
    ),
    id: message.id,
    timestamp: seconds(message.at),
    type: message.type,
    ...(o.content === null ? {} : { [message.type]: o.content }),
    ...o.fields,
    ...(Object.keys(context).length === 0 ? {} : { context }),
    ...(riders.referral === undefined ? {} : { referral: riders.referral }),
    ...riders.extra,
  }
}

/** Goes out as `messages`, or as `standby` while another app of Meta's holds the number's chats. */
export function pushMessages(
  env: BusinessEnvironment,
  o: { number: BusinessNumber; person: BusinessPerson | null; messages: object[] },
): void {
  const { number, person, messages } = o
  env.webhooks.push({
    account: number.account,
    number,
    field: number.state.isHeldByAgent ? 'standby' : 'messages',
    value: {
      ...metadataOf(number),
      ...(person === null ? {} : { contacts: [contactOf(number, person, { ...env, showsUsername: true })] }),
      messages,
    },
  })
}

/** What every webhook of a number begins with. */
export function metadataOf(number: BusinessNumber): object {
  return {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: number.digits, phone_number_id: number.phoneNumberId },
  }
}

/** A time as webhooks write it. */
export function seconds(milliseconds: number): string {
  return String(Math.floor(milliseconds / 1_000))
}
