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
  return toIncomingMessage(complete, { me: ME, known, arrival: 'live' })
}

describe('toIncomingMessage', () => {
  it.each<[string, proto.IMessage, string | null]>([
    ['a photo', { imageMessage: { caption: 'us' } }, '[photo]\nus'],
    ['a place', { locationMessage: { name: 'Café' } }, '[location] Café'],
    [
      'a poll',
      { pollCreationMessage: { name: 'Lunch?', options: [{ optionName: 'yes' }] } },
      '[poll] Lunch?\n- yes',
    ],
    ['a message shown once', { viewOnceMessageV2: { message: { imageMessage: {} } } }, '[view-once photo]'],
    ['text in a disappearing chat', { ephemeralMessage: { message: { conversation: 'hi' } } }, 'hi'],
    ['something else', { sendPaymentMessage: {} }, null],
  ])('tells what is quoted: %s', (_what, quotedMessage, text) => {
    const contextInfo = { stanzaId: 'Q1', participant: '2@lid', quotedMessage }
    expect(received({ extendedTextMessage: { text: 'look', contextInfo } })?.content).toEqual({
      kind: 'message',
      parts: [{ kind: 'text', text: 'look' }],
      quoted: { id: 'Q1', text },
    })
    expect(received({ audioMessage: { ptt: true, contextInfo } })?.content).toMatchObject({
      quoted: { id: 'Q1', text },
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
        { kind: 'attachment', text: '[photo]' },
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
