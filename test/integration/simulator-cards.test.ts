import { createHash, randomBytes } from 'node:crypto'
import { type AnyMessageContent, decryptPollVote, normalizeMessageContent } from '@whiskeysockets/baileys'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Card } from '../../src/simulator/phones/cards/card.ts'
import { vcardOf } from '../../src/simulator/phones/cards/vcard.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import { BareBot } from './simulator-bare-bot.ts'
import { inTime } from '../support/in-time.ts'

const OWNER = '+15550000001'
const CONTACT = '+15550000002'

describe('what phones and an unmodified client send besides words and files', () => {
  let simulator: Simulator
  let owner: SimulatedPhone
  let contact: SimulatedPhone
  let bot: BareBot

  beforeAll(async () => {
    simulator = new Simulator({ hasUnkeyedDevices: false, habits: { everyday: 0, sharesState: false } })
    await simulator.start()
    owner = simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    contact = simulator.createPhone({ phoneNumber: CONTACT, name: 'Contact' })
    bot = new BareBot(simulator)
    await bot.linkTo(OWNER)
    await contact.sendText(OWNER, 'hello') // gives the client a token, without which it may not write
    await bot.waitForText('hello')
  })
  afterAll(async () => {
    await bot.stop()
    await simulator.stop()
  })

  const ann = { name: 'Ann; of "A, B"', phoneNumbers: ['+491701234567'], emails: ['ann@example.org'] }
  const CARDS: [Card, string, string | undefined, string][] = [
    [
      { kind: 'location', latitude: 52.5, longitude: 13.4, name: 'Café', address: 'Main 1' },
      'media',
      'location',
      'locationMessage',
    ],
    [{ kind: 'live-location', latitude: 1, longitude: 2 }, 'media', 'livelocation', 'liveLocationMessage'],
    [{ kind: 'contacts', people: [ann] }, 'media', 'vcard', 'contactMessage'],
    [
      { kind: 'contacts', people: [ann, { name: 'Bo', phoneNumbers: [], emails: [], organisation: 'B' }] },
      'media',
      'contact_array',
      'contactsArrayMessage',
    ],
    [
      { kind: 'poll', question: 'When?', options: ['a', 'b'], choices: 1 },
      'poll',
      undefined,
      'pollCreationMessageV3',
    ],
    [
      { kind: 'poll', question: 'Who?', options: ['a', 'b'], choices: 0 },
      'poll',
      undefined,
      'pollCreationMessage',
    ],
    [{ kind: 'event', name: 'Party', startsAtMs: 1_800_000_000_000 }, 'event', undefined, 'eventMessage'],
    [
      { kind: 'choice', from: 'list', id: 'row-1', text: 'One' },
      'media',
      'list_response',
      'listResponseMessage',
    ],
    [
      { kind: 'choice', from: 'buttons', id: 'b', text: 'B' },
      'media',
      'buttons_response',
      'buttonsResponseMessage',
    ],
    [
      { kind: 'choice', from: 'template', id: 'c', text: 'C' },
      'text',
      undefined,
      'templateButtonReplyMessage',
    ],
    [
      { kind: 'choice', from: 'flow', id: 'd', text: 'D' },
      'media',
      'native_flow_response',
      'interactiveResponseMessage',
    ],
  ]

  it.each(CARDS.map(([card, ...rest], index) => [`${index} ${card.kind}`, card, ...rest] as const))(
    'gives the client and the phone what a phone sends: %s',
    async (_name, card, type, mediatype, member) => {
      const stanza = new Promise<unknown>((resolve) => {
        const stop = simulator.onTrace(({ direction, node }) => {
          if (direction !== 'out' || node.tag !== 'message') return
          stop()
          resolve(node)
        })
      })
      const { id } = await contact.sendCard(OWNER, card)
      const { message } = await bot.waitForMessage(({ key }) => key.id === id)
      expect(normalizeMessageContent(message.message)).toHaveProperty(member)
      expect(await inTime('its stanza', stanza)).toMatchObject({
        attrs: { type },
        content: [{ tag: 'enc', attrs: mediatype === undefined ? {} : { mediatype } }],
      })
      const shown = await owner.waitForText((each) => each.id === id)
      expect(shown.card).toEqual(card)
      expect(shown.media).toBeUndefined()
    },
  )

  const SENT: [string, AnyMessageContent, Card][] = [
    [
      'a place',
      { location: { degreesLatitude: 1.5, degreesLongitude: -2, name: 'Here' } },
      { kind: 'location', latitude: 1.5, longitude: -2, name: 'Here' },
    ],
    [
      'a contact',
      { contacts: { contacts: [{ displayName: 'Ann', vcard: vcardOf(ann) }] } },
      { kind: 'contacts', people: [ann] },
    ],
    [
      'a poll',
      { poll: { name: 'Which?', values: ['x', 'y'], selectableCount: 1 } },
      { kind: 'poll', question: 'Which?', options: ['x', 'y'], choices: 1 },
    ],
  ]

  it.each(SENT)('shows on the phone what the client sends: %s', async (_name, content, card) => {
    const sent = await bot.socket.sendMessage(contact.lid, content)
    expect((await contact.waitForText(({ id }) => id === sent?.key.id)).card).toEqual(card)
  })

  it('lets a person vote in a poll of the client, which reads the vote', async () => {
    const sent = await bot.socket.sendMessage(contact.lid, {
      poll: { name: 'Which?', values: ['x', 'y'], selectableCount: 1 },
    })
    const poll = await contact.waitForText(({ id }) => id === sent?.key.id)
    const { id } = await contact.vote(poll, ['y'])
    const { message } = await bot.waitForMessage(({ key }) => key.id === id)
    const { selectedOptions } = decryptPollVote(message.message?.pollUpdateMessage?.vote ?? {}, {
      pollMsgId: poll.id,
      pollEncKey: sent?.message?.messageContextInfo?.messageSecret ?? new Uint8Array(),
      pollCreatorJid: owner.lid,
      voterJid: contact.lid,
    })
    expect(selectedOptions).toEqual([createHash('sha256').update('y').digest()])
  })

  it('shows the votes of others in a group, and none that it cannot read', async () => {
    const group = simulator.createGroup({ subject: 'Club', members: [owner, contact] })
    const poll = await owner.sendCard(group, { kind: 'poll', question: 'When?', options: ['now', 'later'] })
    const asked = await contact.waitForText(({ id }) => id === poll.id)
    const both = await contact.vote(asked, ['now', 'later'])
    expect((await owner.waitForText(({ id }) => id === both.id)).vote).toEqual({
      pollId: poll.id,
      options: ['now', 'later'],
    })
    const { message } = await contact.vote(asked, ['now'])
    const spoiled = {
      ...message.pollUpdateMessage,
      vote: { encIv: randomBytes(12), encPayload: randomBytes(60) },
    }
    const { id } = await contact.sendMessage(group, { pollUpdateMessage: spoiled })
    expect((await owner.waitForText((each) => each.id === id)).vote).toEqual({
      pollId: poll.id,
      options: null,
    })
    await expect(async () => contact.vote(both, ['now'])).rejects.toThrow(/no poll/)
  })
})

