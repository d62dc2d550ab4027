import type { ContentPart, FileDescription } from '../../../messaging/content.ts'
import { describeChoice } from '../../../text/description/choice.ts'
import { filePart } from '../../../text/description/file-part.ts'
import { joined, line, listed, quoted, words } from '../../../text/description/part-texts.ts'
import { placePart } from '../../../text/description/place.ts'
import { describeSharedContacts } from './description/shared-contacts.ts'
import { describeForm } from './description/form.ts'
import { describeOrder } from './description/order.ts'
import { type Fields, fieldsOf, listOf, numberIn, textIn } from './fields.ts'
import { toMediaSource } from './to-media-source.ts'

type Parts = (ContentPart | null)[]

/** What is said of one kind of message, by the object that its `type` names. */
const DESCRIPTIONS: Readonly<Record<string, (content: Fields) => Parts>> = {
  text: ({ body }) => [words(textIn(body))],
  image: (content) => [file('image', 'photo', content), words(textIn(content['caption']))],
  video: (content) => [file('video', 'video', content), words(textIn(content['caption']))],
  audio: (content) => [file('audio', content['voice'] === true ? 'voice message' : 'audio file', content)],
  // Older payloads have it beside `audio`.
  voice: (content) => [file('audio', 'voice message', content)],
  document: (content) => [
    file('document', `document${quoted(textIn(content['filename']))}`, content),
    words(textIn(content['caption'])),
  ],
  sticker: (content) => [file('image', 'sticker', content)],
  location: ({ latitude, longitude, name, address, url }) => [
    placePart({
      latitude: numberIn(latitude),
      longitude: numberIn(longitude),
      name: textIn(name),
      address: textIn(address),
      url: textIn(url),
      isLive: false,
      accuracy: null,
    }),
  ],
  button: ({ payload, text }) => describeChoice(textIn(payload), textIn(text)),
  interactive: describeAnswer,
  order: describeOrder,
}

/**
 * What a message says, in words: its text, what it holds besides, what its files are, and what WhatsApp says of how it came. Empty for kinds
 * of which nothing can be said. Source: Meta, `webhooks/reference/messages`.
 */
export function describeBusinessMessage(message: Fields): ContentPart[] {
  const type = textIn(message['type']) ?? ''
  if (type === 'contacts') return said([...describeSharedContacts(listOf(message['contacts']))])
  const describe = Object.hasOwn(DESCRIPTIONS, type) ? DESCRIPTIONS[type] : undefined
  const parts = said(describe?.(fieldsOf(message[type])) ?? [])
  return parts.length === 0 ? [] : [...parts, ...said(describeRiders(message))]
}

function describeAnswer(content: Fields): Parts {
  const type = textIn(content['type']) ?? ''
  const answer = fieldsOf(content[type])
  switch (type) {
    case 'button_reply':
    case 'list_reply':
      return describeChoice(textIn(answer['id']), textIn(answer['title']))
    case 'nfm_reply':
      return describeForm(answer)
    case 'call_permission_reply':
      return [words(joined('[answer about calls]', [line(textIn(answer['response']))]))]
    default:
      return []
  }
}

/** What came with any message: that it was forwarded, an ad that the person came from, a thing of the catalogue that it is about. */
function describeRiders(message: Fields): Parts {
  const context = fieldsOf(message['context'])
  const referral = fieldsOf(message['referral'])
  const product = textIn(fieldsOf(context['referred_product'])['product_retailer_id'])
  const ad = [textIn(referral['headline']), textIn(referral['body']), textIn(referral['source_url'])].map(
    line,
  )
  const isOften = context['frequently_forwarded'] === true
  return [
    product === null ? null : words(`[about the product ${line(product)}]`),
    Object.keys(referral).length === 0
      ? null
      : words(
          listed(
            `[came from ${referral['source_type'] === 'post' ? 'a post' : 'an ad'}]`,
            ad.filter(Boolean),
          ),
        ),
    isOften || context['forwarded'] === true
      ? words(isOften ? '[forwarded many times]' : '[forwarded]')
      : null,
  ]
}

function file(kind: FileDescription['kind'], what: string, content: Fields): ContentPart {
  const told = { kind, what, name: textIn(content['filename']), mimeType: textIn(content['mime_type']) }
  return filePart({ ...told, size: numberIn(content['file_size']) }, toMediaSource(content))
}

function said(parts: Parts): ContentPart[] {
  return parts.filter((part) => part !== null)
}
