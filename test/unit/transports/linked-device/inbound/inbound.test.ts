import { proto, type WAMessage } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import { toIncomingMessage } from '../../../../../src/transports/linked-device/inbound/inbound.ts'

const ME = { id: '15550000001:3@s.whatsapp.net', lid: '77000001:3@lid' }
const GROUP = '120363000000000001@g.us'
const known = { lidOf: () => null, numberOf: () => null, ownNumber: '15550000001', isChanged: () => false }
const { MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type

function received(message: proto.IMessage | null, key: Partial<WAMessage['key']> = {}) {
  const complete = {
    key: { remoteJid: GROUP, participant: '15550000002@s.whatsapp.net', id: 'A1', ...key },
    message,
    messageTimestamp: 1_790_000_000,
  }
  return toIncomingMessage(complete, { me: ME, known, polls: { find: () => [] }, arrival: 'live' })
}

describe('toIncomingMessage', () => {
  it.each<[string, proto.IMessage, string | null, string | null]>([
    ['a photo', { imageMessage: { caption: 'us' } }, 'us', 'photo'],
    ['a place', { locationMessage: { name: 'Café' } }, '[location] Café', null],
    [
      'a poll',
      { pollCreationMessage: { name: 'Lunch?', options: [{ optionName: 'yes' }] } },
      '[poll] Lunch?\n- yes',
      null,
    ],
    [
      'a message shown once',
      { viewOnceMessageV2: { message: { imageMessage: {} } } },
      null,
      'view-once photo',
    ],
    ['text in a disappearing chat', { ephemeralMessage: { message: { conversation: 'hi' } } }, 'hi', null],
    ['something else', { sendPaymentMessage: {} }, null, 'sendPayment'],
  ])('tells what is quoted: %s', (_case, quotedMessage, text, what) => {
    const contextInfo = { stanzaId: 'Q1', participant: '2@lid', quotedMessage }
    expect(received({ extendedTextMessage: { text: 'look', contextInfo } })?.content).toEqual({
      kind: 'message',
      parts: [{ kind: 'text', text: 'look' }],
      quoted: { id: 'Q1', text, what, author: '2@lid' },
    })
    expect(received({ audioMessage: { ptt: true, contextInfo } })?.content).toMatchObject({
      quoted: { id: 'Q1', text, what },
    })
  })

  it.each([
    ['a device of a person', '15550000003:7@s.whatsapp.net', '+15550000003'],
    ['the account by its LID', '77000001@lid', '+15550000001'],
    ['a person without a known number', '88000001:2@lid', '88000001@lid'],
    ['nobody', null, null],
    ['no person', '123@bot', null],
  ])('tells who wrote what is quoted: %s', (_case, participant, author) => {
    const contextInfo = { stanzaId: 'Q1', participant, quotedMessage: { conversation: 'hi' } }
    expect(received({ extendedTextMessage: { text: 'look', contextInfo } })?.content).toMatchObject({
      quoted: { author },
    })
  })

  it('describes a file as its sender does', () => {
    const content = received({
      documentMessage: {
        fileName: 'bill\n\u202Efdp.exe',
        mimetype: 'application/pdf',
        fileLength: 1_234,
        caption: 'right?',
      },
    })?.content
    expect(content).toMatchObject({
      parts: [
        {
          kind: 'attachment',
          text: '[document "bill fdp.exe"]',
          file: {
            kind: 'document',
            what: 'document "bill fdp.exe"',
            name: 'bill fdp.exe',
            mimeType: 'application/pdf',
            size: 1_234,
          },
        },
        { kind: 'text', text: 'right?' },
      ],
    })
  })

  it('takes the changed words of a photo with what it is', () => {
    const protocolMessage = {
      key: { id: 'P1' },
      type: MESSAGE_EDIT,
      editedMessage: { imageMessage: { caption: 'better' } },
    }
    expect(received({ editedMessage: { message: { protocolMessage } } })?.content).toEqual({
      kind: 'edit',
      targetId: 'P1',
      parts: [
        {
          kind: 'attachment',
          text: '[photo]',
          file: { kind: 'image', what: 'photo', name: null, mimeType: null, size: null },
        },
        { kind: 'text', text: 'better' },
      ],
    })
  })

  it('notices a message that WhatsApp keeps from linked devices', () => {
    const direct = { remoteJid: '15550000002@s.whatsapp.net', participant: null, isViewOnce: true }
    expect(received(null, direct)?.content).toEqual({ kind: 'unsupported', what: 'viewOnce' })
  })

  it.each<[string, proto.IMessage | null]>([
    ['the key of a sender', { senderKeyDistributionMessage: { groupId: GROUP } }],
    ['the frame of an album', { albumMessage: { expectedImageCount: 3 } }],
    ['a vote', { pollUpdateMessage: {} }],
    ['an answer to an event', { encEventResponseMessage: {} }],
    ['a change of a planned call', { scheduledCallEditMessage: {} }],
    ['a comment', { encCommentMessage: {} }],
    ['a question about stickers', { stickerSyncRmrMessage: {} }],
    ['a timer', { protocolMessage: { type: proto.Message.ProtocolMessage.Type.EPHEMERAL_SETTING } }],
    ['nothing', null],
  ])('is no message of a person: %s', (_what, message) => {
    expect(received(message)).toBeNull()
  })
})