describe('messages with files', () => {
  let simulator: Simulator
  let owner: SimulatedPhone
  let contact: SimulatedPhone

  beforeAll(() => {
    simulator = new Simulator()
    owner = simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    contact = simulator.createPhone({ phoneNumber: CONTACT, name: 'Contact' })
    return simulator.start()
  })
  afterAll(() => simulator.stop())

  const shown = async (sent: Promise<{ id: string }>) => {
    const { id } = await sent
    return owner.waitForText((message) => message.id === id)
  }
  const picture = { kind: 'image', data: randomBytes(100) } as const

  it('are quoted as what they are', async () => {
    const asked = await shown(contact.sendMedia(OWNER, { ...picture, caption: 'this one' }))
    const answer = await owner.sendText(CONTACT, 'nice', { quote: asked })
    const { quote, message } = await contact.waitForText(({ id }) => id === answer.id)
    expect(quote).toEqual({ id: asked.id, text: 'this one' })
    expect(message.extendedTextMessage?.contextInfo?.quotedMessage?.imageMessage?.caption).toBe('this one')
  })

  it('mention people in their caption, and quote', async () => {
    const first = await shown(contact.sendText(OWNER, 'first'))
    const second = await shown(
      contact.sendMedia(OWNER, { ...picture, caption: 'look' }, { mention: OWNER, quote: first }),
    )
    expect(second.mentioned).toEqual([owner.lid])
    expect(second.text).toBe(`@${owner.lid.split('@')[0] ?? ''} look`)
    expect(second.quote).toEqual({ id: first.id, text: 'first' })
  })

  it('disappear with their chat', async () => {
    await contact.setDisappearing(OWNER, 86_400)
    const document = { kind: 'document', data: randomBytes(9), name: 'a.txt', caption: 'a' } as const
    expect((await shown(contact.sendMedia(OWNER, document))).disappearsAfter).toBe(86_400)
    expect((await shown(contact.sendMedia(OWNER, { ...picture, isViewOnce: true }))).disappearsAfter).toBe(
      86_400,
    )
    const poll = { kind: 'poll', question: 'When?', options: ['a', 'b'] } as const
    const { disappearsAfter, message } = await shown(contact.sendCard(OWNER, poll))
    expect(disappearsAfter).toBe(86_400)
    expect(message.messageContextInfo?.messageSecret).toHaveLength(32)
    await contact.setDisappearing(OWNER, 0)
  })

  it('are not opened where anything of them is wrong', async () => {
    const wrong = { fileSha256: randomBytes(32) }
    const { media } = await shown(contact.sendMedia(OWNER, { ...picture, claims: wrong }))
    expect(media).toMatchObject({ sha256: null, problem: 'the hash of the file differs' })
    const elsewhere = { directPath: '/v/t62.7118-24/1_2_3_n.enc?oh=1&oe=2' }
    expect((await shown(contact.sendMedia(OWNER, { ...picture, claims: elsewhere }))).media?.problem).toMatch(
      /404/,
    )
  })

  it('belong together in an album', async () => {
    const [album, ...files] = await contact.sendAlbum(OWNER, [picture, { ...picture, kind: 'video' }])
    const announced = await owner.waitForText(({ id }) => id === album?.id)
    expect(announced.card).toEqual({ kind: 'album', images: 1, videos: 1 })
    expect(files).toHaveLength(2)
    for (const { id } of files) {
      const { message } = await owner.waitForText((each) => each.id === id)
      expect(message.messageContextInfo?.messageAssociation?.parentMessageKey?.id).toBe(album?.id)
    }
  })
})
