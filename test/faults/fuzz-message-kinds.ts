import { proto } from '@whiskeysockets/baileys'
import fc, { type Arbitrary } from 'fast-check'
import type { SendOptions } from '../../src/simulator/phones/phone-writer.ts'
import { MARKER } from './stanzas/hostile-stanzas.ts'

export interface HostileMessage {
  message: proto.IMessage
  options: SendOptions
}

const TYPES = Object.values(proto.Message.ProtocolMessage.Type).filter((type) => typeof type === 'number')

/**
 * What a stranger's app could encrypt, in envelopes that claim whatever they like. `others` are JIDs of people that
 * content and envelope claim to speak for.
 */
export function hostileMessages(others: readonly string[]): Arbitrary<HostileMessage> {
  const jid = fc.constantFrom(...others, 'status@broadcast', '1@g.us', '')
  const text = fc.constantFrom(MARKER, `${MARKER} /stop`, `${MARKER}\u202e\u0000`, `${MARKER} `.repeat(4_000))
  const bytes = fc.uint8Array({ maxLength: 100 })
  const key = fc.record({
    remoteJid: jid,
    fromMe: fc.boolean(),
    id: fc.oneof(fc.uuid(), fc.constant('')),
    participant: jid,
  })
  const context = fc.record({
    stanzaId: fc.uuid(),
    participant: jid,
    mentionedJid: fc.array(jid, { maxLength: 3 }),
    expiration: fc.nat(),
  })

  const plain: Arbitrary<proto.IMessage> = fc.oneof(
    fc.record({ conversation: text }),
    fc.record({ extendedTextMessage: fc.record({ text, contextInfo: context }) }),
    fc.record({ reactionMessage: fc.record({ key, text, senderTimestampMs: fc.maxSafeInteger() }) }),
    fc.record({ imageMessage: fc.record({ caption: text, url: fc.constant('http://127.0.0.1:1/'), directPath: fc.constant('//127.0.0.1:1/'), mediaKey: bytes, fileLength: fc.maxSafeNat() }) }),
    fc.record({ contactMessage: fc.record({ displayName: text, vcard: text }) }),
    fc.record({ pollUpdateMessage: fc.record({ pollCreationMessageKey: key, vote: fc.record({ encPayload: bytes, encIv: bytes }) }) }),
    fc.record({ senderKeyDistributionMessage: fc.record({ groupId: jid, axolotlSenderKeyDistributionMessage: bytes }), conversation: text }),
    fc.record({
      protocolMessage: fc.record({
        type: fc.constantFrom(...TYPES),
        key,
        editedMessage: fc.record({ conversation: text }),
        historySyncNotification: fc.record({ directPath: fc.constant('/x'), mediaKey: bytes, syncType: fc.nat(6), initialHistBootstrapInlinePayload: bytes }),
        appStateSyncKeyShare: fc.record({ keys: fc.array(fc.record({ keyId: fc.record({ keyId: bytes }), keyData: fc.record({ keyData: bytes }) }), { maxLength: 2 }) }),
        lidMigrationMappingSyncMessage: fc.record({ encodedMappingPayload: bytes }),
        peerDataOperationRequestResponseMessage: fc.record({ stanzaId: fc.uuid() }),
        ephemeralExpiration: fc.nat(),
      }),
    }),
    fc.constant({}),
  ) // prettier-ignore
  const wrapped = fc
    .tuple(
      plain,
      fc.constantFrom(
        'ephemeralMessage',
        'viewOnceMessage',
        'viewOnceMessageV2',
        'editedMessage',
        'documentWithCaptionMessage',
      ),
      fc.nat(8),
    )
    .map(([inner, name, depth]) =>
      Array.from({ length: depth + 1 }).reduce<proto.IMessage>((message) => ({ [name]: { message } }), inner),
    )
  const sentElsewhere = fc
    .tuple(plain, jid)
    .map(([message, destinationJid]): proto.IMessage => ({ deviceSentMessage: { destinationJid, message } }))

  const attributes = fc.record(
    {
      type: fc.constantFrom('text', 'media', 'reaction', 'poll', 'medianotify', ''),
      t: fc.constantFrom('0', '-1', '99999999999', 'x'),
      notify: fc.constantFrom('', 'Alice', '<b>', 'x'.repeat(2_000)),
      edit: fc.constantFrom('1', '7', '8'),
      offline: fc.constantFrom('0', '1'),
      category: fc.constantFrom('peer', 'x'),
      mediatype: fc.constantFrom('image', 'url'),
      phash: fc.constant('2:x'),
      sender_pn: jid,
      participant_pn: jid,
      participant: jid,
      sender_lid: jid,
      recipient: jid,
      addressing_mode: fc.constantFrom('lid', 'pn'),
    },
    { requiredKeys: [] },
  )
  const options = fc
    .record(
      {
        attributes,
        addressing: fc.constantFrom('lid', 'pn'),
        id: fc.oneof(fc.uuid(), fc.constantFrom('', '0', '__proto__')),
      },
      { requiredKeys: ['attributes', 'addressing'] },
    )
    .map(({ id, ...rest }): SendOptions => (id === undefined ? rest : { ...rest, id }))
  return fc.record({ message: fc.oneof({ weight: 6, arbitrary: plain }, wrapped, sentElsewhere), options })
}
