/**
 * Every kind of message that a chat can hold goes both ways, directly and in a group. A kind without a row does not compile.
 */
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { proto } from '@whiskeysockets/baileys'
import type { ReplyItem } from '../../src/agents/agent.ts'
import type { MessageDetail } from '../../src/protocol/agent/message-detail.ts'
import type { Card } from '../../src/simulator/phones/cards/card.ts'
import type { OutgoingMedia } from '../../src/simulator/phones/media/media-content.ts'
import type { MediaKind } from '../../src/simulator/phones/media/media-kinds.ts'
import type { RecordedMessage } from '../../src/simulator/phones/records.ts'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import { pngFile } from '../support/media-files.ts'
import { mirrorAgent, type Told } from '../support/mirror-agent.ts'
import { opusFile } from '../support/opus-file.ts'
import { OWNER, Stack } from '../support/stack.ts'

const PICTURE = pngFile(12, 8)
const VOICE = opusFile({ seconds: 1 })
const MOVIE = Buffer.concat([Buffer.from('00000018667479706d703432', 'hex'), randomBytes(400)])
/** MPEG-1, layer III, 128 kbit/s at 44.1 kHz: four frames. */
const SONG = Buffer.concat(
  Array.from({ length: 4 }, () => Buffer.concat([Buffer.from('fffb9064', 'hex'), Buffer.alloc(413)])),
)
const STICKER = Buffer.from('UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=', 'base64')
const PDF = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(3_000)])
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** A file, and what the assistant reads of it. */
const FILES_IN: Readonly<Record<MediaKind, [Omit<OutgoingMedia, 'kind'>, text: string]>> = {
  image: [{ data: PICTURE, caption: 'look' }, 'photo'],
  video: [{ data: MOVIE, seconds: 3, caption: 'look' }, 'video'],
  gif: [{ data: MOVIE, caption: 'look' }, 'GIF'],
  'video-note': [{ data: MOVIE, seconds: 3 }, 'video'],
  voice: [{ data: VOICE, seconds: 1 }, '[voice message'],
  audio: [{ data: SONG, seconds: 2 }, 'audio'],
  document: [{ data: PDF, name: 'plan.pdf', caption: 'read it' }, 'plan.pdf'],
  sticker: [{ data: STICKER }, 'sticker'],
}

const CARDS_IN: Readonly<Record<Exclude<Card['kind'], 'album'>, [Card, Partial<Told>]>> = {
  location: [
    { kind: 'location', latitude: 1, longitude: 2 },
    { details: [{ type: 'location', latitude: 1 }] },
  ],
  'live-location': [
    { kind: 'live-location', latitude: 3, longitude: 4 },
    { details: [{ type: 'location', isLive: true }] },
  ],
  contacts: [
    { kind: 'contacts', people: [{ name: 'Ann', phoneNumbers: ['+15550001111'] }] },
    { details: [{ type: 'contact', name: 'Ann' }] },
  ],
  poll: [
    { kind: 'poll', question: 'Lunch?', options: ['Pizza', 'Soup'] },
    { details: [{ type: 'poll', question: 'Lunch?' }] },
  ],
  event: [
    { kind: 'event', name: 'Party', startsAtMs: Date.UTC(2027, 0, 1) },
    { details: [{ type: 'event', name: 'Party' }] },
  ],
  choice: [
    { kind: 'choice', from: 'list', id: 'row-1', text: 'Pizza' },
    { details: [{ type: 'choice', id: 'row-1' }] },
  ],
}

/** What only businesses and WhatsApp itself make, or what is handed on: what the phone sends, and what the assistant reads of it. */
type Offered = Exclude<
  MessageDetail['type'],
  | 'location'
  | 'contact'
  | 'poll'
  | 'vote'
  | 'attendance'
  | 'choice'
  | 'event'
  // Of messages of ours.
  | 'choices'
  | 'template'
  | 'numberRequest'
>
const MESSAGES_IN: Readonly<Record<Offered, [message: proto.IMessage, text: string, detail: object]>> = {
  product: [
    {
      productMessage: {
        product: { productId: 'p-1', title: 'Lamp', currencyCode: 'EUR', priceAmount1000: 19_990 },
        businessOwnerJid: '15550000002@s.whatsapp.net',
      },
    },
    '[product] Lamp',
    { id: 'p-1', title: 'Lamp', price: { currency: 'EUR' } },
  ],
  order: [
    {
      orderMessage: {
        orderId: 'o-1',
        orderTitle: 'Lamps',
        itemCount: 2,
        totalAmount1000: 39_980,
        totalCurrencyCode: 'EUR',
      },
    },
    '[order] Lamps, 2 items',
    { id: 'o-1', title: 'Lamps', itemCount: 2 },
  ],
  invitation: [
    { groupInviteMessage: { groupJid: '120363000000000009@g.us', groupName: 'Chess', inviteCode: 'abc' } },
    '[invitation to the group "Chess"]',
    { to: 'group', name: 'Chess', code: 'abc' },
  ],
  pollResults: [
    {
      pollResultSnapshotMessage: {
        name: 'Lunch?',
        pollVotes: [{ optionName: 'Pizza', optionVoteCount: 3 }],
      },
    },
    '[poll results] Lunch?\n- Pizza: 3',
    { question: 'Lunch?', votes: [{ option: 'Pizza', count: 3 }] },
  ],
}

