import { proto } from '@whiskeysockets/baileys'
import { beforeAll, describe, expect, it } from 'vitest'
import { shownText, textOf } from '../../../../../src/messaging/content.ts'
import { describeMessage } from '../../../../../src/transports/linked-device/inbound/describe-message.ts'
import { loadCardReader } from '../../../../../src/transports/linked-device/inbound/description/read-cards.ts'
import { addresses, contextOf } from '../../../../../src/transports/linked-device/inbound/message-context.ts'
import { unwrapMessage } from '../../../../../src/transports/linked-device/inbound/unwrap-message.ts'

beforeAll(() => loadCardReader(Buffer.from('BEGIN:VCARD')))

const { DISPLAY_TEXT } = proto.Message.ButtonsResponseMessage.Type
const ME = { id: '15550000001:3@s.whatsapp.net', lid: '77000001:3@lid' }
/** As it comes from the wire. */
const decoded = (message: proto.IMessage): proto.IMessage =>
  proto.Message.decode(proto.Message.encode(proto.Message.fromObject(message)).finish())
const shown = (message: proto.IMessage): string => shownText(describeMessage(unwrapMessage(decoded(message))))

describe('describeMessage', () => {
  it.each<[string, proto.IMessage, string]>([
    ['text', { conversation: 'hello' }, 'hello'],
    ['a photo', { imageMessage: {} }, '[photo]'],
    ['a photo with words', { imageMessage: { caption: 'look' } }, '[photo]\nlook'],
    ['a video', { videoMessage: { seconds: 1, caption: 'x' } }, '[video, 1 second]\nx'],
    ['a GIF', { videoMessage: { gifPlayback: true } }, '[GIF]'],
    ['a round video', { ptvMessage: { seconds: 5 } }, '[video, 5 seconds]'],
    ['a voice message', { audioMessage: { ptt: true, seconds: 12 } }, '[voice message, 12 seconds]'],
    ['an audio file', { audioMessage: {} }, '[audio file]'],
    ['a document', { documentMessage: { fileName: 'a.pdf' } }, '[document "a.pdf"]'],
    [
      'a document with words',
      { documentWithCaptionMessage: { message: { documentMessage: { title: 'a', caption: 'read it' } } } },
      '[document "a"]\nread it',
    ],
    ['a sticker', { stickerMessage: {} }, '[sticker]'],
    ['a moving sticker', { lottieStickerMessage: { message: { stickerMessage: {} } } }, '[sticker]'],
    [
      'a place',
      {
        locationMessage: {
          name: 'Café',
          address: 'Main St 1',
          degreesLatitude: 52.5,
          degreesLongitude: 13.25,
        },
      },
      '[location] Café, Main St 1, 52.5, 13.25',
    ],
    [
      'a live place',
      { liveLocationMessage: { degreesLatitude: 0, degreesLongitude: 0, caption: 'on my way' } },
      '[live location] 0, 0\non my way',
    ],
    [
      'a contact',
      { contactMessage: { displayName: 'Ann', vcard: 'BEGIN:VCARD\nitem1.TEL;waid=1:+1 555\nEND:VCARD' } },
      '[contact] Ann, +1 555',
    ],
    [
      'contacts',
      { contactsArrayMessage: { contacts: [{ displayName: 'A' }, { displayName: 'B' }] } },
      '[contacts]\n- A\n- B',
    ],
    ...(
      [
        'pollCreationMessage',
        'pollCreationMessageV2',
        'pollCreationMessageV3',
        'pollCreationMessageV5',
      ] as const
    ).map((kind): [string, proto.IMessage, string] => [
      kind,
      { [kind]: { name: 'Lunch?', options: [{ optionName: 'yes' }, { optionName: 'no' }] } },
      '[poll] Lunch?\n- yes\n- no',
    ]),
    [
      'a poll of the fourth kind',
      { pollCreationMessageV4: { message: { pollCreationMessage: { name: 'Lunch?', options: [] } } } },
      '[poll] Lunch?',
    ],
    [
      'an event',
      {
        eventMessage: {
          name: 'Party',
          startTime: 1_790_000_000,
          location: { name: 'Home' },
          description: 'Come!',
        },
      },
      '[event] Party, 2026-09-21T14:13:20.000Z, Home\nCome!',
    ],
    ['an invitation', { groupInviteMessage: { groupName: 'Family' } }, '[invitation to the group "Family"]'],
    ['a choice', { listResponseMessage: { title: 'Pizza' } }, 'Pizza'],
    ['a button', { buttonsResponseMessage: { selectedDisplayText: 'Yes', type: DISPLAY_TEXT } }, 'Yes'],
    ['a template button', { templateButtonReplyMessage: { selectedDisplayText: 'Yes' } }, 'Yes'],
    ['a product', { productMessage: { product: { title: 'Hat' }, body: 'nice' } }, '[product] Hat\nnice'],
    ['a comment', { commentMessage: { message: { conversation: 'first' } } }, 'first'],
    [
      'one that disappears',
      { ephemeralMessage: { message: { extendedTextMessage: { text: 'soon gone' } } } },
      'soon gone',
    ],
    [
      'one shown once',
      {
        ephemeralMessage: {
          message: { viewOnceMessageV2: { message: { imageMessage: { caption: 'psst' } } } },
        },
      },
      '[view-once photo]\npsst',
    ],
    [
      'one marked as shown once',
      { audioMessage: { ptt: true, viewOnce: true } },
      '[view-once voice message]',
    ],
    ['a payment', { requestPaymentMessage: { currencyCodeIso4217: 'EUR' } }, ''],
    ['nothing', {}, ''],
  ])('%s', (_what, message, expected) => {
    expect(shown(message)).toBe(expected)
  })

  it('tells words from what only names a file', () => {
    const parts = describeMessage(unwrapMessage({ imageMessage: { caption: 'look' } }))
    expect(textOf(parts)).toBe('look')
    expect(textOf(describeMessage(unwrapMessage({ audioMessage: { ptt: true } })))).toBe('')
  })

  it('keeps a name from outside in its line', () => {
    expect(shown({ documentMessage: { fileName: 'a\n[photo]\u202E.pdf' } })).toBe(
      '[document "a [photo].pdf"]',
    )
  })
})

