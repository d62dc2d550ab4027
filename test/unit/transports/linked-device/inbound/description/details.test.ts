import { proto } from '@whiskeysockets/baileys'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type MessageDetail,
  messageDetailSchema,
} from '../../../../../../src/protocol/agent/message-detail.ts'
import { describeMessage } from '../../../../../../src/transports/linked-device/inbound/describe-message.ts'
import { loadCardReader } from '../../../../../../src/transports/linked-device/inbound/description/read-cards.ts'
import { unwrapMessage } from '../../../../../../src/transports/linked-device/inbound/unwrap-message.ts'

/** As it comes from the wire. */
const decoded = (message: proto.IMessage): proto.IMessage =>
  proto.Message.decode(proto.Message.encode(proto.Message.fromObject(message)).finish())
const detailsOf = (message: proto.IMessage): MessageDetail[] =>
  describeMessage(unwrapMessage(decoded(message))).flatMap((part) =>
    part.kind === 'text' ? (part.details ?? []) : [],
  )
const place = { name: null, address: null, url: null, isLive: false, accuracy: null }
const card = 'BEGIN:VCARD\nFN:Ann\nTEL;waid=15550001111:+1 555\nEMAIL:a@b.c\nORG:Acme\nEND:VCARD'

beforeAll(() => loadCardReader(Buffer.from('BEGIN:VCARD')))