/** A file that the assistant sends, and the phone shows. */
type FileKind = Extract<ReplyItem, { type: 'media' }>['kind']
const FILES_OUT: Readonly<Record<FileKind, Buffer>> = {
  image: PICTURE,
  voice: VOICE,
  audio: SONG,
  video: MOVIE,
  document: PDF,
  sticker: STICKER,
}

const ITEMS_OUT: Readonly<
  Record<
    Exclude<ReplyItem['type'], 'media' | 'quote' | 'unusable' | 'contact_field'>,
    [step: object, shown: object]
  >
> = {
  location: [
    { latitude: 48.2, longitude: 16.4, name: 'Vienna' },
    { card: { kind: 'location', latitude: 48.2, name: 'Vienna' } },
  ],
  contact: [
    { name: 'Bob', phoneNumbers: ['+15550000009'] },
    { card: { kind: 'contacts', people: [{ name: 'Bob' }] } },
  ],
  poll: [{ question: 'Tea?', options: ['Yes', 'No'] }, { card: { kind: 'poll', question: 'Tea?' } }],
  choices: [{ text: 'Tea?', options: [{ title: 'Yes' }, { title: 'No' }] }, { text: 'Tea?\n1. Yes\n2. No' }],
  reaction: [{ emoji: '👍' }, { reaction: { emoji: '👍' } }],
}

describe.each(['directly', 'in a group'])('what a chat can hold, %s', (how) => {
  const isGroup = how === 'in a group'
  let stack: Stack
  let where: string | SimulatedGroup
  beforeAll(async () => {
    stack = await Stack.start()
    const applied = stack.published('config.applied').length
    stack.writeConfig([stack.alice.phoneNumber], mirrorAgent(stack.directory))
    await stack.until('the config', () => stack.published('config.applied').length > applied)
    const { alice, owner } = stack
    where = isGroup ? stack.simulator.createGroup({ subject: 'Family', members: [alice, owner] }) : OWNER
    await stack.link()
  })
  afterAll(() => stack.stop())

  const options = isGroup ? { mention: OWNER } : {}

  /** The first message of the assistant after this that fits. */
  async function answerTo(
    send: () => Promise<unknown>,
    fits: (message: RecordedMessage) => boolean = () => true,
  ): Promise<RecordedMessage> {
    const { alice } = stack
    const mark = alice.received.length
    await send()
    return alice.waitForText(
      (message) => message.from === OWNER && alice.received.indexOf(message) >= mark && fits(message),
    )
  }

  async function told(send: () => Promise<unknown>): Promise<Told> {
    // As the assistant writes it; a notice of ours may stand before it.
    return JSON.parse((await answerTo(send, ({ text }) => text.startsWith('{'))).text) as Told
  }

  const ask = (...steps: object[]): ReturnType<typeof stack.alice.sendText> => {
    const text = `send: ${JSON.stringify(steps)}`
    return typeof where === 'string'
      ? stack.alice.sendText(where, text)
      : stack.alice.sendGroupText(where, text, { mention: OWNER })
  }

  // The keys of the table above.
  it.each(Object.entries(FILES_IN) as [MediaKind, [Omit<OutgoingMedia, 'kind'>, string]][])(
    'a file reaches the assistant: %s',
    async (kind, [media, text]) => {
      const got = await told(() => stack.alice.sendMedia(where, { ...media, kind }, options))
      expect(got.files).toEqual([hashOf(media.data)])
      expect(got.text.toLowerCase()).toContain(text.toLowerCase())
    },
  )

  it.each(Object.entries(CARDS_IN))('a card reaches the assistant: %s', async (_kind, [card, expected]) => {
    expect(await told(() => stack.alice.sendCard(where, card, options))).toMatchObject(expected)
  })

  it.each(Object.entries(MESSAGES_IN))(
    'reaches the assistant, alone and quoted: %s',
    async (type, [message, text, detail]) => {
      const { alice, owner } = stack
      const [[kind, content] = ['', {}]] = Object.entries(message)
      const contextInfo = { mentionedJid: [owner.lid] }
      const sending = alice.sendMessage(where, isGroup ? { [kind]: { ...content, contextInfo } } : message)
      expect(await told(() => sending)).toMatchObject({ text, details: [{ type, ...detail }] })
      const quote = await sending
      const asked = (): Promise<unknown> =>
        typeof where === 'string'
          ? alice.sendText(where, 'and that?', { quote })
          : alice.sendGroupText(where, 'and that?', { quote, mention: OWNER })
      expect((await told(asked)).quoted).toMatchObject({ from: 'person', text })
    },
  )

  it.each(Object.entries(FILES_OUT))('a file of the assistant is shown: %s', async (kind, bytes) => {
    const data = bytes.toString('base64')
    const { media } = await answerTo(() => ask({ type: 'media', kind, data, name: 'plan.pdf' }))
    expect(media).toMatchObject({ kind, sha256: hashOf(bytes), problem: null })
  })

  it.each(Object.entries(ITEMS_OUT))('of the assistant is shown: %s', async (type, [step, shown]) => {
    expect(await answerTo(() => ask({ type, ...step }))).toMatchObject(shown)
  })
  it('of the assistant is shown: quote', async () => {
    const { id } = await ask({ type: 'delta', text: 'first' })
    const steps = [
      { type: 'quote', messageId: id },
      { type: 'delta', text: 'about that' },
    ]
    const { text, quote } = await answerTo(
      () => ask(...steps),
      (message) => message.text !== 'first',
    )
    expect([text, quote?.id]).toEqual(['about that', id])
  })
})
