import { isRecord } from '../../../protocol/is-record.ts'
import type { BusinessEnvironment } from '../business-environment.ts'
import { DAY_MS } from '../business-habits.ts'
import { GraphError } from '../graph/graph-error.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import { newMessageId } from '../new-id.ts'
import { arrive } from '../people/arrive.ts'
import { noteInteraction } from '../people/person-identity.ts'
import { checkContent } from './check-content.ts'
import { fillTemplate } from './fill-template.ts'
import { lateProblem } from './late-problem.ts'
import { prepareMedia } from './prepare-media.ts'
import { findRecipient, type Recipient } from './recipient.ts'
import type { StoredMessage } from './stored-message.ts'

const MAX_CALLBACK_DATA = 512
const MAX_ALLOWED_RECIPIENTS = 5
/** How long everything is free of charge after the answer to somebody whom an advertisement led here. */
const FREE_ENTRY_MS = 3 * DAY_MS

/**
 * `POST /<number>/messages` with a message. Throws `GraphError` for what Meta refuses at once; accepted is not delivered: what
 * becomes of the message is told by webhooks.
 */
export async function sendMessage(
  env: BusinessEnvironment,
  number: BusinessNumber,
  body: Record<string, unknown>,
): Promise<object> {
  if (!number.isRegistered) throw new GraphError(133010)
  if (['RESTRICTED', 'BANNED', 'FLAGGED'].includes(number.state.status)) throw new GraphError(131031)
  if (number.state.status !== 'CONNECTED') throw new GraphError(133010)
  const type = typeof body['type'] === 'string' ? body['type'] : 'text'
  checkEnvelope(body)
  checkContent(type, body[type], body['context'])
  const recipient = findRecipient(env, number, body)
  if (recipient.person !== null) checkPerson(number, recipient)
  if (type === 'template') checkTemplate(number, recipient, body['template'])
  const content = await prepareMedia(env, number, { type, content: contentOf(type, body[type]) })
  takeRate(env, number, recipient)
  const late = lateProblem(env, number, { type, content, recipient })
  if (late !== null && env.habits.lateErrors === 'answer') throw late
  const message = store(env, number, { type, content, recipient, body })
  if (late !== null) arrive.fail(env, { number, message, error: late })
  else {
    beginFreeEntry(number, message)
    arrive.message(env, number, message)
  }
  return answer(recipient, message)
}

function checkEnvelope(body: Record<string, unknown>): void {
  if (body['messaging_product'] !== 'whatsapp')
    throw new GraphError(100, { details: 'The parameter messaging_product is required.' })
  if (body['recipient_type'] !== undefined && body['recipient_type'] !== 'individual')
    throw new GraphError(100, { details: 'Groups need an Official Business Account.' })
  const data = body['biz_opaque_callback_data']
  if (data !== undefined && (typeof data !== 'string' || data.length > MAX_CALLBACK_DATA))
    throw new GraphError(100, {
      details: `Param biz_opaque_callback_data must be at most ${MAX_CALLBACK_DATA} characters long.`,
    })
}

function checkPerson(number: BusinessNumber, { person }: Recipient): void {
  if (person === null || !number.isTestNumber) return
  const { allowedRecipients } = number
  if (!allowedRecipients.has(person) || allowedRecipients.size > MAX_ALLOWED_RECIPIENTS)
    throw new GraphError(131030)
}

function checkTemplate(number: BusinessNumber, { isById }: Recipient, wanted: unknown): void {
  if (!isRecord(wanted) || !isRecord(wanted['language'])) throw new GraphError(131008)
  const { name, components } = wanted
  const { code } = wanted['language']
  const named = number.account.templates.filter((each) => each.name === name)
  const template = named.find(({ language }) => language === code)
  if (template === undefined || template.status === 'PENDING' || template.status === 'REJECTED')
    throw new GraphError(132001, {
      details: `template name (${String(name)}) does not exist in ${String(code)}`,
    })
  if (template.status === 'PAUSED') throw new GraphError(132015)
  if (template.status === 'DISABLED') throw new GraphError(132016)
  if (isById && template.category === 'AUTHENTICATION') throw new GraphError(131062)
  fillTemplate(template, components)
}

