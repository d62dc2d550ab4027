import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { normalizeMessageContent } from '@whiskeysockets/baileys'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import type { RecordedMessage } from '../../src/simulator/phones/records.ts'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { pngFile } from '../support/media-files.ts'
import { OWNER, Stack } from '../support/stack.ts'
import { stepAgent } from '../support/step-agent.ts'

const WEEK = 604_800
const PICTURE = pngFile(20, 10)
const PLAN = randomBytes(50_000)
const MOVIE = Buffer.concat([Buffer.from('00000018667479706d703432', 'hex'), Buffer.alloc(40)])

let directory: string
let stack: Stack
let family: SimulatedGroup
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'media-out-references-'))
  writeFileSync(join(directory, 'picture.png'), PICTURE)
  writeFileSync(join(directory, 'plan.bin'), PLAN)
  writeFileSync(join(directory, 'movie.mp4'), MOVIE)
  // A changed list of devices is a reason of its own to ask for keys.
  stack = await Stack.start({ channel: stepAgent(directory), simulator: { hasUnkeyedDevices: false } })
  family = stack.simulator.createGroup({ subject: 'Family', members: [stack.alice, stack.owner] })
  await stack.link()
})
afterAll(async () => {
  await stack.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** What Alice sees first of the answer that consists of these steps, and her question. */
async function answerTo(
  steps: object[],
  { group = false, quote }: { group?: boolean; quote?: RecordedMessage } = {},
): Promise<{ question: string; first: RecordedMessage }> {
  const mark = `end ${randomBytes(4).toString('hex')}`
  const before = stack.alice.received.length
  const asked = JSON.stringify([...steps, { type: 'delta', text: mark }])
  const options = quote === undefined ? {} : { quote }
  const { id: question } = group
    ? await stack.alice.sendGroupText(family, `@${OWNER.slice(1)} ${asked}`, { mention: OWNER, ...options })
    : await stack.alice.sendText(OWNER, asked, options)
  await stack.alice.waitForText(({ text }) => text.endsWith(mark))
  const first = stack.alice.received.slice(before).find(({ from }) => from === OWNER)
  if (first === undefined) throw new Error('nothing came')
  return { question, first }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** What stands beside the encrypted content for Alice's phone. */
function mediaTypeOf({ stanza }: RecordedMessage): string | undefined {
  const inside = (node: Stanza): Stanza[] =>
    Array.isArray(node.content) ? node.content.flatMap((each) => [each, ...inside(each)]) : []
  return inside(stanza).find(({ tag }) => tag === 'enc')?.attrs.mediatype
}

const uploads = (): number =>
  stack.simulator.media.requests.items.filter(({ kind }) => kind === 'upload').length

describe.each([
  ['alone', false],
  ['in a group', true],
])('an answer %s', (_where, group) => {
  it.each([
    ['a picture', { kind: 'image', path: 'picture.png' }, 'image'],
    ['a video', { kind: 'video', path: 'movie.mp4' }, 'video'],
    ['a video that plays like a GIF', { kind: 'video', path: 'movie.mp4', loops: true }, 'gif'],
    ['a document', { kind: 'document', path: 'plan.bin' }, 'document'],
    ['a document with a caption', { kind: 'document', path: 'plan.bin', caption: 'the plan' }, 'document'],
  ])('says beside what is encrypted what it is: %s', async (_what, file, expected) => {
    const { first } = await answerTo([{ type: 'media', ...file }], { group })
    expect(first.media?.problem).toBeNull()
    expect(mediaTypeOf(first)).toBe(expected)
    expect(first.stanza.attrs.type).toBe('media')
    const { videoMessage } = normalizeMessageContent(first.message) ?? {}
    expect(videoMessage?.gifPlayback ?? false).toBe(expected === 'gif')
    const isWrapped = first.message.documentWithCaptionMessage != null
    expect(isWrapped).toBe('caption' in file)
  })

  it('quotes what the person wrote with a file', async () => {
    const steps = [
      { type: 'quote', messageId: '$asked' },
      { type: 'media', kind: 'image', path: 'picture.png' },
    ]
    const { question, first } = await answerTo(steps, { group })
    expect(first.media?.sha256).toBe(sha256(PICTURE))
    expect(first.quote?.id).toBe(question)
  })

  it('quotes what the assistant itself has said, with words and with a file, and reacts to it', async () => {
    const { first: earlier } = await answerTo([{ type: 'delta', text: 'the earth is round' }], { group })
    for (const step of [
      { type: 'delta', text: 'as I said' },
      { type: 'media', kind: 'image', path: 'picture.png' },
    ]) {
      const { first } = await answerTo([{ type: 'quote', messageId: '$quoted' }, step], {
        group,
        quote: earlier,
      })
      expect(first.quote).toEqual({ id: earlier.id, text: earlier.text })
      const content = normalizeMessageContent(first.message)
      const { participant } = (content?.imageMessage ?? content?.extendedTextMessage)?.contextInfo ?? {}
      expect(participant).toBe(stack.owner.lid)
    }
    const { first: reaction } = await answerTo([{ type: 'reaction', emoji: '🌍', messageId: '$quoted' }], {
      group,
      quote: earlier,
    })
    expect(reaction.reaction).toEqual({ id: earlier.id, emoji: '🌍' })
    expect(reaction.message.reactionMessage?.key?.fromMe).toBe(true)
  })

  it('reacts to the message with the id that the agent names, and takes it back', async () => {
    const { question: id } = await answerTo([{ type: 'delta', text: 'hello' }], { group })
    const { first: put } = await answerTo([{ type: 'reaction', emoji: '👍', messageId: id }], { group })
    expect(put.reaction).toEqual({ id, emoji: '👍' })
    const { first: taken } = await answerTo([{ type: 'reaction', emoji: '', messageId: id }], { group })
    expect(taken.reaction).toEqual({ id, emoji: '' })
  })

  it('brings a file again to a phone that asks for it, from the disk, under its key and without another upload', async () => {
    const { first } = await answerTo(
      [{ type: 'media', kind: 'document', path: 'plan.bin', caption: 'the plan' }],
      { group },
    )
    await stack.stopDaemon()
    await stack.startDaemon()
    await stack.untilState('connected')
    const before = uploads()
    const { lid } = stack.alice
    stack.simulator.faults.send({
      tag: 'receipt',
      attrs: {
        type: 'retry',
        id: first.id,
        t: '1700000000',
        ...(group ? { from: family.jid, participant: lid } : { from: lid }),
      },
      content: [
        { tag: 'retry', attrs: { count: '1', id: first.id, t: '1700000000', v: '1' } },
        { tag: 'registration', attrs: {}, content: Buffer.from([0, 0, 1, 1]) },
      ],
    })
    const again = (): RecordedMessage | undefined => stack.alice.duplicates.find(({ id }) => id === first.id)
    await expect.poll(again).toBeDefined()
    expect(again()?.media).toEqual(first.media)
    const keys = [first, again()].map(
      (each) => normalizeMessageContent(each?.message)?.documentMessage?.mediaKey,
    )
    expect(keys[1]).toEqual(keys[0])
    expect(again()?.text).toBe('the plan')
    expect(uploads()).toBe(before)
  })
})

describe('a chat whose messages disappear', () => {
  it('gets files, places, contacts and polls that disappear, too', async () => {
    await stack.alice.setDisappearing(OWNER, WEEK)
    const before = stack.alice.received.length
    await answerTo([
      { type: 'media', kind: 'image', path: 'picture.png' },
      { type: 'media', kind: 'document', path: 'plan.bin', caption: 'the plan' },
      { type: 'location', latitude: 1, longitude: 2 },
      { type: 'contact', name: 'Bob', phoneNumbers: ['+15550000009'] },
      { type: 'poll', question: 'Tea?', options: ['Yes', 'No'] },
    ])
    const timers = stack.alice.received.slice(before).map(({ disappearsAfter }) => disappearsAfter)
    expect(timers).toEqual([WEEK, WEEK, WEEK, WEEK, WEEK, WEEK])
    await stack.alice.setDisappearing(OWNER, 0)
  })
})

describe('an answer of far too many places ends at the bound', () => {
  const places = { type: 'location', latitude: 1, longitude: 2 }
  const shown = (from: number): RecordedMessage[] =>
    stack.alice.received.slice(from).filter(({ card }) => card !== undefined)

  it('and its words arrive', async () => {
    const before = stack.alice.received.length
    await answerTo([{ ...places, times: 1_000 }])
    expect(shown(before)).toHaveLength(30)
  })

  it('and the next one is whole, where it is longer than any that is read', async () => {
    const before = stack.alice.received.length
    await stack.alice.sendText(OWNER, JSON.stringify([{ ...places, times: 10_000 }]))
    await stack.alice.waitForText('Sorry, I could not answer this message. Please try again later.')
    expect(shown(before)).toHaveLength(30)
    await answerTo([{ type: 'delta', text: 'still here' }])
  })
})
