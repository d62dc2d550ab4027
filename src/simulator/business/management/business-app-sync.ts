import type { BusinessEnvironment } from '../business-environment.ts'
import { DAY_MS } from '../business-habits.ts'
import { GraphError } from '../graph/graph-error.ts'
import { newLetters } from '../new-id.ts'
import { metadataOf, seconds } from '../people/receive-message.ts'
import type { BusinessNumber } from './business-number.ts'

const KINDS: readonly unknown[] = ['smb_app_state_sync', 'history']

/** `POST /<number>/smb_app_data`: each kind once, within 24 hours of the onboarding. Throws `GraphError`. */
export function syncBusinessApp(
  env: BusinessEnvironment,
  number: BusinessNumber,
  { sync_type: kind }: Record<string, unknown>,
): object {
  if (typeof kind !== 'string' || !KINDS.includes(kind))
    throw new GraphError(100, { details: 'Param sync_type must be smb_app_state_sync or history.' })
  if (!number.state.isOnBusinessApp)
    throw new GraphError(100, { details: 'The phone number is not in the WhatsApp Business app.' })
  if (number.syncs.has(kind))
    throw new GraphError(2593107, { message: '(#2593107) Sync request was made already', status: 400 })
  if (env.now() - number.onboardedAt > DAY_MS)
    throw new GraphError(2593108, {
      message: '(#2593108) Sync request was made more than 24 hours after the onboarding',
      status: 400,
    })
  number.syncs.add(kind)
  if (kind === 'history') pushHistory(env, number)
  else pushContacts(env, number)
  return { messaging_product: 'whatsapp', request_id: newLetters(env.random, 24) }
}

function pushHistory(env: BusinessEnvironment, number: BusinessNumber): void {
  const threads = [...new Set(number.messages.map(({ person }) => person))].map((person) => ({
    id: person.waId,
    context: { wa_id: person.waId, user_id: person.userIdFor(number.account.portfolio) },
    messages: number.messages
      .filter((message) => message.person === person)
      .map((message) => ({
        ...(message.direction === 'in' ? { from: person.waId } : { from: number.digits, to: person.waId }),
        id: message.id,
        timestamp: seconds(message.at),
        type: message.type,
        [message.type]: message.content,
        history_context: { status: message.status.toUpperCase() },
      })),
  }))
  const declined = { code: 2593109, title: 'History sharing is turned off by the business' }
  const history = number.declinesHistory
    ? [{ errors: [{ ...declined, message: declined.title, error_data: { details: declined.title } }] }]
    : [{ metadata: { phase: 0, chunk_order: 1, progress: 100 }, threads }]
  env.webhooks.push({
    account: number.account,
    number,
    field: 'history',
    value: { ...metadataOf(number), history },
  })
}

function pushContacts(env: BusinessEnvironment, number: BusinessNumber): void {
  const people = [...new Set(number.messages.map(({ person }) => person))]
  env.webhooks.push({
    account: number.account,
    number,
    field: 'smb_app_state_sync',
    value: {
      ...metadataOf(number),
      state_sync: people.map((person) => ({
        type: 'contact',
        contact: { full_name: person.name, first_name: person.name, phone_number: person.waId },
        action: 'add',
        metadata: { timestamp: seconds(env.now()) },
      })),
    },
  })
}
