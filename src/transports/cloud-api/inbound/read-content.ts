import type { IncomingContent, QuotedMessage } from '../../../messaging/content.ts'
import { numberFrom } from '../identity/business-address.ts'
import { describeBusinessMessage } from './describe-business-message.ts'
import { type Fields, fieldsOf, listOf, numberIn, textIn } from './fields.ts'

/** What clients do beside writing: nothing that a person says. */
const SILENT: ReadonlySet<string> = new Set([
  'edit',
  'errors',
  'keep_in_chat',
  'pin',
  'poll_update',
  'reaction',
  'request_welcome',
])
/** WhatsApp shows no business what is shown once, nor what came before it was ready to. */
const UNAVAILABLE = 131_060

/**
 * What a message is, in our words; `null` for what no person wrote. Kinds that are not known are `unsupported`. Source: Meta,
 * `webhooks/reference/messages`.
 */
export function readBusinessContent(message: Fields): IncomingContent | null {
  const type = textIn(message['type']) ?? 'unknown'
  switch (type) {
    case 'reaction': {
      const { message_id: target, emoji } = fieldsOf(message['reaction'])
      return { kind: 'reaction', emoji: textIn(emoji) ?? '', targetId: textIn(target) ?? '' }
    }
    case 'edit':
      return readEdit(fieldsOf(message['edit']))
    case 'revoke': {
      const targetId = textIn(fieldsOf(message['revoke'])['original_message_id'])
      return targetId === null ? null : { kind: 'revoke', targetId }
    }
    case 'unsupported':
    case 'unknown':
      return unsupported(whatIsUnsupported(message))
    case 'request_welcome':
    case 'system':
      return null
    default: {
      const parts = describeBusinessMessage(message)
      return parts.length === 0 ? unsupported(type) : { kind: 'message', parts, quoted: quoteIn(message) }
    }
  }
}

function readEdit({ original_message_id: target, message }: Fields): IncomingContent | null {
  const targetId = textIn(target)
  const parts = describeBusinessMessage(fieldsOf(message))
  return targetId === null || parts.length === 0 ? null : { kind: 'edit', parts, targetId }
}

function whatIsUnsupported(message: Fields): string {
  const named = textIn(fieldsOf(message['unsupported'])['type'])
  if (named !== null) return named
  const isUnavailable = listOf(message['errors']).some(({ code }) => numberIn(code) === UNAVAILABLE)
  return isUnavailable ? 'unavailable' : 'unknown'
}

function unsupported(what: string): IncomingContent | null {
  return SILENT.has(what) ? null : { kind: 'unsupported', what }
}

/** WhatsApp names the message that is answered, and not its words. */
function quoteIn(message: Fields): QuotedMessage | null {
  const { id, from } = fieldsOf(message['context'])
  const quoted = textIn(id)
  if (quoted === null) return null
  return { id: quoted, text: null, author: numberFrom(from) }
}
