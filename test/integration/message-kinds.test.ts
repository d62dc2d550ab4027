import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Card } from '../../src/simulator/phones/cards/card.ts'
import type { OutgoingMedia } from '../../src/simulator/phones/media/media-content.ts'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

/** Answers with what it was told of the messages, as JSON. */
const PROGRAM = `
const { readFileSync } = require('node:fs')
const { createHash } = require('node:crypto')
const hashOf = ({ path }) => path && createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 8)
let input = ''
process.stdin.on('data', (chunk) => { input += chunk }).on('end', () => {
  const { messages } = JSON.parse(input)
  process.stdout.write(JSON.stringify(messages.map(({ text, details, attachments, quoted }) => ({
    text,
    details,
    files: attachments.map(hashOf),
    quoted: quoted && { from: quoted.from, text: quoted.text, what: quoted.what, files: quoted.attachments?.map(hashOf) },
  }))))
})
`
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), randomBytes(2_000)])
const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), randomBytes(2_000)])
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 8)
const photo = (data: Buffer, caption?: string): OutgoingMedia => ({ kind: 'image', data, caption })

interface Told {
  text: string
  details?: object[]
  files: (string | null)[]
  quoted: { from: string; text: string | null; what: string | null; files?: (string | null)[] } | null
}

const CARDS: [string, Card, Partial<Told>][] = [
  [
    'a place',
    { kind: 'location', latitude: 52.5, longitude: 13.25, name: 'Café', address: 'Main St 1' },
    {
      text: '[location] Café, Main St 1, 52.5, 13.25',
      details: [
        {
          type: 'location',
          latitude: 52.5,
          longitude: 13.25,
          name: 'Café',
          address: 'Main St 1',
          url: null,
          isLive: false,
          accuracy: null,
        },
      ],
    },
  ],
  [
    'contacts',
    {
      kind: 'contacts',
      people: [
        { name: 'Ann', phoneNumbers: ['+15550001111'], emails: ['a@b.c'], organisation: 'Acme' },
        { name: 'Bob', phoneNumbers: [] },
      ],
    },
    {
      details: [
        {
          type: 'contact',
          name: 'Ann',
          phoneNumbers: ['+15550001111'],
          emails: ['a@b.c'],
          organisation: 'Acme',
        },
        { type: 'contact', name: 'Bob', phoneNumbers: [], emails: [], organisation: null },
      ],
    },
  ],
  [
    'a poll',
    { kind: 'poll', question: 'Lunch?', options: ['Pizza', 'Soup'], choices: 1 },
    {
      text: '[poll] Lunch?\n- Pizza\n- Soup',
      details: [{ type: 'poll', question: 'Lunch?', options: ['Pizza', 'Soup'], choices: 1 }],
    },
  ],
  [
    'an event',
    { kind: 'event', name: 'Party', startsAtMs: Date.UTC(2027, 0, 1), place: 'Home' },
    { text: '[event] Party, 2027-01-01T00:00:00.000Z, Home' },
  ],
  ...(['list', 'buttons', 'template', 'flow'] as const).map((from): [string, Card, Partial<Told>] => [
    `a choice (${from})`,
    { kind: 'choice', from, id: 'row-1', text: 'Pizza' },
    { text: 'Pizza', details: [{ type: 'choice', id: 'row-1', text: 'Pizza' }] },
  ]),
]

