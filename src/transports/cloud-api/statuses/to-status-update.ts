import type { MessagePrice, MessageStatusUpdate } from '../../../messaging/outcome.ts'
import { type Fields, fieldsOf, textIn, timeIn } from '../inbound/fields.ts'
import { errorInStatus } from './error-in-status.ts'

/** In our words what Meta's code means: what happened, and what a person can do. */
export type SentenceOf = (problem: { code: number | null; details: string }) => {
  code: string
  message: string
}

/** A status of a message of ours; `null` for a kind that is not known. Source: Meta, `webhooks/reference/messages/status`. */
export function toStatusUpdate(status: Fields, sentenceOf: SentenceOf): MessageStatusUpdate | null {
  const remoteId = textIn(status['id'])
  if (remoteId === null) return null
  const price = priceIn(fieldsOf(status['pricing']))
  const at = timeIn(status['timestamp'])
  const ids = {
    remoteId,
    localId: textIn(status['biz_opaque_callback_data']),
    ...(price && { price }),
    ...(at !== null && { at: new Date(at) }),
  }
  switch (status['status']) {
    case 'sent':
    case 'delivered':
    case 'read':
    case 'played':
      return { ...ids, status: status['status'] }
    case 'failed':
      return { ...ids, status: 'failed', ...sentenceOf(errorInStatus(status)) }
    default:
      return null
  }
}

function priceIn(pricing: Fields): MessagePrice | null {
  const { billable, category, type } = pricing
  const kind = textIn(type)
  if (typeof billable !== 'boolean' && kind === null) return null
  // The first is to go: what is regular costs.
  return {
    isBillable: typeof billable === 'boolean' ? billable : kind === 'regular',
    category: textIn(category),
    type: kind,
  }
}