/** Counted only where the message is sound otherwise. */
function takeRate(env: BusinessEnvironment, number: BusinessNumber, { person }: Recipient): void {
  const { numberRate, pairRate } = env.habits
  const now = env.now()
  const most = number.state.isOnBusinessApp ? numberRate.coexistence : numberRate.ordinary
  if (!number.rate.take(now, most))
    throw new GraphError(130429, { details: 'Message failed to send because of the throughput limit.' })
  if (pairRate === null || person === null) return
  // What is sent beyond the rate is borrowed from the time that follows.
  const paidUntil = Math.max(now, number.pairRates.get(person) ?? 0) + pairRate.everyMs
  if (paidUntil - now > pairRate.everyMs * pairRate.burst)
    throw new GraphError(131056, {
      details:
        'Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.',
    })
  number.pairRates.set(person, paidUntil)
}

/** Somebody who came by an advertisement is answered: in time, everything is free of charge from now on. */
function beginFreeEntry(number: BusinessNumber, { person, at, type }: StoredMessage): void {
  const cameAt = number.entries.get(person)
  const isFree = at < (number.freeEntries.get(person) ?? 0)
  if (cameAt === undefined || isFree || type === 'reaction') return
  number.entries.delete(person)
  if (at - cameAt <= DAY_MS) number.freeEntries.set(person, at + FREE_ENTRY_MS)
}

function contentOf(type: string, content: unknown): Record<string, unknown> {
  if (type === 'contacts') return { list: content }
  return isRecord(content) ? { ...content } : {}
}

function store(
  env: BusinessEnvironment,
  number: BusinessNumber,
  o: {
    type: string
    content: Record<string, unknown>
    recipient: Recipient
    body: Record<string, unknown>
  },
): StoredMessage {
  const { type, content, recipient, body } = o
  const data = body['biz_opaque_callback_data']
  const message: StoredMessage = {
    id: newMessageId(env.random),
    direction: 'out',
    person: recipient.person ?? recipient.stranger(),
    type,
    content,
    at: env.now(),
    quotedId: quotedIn(number, body['context']),
    status: 'accepted',
    failedWith: null,
    callbackData: typeof data === 'string' ? data : null,
    isRead: false,
    isRevoked: false,
    byNumber: !recipient.isById,
    category: type === 'template' ? categoryOf(number, content) : null,
  }
  number.keep(message)
  if (!recipient.isById && recipient.person !== null) noteInteraction(number, recipient.person, env.now())
  if (number.state.isHeldByAgent) {
    // Whoever sends takes the chats over.
    number.state.isHeldByAgent = false
  }
  return message
}

/** Throws `GraphError` for a message that this number does not know. */
function quotedIn(number: BusinessNumber, context: unknown): string | null {
  if (!isRecord(context)) return null
  const id = context['message_id']
  if (typeof id !== 'string' || number.message(id) === undefined)
    throw new GraphError(131009, { details: `Invalid context message_id ${String(id)}` })
  return id
}

function categoryOf(number: BusinessNumber, { name }: Record<string, unknown>): string {
  const template = number.account.templates.find((each) => each.name === name)
  return template?.category.toLowerCase() ?? 'utility'
}

function answer({ person, isById, input }: Recipient, message: StoredMessage): object {
  const contact = {
    input,
    ...(isById ? { user_id: input } : { wa_id: person?.waId ?? input.replaceAll(/\D/g, '') }),
  }
  return {
    messaging_product: 'whatsapp',
    contacts: [contact],
    messages: [{ id: message.id, ...(message.type === 'template' ? { message_status: 'accepted' } : {}) }],
  }
}
