import type {
  OutgoingContact,
  OutgoingFile,
  OutgoingMessage,
  OutgoingPart,
} from '../../../messaging/outgoing-message.ts'
import type { SendFailure } from '../../../messaging/outcome.ts'
import { CLOUD_API_CAPABILITIES } from '../capabilities.ts'
import { choicesBody, numberRequestBody } from './choices-body.ts'
import { templateBody } from './template-body.ts'

type Json = Readonly<Record<string, unknown>>

/** What is posted for a message, without its recipient; or why it cannot be said in this way at all. */
type MessageRequest = { ok: true; json: Json } | ({ ok: false } & SendFailure)

const LINK = /https?:\/\/\S/

/** `mediaId`: of the file, where it was uploaded. The local id comes back in every status, and finds a message whose answer was lost. */
export function toRequest({ localId, content }: OutgoingMessage, mediaId: string | null): MessageRequest {
  const common = {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    biz_opaque_callback_data: localId,
  }
  if (content.kind === 'reaction') {
    const reaction = { message_id: content.target.id, emoji: content.emoji }
    return said({ ...common, type: 'reaction', reaction })
  }
  if (content.kind !== 'message')
    return refused('not_supported', 'A Business number cannot change or delete a message that is out.')
  const body = bodyOf(content.part, mediaId)
  if (!body.ok) return body
  const { quote } = content
  const context = quote === undefined ? {} : { context: { message_id: quote.message.id } }
  return said({ ...common, ...context, ...body.json })
}

/** `type`, and what stands under its name. */
function bodyOf(part: OutgoingPart, mediaId: string | null): MessageRequest {
  switch (part.kind) {
    case 'text':
      return textBody(part.text)
    case 'file':
      if (mediaId === null)
        return refused('upload_failed', 'The file could not be handed to WhatsApp. Send it again.')
      return said(fileBody(part.file, part.text, mediaId))
    case 'location': {
      const { latitude, longitude, name, address } = part
      // Unlike in what people send, they are strings.
      const place = { latitude: String(latitude), longitude: String(longitude) }
      const location = { ...place, ...(name !== null && { name }), ...(address !== null && { address }) }
      return said({ type: 'location', location })
    }
    case 'contact':
      return said({ type: 'contacts', contacts: [contactCard(part)] })
    case 'contacts':
      return said({ type: 'contacts', contacts: part.contacts.map(contactCard) })
    case 'choices':
      return said(choicesBody(part.text, part.choices))
    case 'template':
      return said(templateBody(part))
    case 'number-request':
      return said(numberRequestBody(part.text))
    case 'poll':
      return refused('not_supported', 'A Business number cannot send polls. Ask with buttons or a list.')
  }
}

function textBody(text: string): MessageRequest {
  const { textLimit } = CLOUD_API_CAPABILITIES
  if (text.length > textLimit)
    return refused('text_too_long', `A message has at most ${textLimit} characters. Send it in parts.`)
  return said({ type: 'text', text: { body: text, preview_url: LINK.test(text) } })
}

function fileBody({ kind, name }: OutgoingFile, text: string, id: string): Json {
  const caption = text === '' ? {} : { caption: text }
  switch (kind) {
    case 'voice':
      return { type: 'audio', audio: { id, voice: true } }
    case 'audio':
    case 'sticker':
      return { type: kind, [kind]: { id } }
    case 'document':
      return { type: kind, [kind]: { id, filename: name, ...caption } }
    case 'image':
    case 'video':
      return { type: kind, [kind]: { id, ...caption } }
  }
}

/** Besides the whole name Meta asks for one part of it. */
function contactCard({ name, phoneNumbers }: OutgoingContact): Json {
  return {
    name: { formatted_name: name, first_name: name },
    phones: phoneNumbers.map((phone) => ({ phone, type: 'CELL' })),
  }
}

function said(json: Json): MessageRequest {
  return { ok: true, json }
}

function refused(code: string, message: string): MessageRequest {
  return { ok: false, code, message }
}