describe('what people send besides words', () => {
  let stack: Stack
  let group: SimulatedGroup
  beforeAll(async () => {
    stack = await Stack.start()
    const program = join(stack.directory, 'tell.cjs')
    writeFileSync(program, `#!${process.execPath}\n${PROGRAM}`)
    chmodSync(program, 0o755)
    const applied = stack.published('config.applied').length
    stack.writeConfig([ALICE], {
      agents: { teller: { connector: 'command', program, textFormat: 'plain' } },
      defaultAgent: 'teller',
    })
    await stack.until('the config', () => stack.published('config.applied').length > applied)
    group = stack.simulator.createGroup({ subject: 'Family', members: [stack.alice, stack.owner] })
    await stack.link()
  })
  afterAll(() => stack.stop())

  /** What the assistant was told in the turn that `send` began. */
  async function told(send: () => Promise<unknown>): Promise<Told[]> {
    const { alice } = stack
    const before = alice.received.length
    await send()
    const { text } = await alice.waitForText(
      (message) => message.from === OWNER && alice.received.indexOf(message) >= before,
    )
    // As the program above writes it.
    return JSON.parse(text) as Told[]
  }

  it.each(CARDS)(
    '%s reaches the assistant in fields, directly and in a group',
    async (_what, card, expected) => {
      const { alice } = stack
      expect(await told(() => alice.sendCard(OWNER, card))).toMatchObject([expected])
      expect(await told(() => alice.sendCard(group, card, { mention: OWNER }))).toMatchObject([expected])
    },
  )

  it('a vote is a message that quotes its poll, directly; in a group it starts nothing', async () => {
    const { alice } = stack
    const poll: Card = { kind: 'poll', question: 'Supper?', options: ['Pizza', 'Soup'] }
    const question = '[poll] Supper?\n- Pizza\n- Soup'
    let sent = await alice.sendCard(OWNER, poll)
    await alice.waitForText(({ text }) => text.includes('Supper?'))
    expect(await told(() => alice.vote(sent, ['Soup']))).toMatchObject([
      {
        text: '[vote] Supper?: Soup',
        details: [{ type: 'vote', question: 'Supper?', choices: ['Soup'] }],
        quoted: { from: 'person', text: question },
      },
    ])
    expect(await told(() => alice.vote(sent, []))).toMatchObject([{ text: '[vote taken back] Supper?' }])
    sent = await alice.sendCard(group, poll)
    await alice.vote(sent, ['Pizza'])
    const [next] = await told(() => alice.sendText(OWNER, 'and?'))
    expect(next?.text).toBe('and?')
  })

  it('the pictures of an album are one question', async () => {
    const { alice } = stack
    const album = [photo(JPEG), photo(PNG, 'which one?')]
    const expected = [
      { text: '[photo]', files: [hashOf(JPEG)] },
      { text: '[photo]\nwhich one?', files: [hashOf(PNG)] },
    ]
    expect(await told(() => alice.sendAlbum(OWNER, album))).toMatchObject(expected)
    expect(await told(() => alice.sendAlbum(group, album, { mention: OWNER }))).toMatchObject(expected)
  })

  it('a place that moves is answered once', async () => {
    const { alice } = stack
    const at = (latitude: number): Card => ({ kind: 'live-location', latitude, longitude: 0 })
    expect(await told(() => alice.sendCard(OWNER, at(1)))).toMatchObject([{ text: '[live location] 1, 0' }])
    await alice.sendCard(OWNER, at(2))
    expect(await told(() => alice.sendText(OWNER, 'where am I?'))).toMatchObject([{ text: 'where am I?' }])
  })

  it('the file of a quoted message comes with the question, by what was stored', async () => {
    const { alice } = stack
    let picture: Awaited<ReturnType<typeof alice.sendMedia>> | undefined
    await told(async () => {
      picture = await alice.sendMedia(OWNER, photo(JPEG, 'our cat'))
    })
    if (picture === undefined) throw new Error('nothing was sent')
    const quoted = { from: 'person', text: 'our cat', what: 'photo', files: [hashOf(JPEG)] }
    const quote = picture
    expect(await told(() => alice.sendText(OWNER, 'how old is it?', { quote }))).toMatchObject([{ quoted }])
    const inGroup = await alice.sendMedia(group, photo(PNG, 'for all of you'))
    expect(
      await told(() => alice.sendGroupText(group, 'what is that?', { quote: inGroup, mention: OWNER })),
    ).toMatchObject([{ quoted: { ...quoted, text: 'for all of you', files: [hashOf(PNG)] } }])
  })

  it('a view-once message is told to its sender in a sentence', async () => {
    const { alice } = stack
    await alice.sendMedia(OWNER, { ...photo(JPEG), isViewOnce: true })
    await alice.waitForText(({ text }) => text.startsWith('I cannot open view-once messages'))
  })
})
