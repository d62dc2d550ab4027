import { normalizeMessageContent, type proto } from '@whiskeysockets/baileys'
import { readContent } from './message-content.ts'

type Named = (message: proto.IMessage) => string

/** The `mediatype` of what WhatsApp counts as media: files, and what is shown as a card. */
const MEDIA_TYPES: Partial<Record<keyof proto.IMessage, string | Named>> = {
  imageMessage: 'image',
  videoMessage: ({ videoMessage }) => (videoMessage?.gifPlayback ? 'gif' : 'video'),
  ptvMessage: 'ptv',
  audioMessage: ({ audioMessage }) => (audioMessage?.ptt ? 'ptt' : 'audio'),
  documentMessage: 'document',
  stickerMessage: 'sticker',
  locationMessage: 'location',
  liveLocationMessage: 'livelocation',
  contactMessage: 'vcard',
  contactsArrayMessage: 'contact_array',
  listMessage: 'list',
  listResponseMessage: 'list_response',
  buttonsResponseMessage: 'buttons_response',
  orderMessage: 'order',
  productMessage: 'product',
  interactiveResponseMessage: 'native_flow_response',
  groupInviteMessage: 'url',
}

const POLLS = [
  'pollCreationMessage',
  'pollCreationMessageV2',
  'pollCreationMessageV3',
  'pollUpdateMessage',
] as const

/**
 * What the envelope of a message tells the server, which cannot read it: `type` and `edit` of the stanza, `mediatype` of each
 * ciphertext. Source: whatsmeow (`getTypeFromMessage`, `getMediaTypeFromMessage`), Baileys rc14; `location` is inferred.
 */
export function stanzaKind(message: proto.IMessage): {
  type: string
  edit: string | undefined
  mediatype: string | undefined
} {
  const { reaction, edit, revoke } = readContent(message)
  const plain = { edit: undefined, mediatype: undefined }
  if (reaction !== undefined) return { ...plain, type: 'reaction' }
  if (edit !== undefined) return { ...plain, type: 'text', edit: '1' }
  if (revoke !== undefined) return { ...plain, type: 'text', edit: revoke.isOwn ? '7' : '8' }
  const content = normalizeMessageContent(message) ?? {}
  if (POLLS.some((kind) => content[kind])) return { ...plain, type: 'poll' }
  if (content.eventMessage) return { ...plain, type: 'event' }
  const mediatype = mediaTypeOf(content)
  return { ...plain, type: mediatype === undefined ? 'text' : 'media', mediatype }
}

function mediaTypeOf(content: proto.IMessage): string | undefined {
  for (const kind of Object.keys(MEDIA_TYPES) as (keyof typeof MEDIA_TYPES)[]) {
    const named = content[kind] ? MEDIA_TYPES[kind] : undefined
    if (named !== undefined) return typeof named === 'string' ? named : named(content)
  }
  return undefined
}