describe('what a message holds beside words', () => {
  it.each<[string, proto.IMessage, object[]]>([
    [
      'a place',
      {
        locationMessage: {
          name: 'Café',
          address: 'Main St 1',
          degreesLatitude: -90,
          degreesLongitude: 180,
          accuracyInMeters: 12,
        },
      },
      [
        {
          ...place,
          type: 'location',
          latitude: -90,
          longitude: 180,
          name: 'Café',
          address: 'Main St 1',
          accuracy: 12,
        },
      ],
    ],
    ...[
      [91, 0],
      [0, -180.5],
      [Number.NaN, 0],
      [0, Number.POSITIVE_INFINITY],
    ].map(([degreesLatitude = 0, degreesLongitude = 0]): [string, proto.IMessage, object[]] => [
      `a place at ${degreesLatitude}, ${degreesLongitude}`,
      { locationMessage: { degreesLatitude, degreesLongitude, name: 'X' } },
      [{ ...place, type: 'location', latitude: null, longitude: null, name: 'X' }],
    ]),
    [
      'a place that moves',
      { liveLocationMessage: { degreesLatitude: 1, degreesLongitude: 2, accuracyInMeters: 5 } },
      [{ ...place, type: 'location', latitude: 1, longitude: 2, isLive: true, accuracy: 5 }],
    ],
    [
      'a contact',
      { contactMessage: { displayName: 'Annie', vcard: card } },
      [
        {
          type: 'contact',
          name: 'Annie',
          phoneNumbers: ['+15550001111'],
          emails: ['a@b.c'],
          organisation: 'Acme',
        },
      ],
    ],
    [
      'contacts',
      { contactsArrayMessage: { displayName: '2', contacts: [{ vcard: card }, { displayName: 'B' }] } },
      [
        {
          type: 'contact',
          name: 'Ann',
          phoneNumbers: ['+15550001111'],
          emails: ['a@b.c'],
          organisation: 'Acme',
        },
        { type: 'contact', name: 'B', phoneNumbers: [], emails: [], organisation: null },
      ],
    ],
    [
      'a contact of two cards',
      { contactMessage: { displayName: 'Both', vcard: `${card}\nBEGIN:VCARD\nFN:Bob\nEND:VCARD` } },
      [
        {
          type: 'contact',
          name: 'Ann',
          phoneNumbers: ['+15550001111'],
          emails: ['a@b.c'],
          organisation: 'Acme',
        },
        { type: 'contact', name: 'Bob', phoneNumbers: [], emails: [], organisation: null },
      ],
    ],
    [
      'a poll',
      {
        pollCreationMessageV3: {
          name: 'Lunch?',
          options: [{ optionName: 'yes' }, { optionName: 'no' }],
          selectableOptionsCount: 1,
        },
      },
      [{ type: 'poll', question: 'Lunch?', options: ['yes', 'no'], choices: 1 }],
    ],
    [
      'the results of a poll',
      {
        pollResultSnapshotMessage: { name: 'Lunch?', pollVotes: [{ optionName: 'yes', optionVoteCount: 3 }] },
      },
      [{ type: 'pollResults', question: 'Lunch?', votes: [{ option: 'yes', count: 3 }] }],
    ],
    [
      'an event',
      {
        eventMessage: {
          name: 'Party',
          startTime: 1_790_000_000,
          endTime: 1_790_003_600,
          location: { name: 'Home', degreesLatitude: 1, degreesLongitude: 2 },
          description: 'Come!',
          joinLink: 'https://call.whatsapp.com/video/x',
        },
      },
      [
        {
          type: 'event',
          name: 'Party',
          description: 'Come!',
          startsAt: '2026-09-21T14:13:20.000Z',
          endsAt: '2026-09-21T15:13:20.000Z',
          isCancelled: false,
          location: { latitude: 1, longitude: 2, name: 'Home', address: null },
          url: 'https://call.whatsapp.com/video/x',
        },
      ],
    ],
    [
      'an event at no time',
      { eventMessage: { name: 'Party', startTime: Number.MAX_SAFE_INTEGER, isCanceled: true } },
      [
        {
          type: 'event',
          name: 'Party',
          description: null,
          startsAt: null,
          endsAt: null,
          isCancelled: true,
          location: null,
          url: null,
        },
      ],
    ],
    [
      'a product',
      {
        productMessage: {
          product: { productId: '7', title: 'Hat', currencyCode: 'EUR', priceAmount1000: 9_990 },
        },
      },
      [
        {
          type: 'product',
          id: '7',
          title: 'Hat',
          description: null,
          price: { amount: 9.99, currency: 'EUR' },
          url: null,
        },
      ],
    ],
    [
      'an order',
      { orderMessage: { orderId: '8', orderTitle: 'Hats', itemCount: 2, totalAmount1000: 20_000 } },
      [{ type: 'order', id: '8', title: 'Hats', itemCount: 2, total: null }],
    ],
    [
      'an invitation to a group',
      { groupInviteMessage: { groupName: 'Family', inviteCode: 'abc', inviteExpiration: 1_790_000_000 } },
      [
        {
          type: 'invitation',
          to: 'group',
          name: 'Family',
          code: 'abc',
          expiresAt: '2026-09-21T14:13:20.000Z',
        },
      ],
    ],
    [
      'a choice from a list',
      { listResponseMessage: { title: 'Pizza', singleSelectReply: { selectedRowId: 'row-1' } } },
      [{ type: 'choice', id: 'row-1', text: 'Pizza' }],
    ],
    [
      'a button of the newer kind',
      {
        interactiveResponseMessage: {
          body: { text: 'Yes' },
          nativeFlowResponseMessage: { name: 'quick_reply', paramsJson: '{"id":"yes-1"}' },
        },
      },
      [{ type: 'choice', id: 'yes-1', text: 'Yes' }],
    ],
    [
      'a button with broken parameters',
      {
        interactiveResponseMessage: {
          body: { text: 'Yes' },
          nativeFlowResponseMessage: { name: 'quick_reply', paramsJson: '{"id":' },
        },
      },
      [{ type: 'choice', id: null, text: 'Yes' }],
    ],
    ['words', { conversation: 'hello' }, []],
  ])('%s', (_what, message, expected) => {
    const details = detailsOf(message)
    expect(details).toEqual(expected)
    expect(messageDetailSchema.array().parse(JSON.parse(JSON.stringify(details)))).toEqual(expected)
  })
})
