import type { proto } from '@whiskeysockets/baileys'
import { numberedChoices } from '../../../messaging/choices.ts'
import type { OutgoingContact, OutgoingFile, OutgoingPart } from '../../../messaging/outgoing-message.ts'

/** Where WhatsApp keeps a file that was uploaded, and what opens it. */
export interface UploadedFile {
  url: string
  directPath: string
  mediaKey: Uint8Array
  fileSha256: Uint8Array
  fileEncSha256: Uint8Array
  /** Seconds since 1970. */
  mediaKeyTimestamp: number
}

/**
 * What a message says, as WhatsApp's apps write it. `context`: what it quotes, and how long it is shown. `uploaded`: where its file is,
 * of a part that has one.
 */
export function messageBody(
  part: OutgoingPart,
  context: proto.IContextInfo | null,
  uploaded: UploadedFile | null,
): proto.IMessage {
  const contextInfo = context === null ? {} : { contextInfo: context }
  switch (part.kind) {
    case 'text':
    // What only numbers of the other kind have, of an account that was one: its words.
    case 'template':
    case 'number-request':
      return textMessage(part.text, context)
    case 'choices':
      return textMessage(numberedChoices(part.text, part.choices), context)
    case 'file':
      if (uploaded === null) throw new Error('a file that is not uploaded cannot be sent')
      return fileMessage(part, uploaded, contextInfo)
    case 'location': {
      const { latitude: degreesLatitude, longitude: degreesLongitude, name, address } = part
      return { locationMessage: { degreesLatitude, degreesLongitude, name, address, ...contextInfo } }
    }
    case 'contact':
      return { contactMessage: { ...contactCard(part), ...contextInfo } }
    case 'contacts': {
      const displayName = `${part.contacts.length} contacts`
      return {
        contactsArrayMessage: { displayName, contacts: part.contacts.map(contactCard), ...contextInfo },
      }
    }
    case 'poll':
      return pollMessage(part, contextInfo)
  }
}

function textMessage(text: string, context: proto.IContextInfo | null): proto.IMessage {
  return context === null ? { conversation: text } : { extendedTextMessage: { text, contextInfo: context } }
}

function contactCard(contact: OutgoingContact): { displayName: string; vcard: string } {
  return { displayName: contact.name, vcard: vcardOf(contact) }
}

type ContextInfo = { contextInfo?: proto.IContextInfo }

function fileMessage(
  { file, text }: Extract<OutgoingPart, { kind: 'file' }>,
  uploaded: UploadedFile,
  contextInfo: ContextInfo,
): proto.IMessage {
  const { kind, mimeType: mimetype, size: fileLength, name, width, height, loops } = file
  const common = { ...uploaded, mimetype, fileLength, ...contextInfo }
  const caption = text === '' ? {} : { caption: text }
  const extent = width === undefined || height === undefined ? {} : { width, height }
  switch (kind) {
    case 'image':
      return { imageMessage: { ...common, ...caption, ...extent } }
    case 'video':
      return {
        videoMessage: {
          ...common,
          ...caption,
          ...extent,
          ...lengthOf(file),
          ...(loops === true && { gifPlayback: true }),
        },
      }
    case 'sticker':
      return {
        stickerMessage: { ...common, ...extent, ...(file.isAnimated === true && { isAnimated: true }) },
      }
    case 'voice':
      return { audioMessage: { ...common, ...lengthOf(file), ...waveformOf(file), ptt: true } }
    case 'audio':
      return { audioMessage: { ...common, ...lengthOf(file), ptt: false } }
    case 'document': {
      const documentMessage = { ...common, ...caption, fileName: name, title: name }
      if (text === '') return { documentMessage }
      return { documentWithCaptionMessage: { message: { documentMessage } } }
    }
  }
}

function lengthOf({ seconds }: OutgoingFile): { seconds?: number } {
  return seconds === undefined ? {} : { seconds: Math.max(1, Math.round(seconds)) }
}

function waveformOf({ waveform }: OutgoingFile): { waveform?: Uint8Array } {
  return waveform === undefined ? {} : { waveform: Uint8Array.from(waveform) }
}

/** As WhatsApp's apps do: a poll in which one answer is chosen has a message of its own (Baileys rc14 `generateWAMessageContent`). */
function pollMessage(
  { question, options, choices, secret }: Extract<OutgoingPart, { kind: 'poll' }>,
  contextInfo: ContextInfo,
): proto.IMessage {
  const poll = {
    name: question,
    options: options.map((optionName) => ({ optionName })),
    selectableOptionsCount: choices,
    ...contextInfo,
  }
  return {
    messageContextInfo: { messageSecret: Buffer.from(secret, 'base64') },
    ...(choices === 1 ? { pollCreationMessageV3: poll } : { pollCreationMessage: poll }),
  }
}

/** `waid` makes the phone offer to write to the number (Baileys' README, whatsmeow). */
function vcardOf({ name, phoneNumbers }: OutgoingContact): string {
  const shown = escaped(name)
  return [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `N:;${shown};;;`,
    `FN:${shown}`,
    ...phoneNumbers.map((number) => `TEL;type=CELL;waid=${number.replace(/\D/g, '')}:${escaped(number)}`),
    'END:VCARD',
  ].join('\n')
}

/** Nothing in a value begins another line or field (RFC 6350, 3.4). */
function escaped(value: string): string {
  return value.replace(/[\\,;]/g, String.raw`\$&`).replace(/[\r\n]+/g, ' ')
}
