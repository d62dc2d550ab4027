import type { BusinessEnvironment } from '../business-environment.ts'
import { GraphError } from '../graph/graph-error.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import type { Recipient } from './recipient.ts'

/** Why an accepted message does not reach anybody; `null` where it does. Meta tells it by webhook, or at once. */
export function lateProblem(
  env: BusinessEnvironment,
  number: BusinessNumber,
  o: { type: string; content: Record<string, unknown>; recipient: Recipient },
): GraphError | null {
  const { person } = o.recipient
  if (person === null) return new GraphError(131026, { details: 'Message Undeliverable.' })
  if (number.blocked.has(person)) return new GraphError(130403)
  if (!number.account.hasPayment)
    return new GraphError(131042, {
      details: 'Message failed to send because there were one or more errors related to your payment method.',
    })
  const media = typeof o.content['problem'] === 'string' ? o.content['problem'] : null
  if (media !== null) return new GraphError(131053, { details: media })
  const isOpen = (number.windows.get(person) ?? 0) > env.now()
  if (o.type !== 'template' && !isOpen)
    return new GraphError(131047, {
      details:
        'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
    })
  return null
}