describe('the context of a message', () => {
  const context = { mentionedJid: ['15550000001@s.whatsapp.net'] }
  const carries = (kind: string): boolean => contextOf(decoded({ [kind]: { contextInfo: context } })) !== null
  /** The kinds of message that may carry a context, by the protocol's own description. */
  const kinds = Object.keys(proto.Message.prototype).filter((kind) => {
    try {
      return /Message/.test(kind) && carries(kind)
    } catch {
      return false
    }
  })

  it('is found in more than twenty kinds', () => {
    expect(kinds).toEqual(
      expect.arrayContaining([
        'imageMessage',
        'audioMessage',
        'stickerMessage',
        'pollCreationMessageV3',
        'ptvMessage',
      ]),
    )
    expect(kinds.length).toBeGreaterThan(20)
  })

  it.each(kinds)('addresses the account by a mention or an answer: %s', (kind) => {
    const answer = { stanzaId: 'A1', participant: '77000001@lid', quotedMessage: { conversation: 'x' } }
    for (const contextInfo of [context, answer]) {
      const plain = { [kind]: { contextInfo } }
      for (const message of [plain, { ephemeralMessage: { message: plain } }]) {
        expect(addresses(contextOf(unwrapMessage(decoded(message)).body), ME)).toBe(true)
      }
    }
    const other = {
      [kind]: { contextInfo: { mentionedJid: ['1@lid'], stanzaId: 'A1', participant: '2@lid' } },
    }
    expect(addresses(contextOf(unwrapMessage(decoded(other)).body), ME)).toBe(false)
  })
})
