import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordedMessage } from '../../src/simulator/phones/records.ts'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import { pngFile } from '../support/media-files.ts'
import { mirrorAgent, type Told } from '../support/mirror-agent.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

const PICTURE = pngFile(12, 8)
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
/** What is handed over of a quote of somebody who may not write. */
const NOTHING = { from: 'stranger', files: [] }
const POLL = { type: 'poll', question: 'Tea?', options: ['Yes', 'No'] }
const PHOTO = {
  type: 'media',
  kind: 'image',
  data: PICTURE.toString('base64'),
  caption: 'the chart',
}

describe('what people do with messages of the assistant, and of people who are gone', () => {
  let stack: Stack
  let family: SimulatedGroup
  beforeAll(async () => {
    stack = await Stack.start()
    await allow(ALICE, MALLORY)
    const { alice, owner, mallory } = stack
    family = stack.simulator.createGroup({ subject: 'Family', members: [alice, owner, mallory] })
    await stack.link()
  })
  afterAll(() => stack.stop())

  async function allow(...people: string[]): Promise<void> {
    const applied = stack.published('config.applied').length
    stack.writeConfig(people, mirrorAgent(stack.directory))
    await stack.until('the config', () => stack.published('config.applied').length > applied)
  }

  /** The next message that Alice gets of the assistant. */
  async function answerTo(ask: () => Promise<unknown>): Promise<RecordedMessage> {
    const { alice } = stack
    const mark = alice.received.length
    await ask()
    return alice.waitForText((message) => message.from === OWNER && alice.received.indexOf(message) >= mark)
  }
  // As the assistant writes it.
  const told = async (ask: () => Promise<unknown>): Promise<Told> =>
    JSON.parse((await answerTo(ask)).text) as Told
  const ask = (text: string, where: string | SimulatedGroup, quote?: RecordedMessage): Promise<unknown> => {
    const options = quote === undefined ? {} : { quote }
    return typeof where === 'string'
      ? stack.alice.sendText(where, text, options)
      : stack.alice.sendGroupText(where, text, { ...options, mention: OWNER })
  }
  const sent = (step: object, where: string | SimulatedGroup): Promise<RecordedMessage> =>
    answerTo(() => ask(`send: ${JSON.stringify([step])}`, where))
  const downloads = (): number =>
    stack.simulator.media.requests.items.filter(({ kind }) => kind === 'download').length

  it('a vote in its poll is a question, and so is the one that takes it back', async () => {
    const poll = await sent(POLL, OWNER)
    const choices = ['No']
    expect(await told(() => stack.alice.vote(poll, choices))).toMatchObject({
      text: '[vote] Tea?: No',
      details: [{ type: 'vote', pollId: poll.id, question: 'Tea?', choices }],
      quoted: { from: 'assistant' },
    })
    expect((await told(() => stack.alice.vote(poll, []))).text).toBe('[vote taken back] Tea?')
  })

  it('in a group votes start nothing, and are told with the next question', async () => {
    const poll = await sent(POLL, family)
    const before = stack.alice.received.length
    await stack.alice.vote(poll, ['Yes'])
    await stack.mallory.vote(poll, ['No'])
    const next = await told(() => ask('who wants tea?', family))
    expect(next.before).toEqual(expect.arrayContaining(['[vote] Tea?: Yes', '[vote] Tea?: No']))
    const answers = stack.alice.received.slice(before).filter(({ from }) => from === OWNER)
    expect(answers).toHaveLength(1)
  })

  it.each(['directly', 'in a group'])('its own file comes back when it is quoted %s', async (how) => {
    const where = how === 'directly' ? OWNER : family
    const photo = await sent(PHOTO, where)
    expect(photo.media?.sha256).toBe(hashOf(PICTURE))
    const before = downloads()
    expect(await told(() => ask('what does it show?', where, photo))).toMatchObject({
      quoted: {
        from: 'assistant',
        text: expect.stringContaining('the chart'),
        files: [hashOf(PICTURE)],
      },
    })
    // From our own disk.
    expect(downloads()).toBe(before)
  })

  it('of a quoted author who was removed meanwhile nothing is fetched, and nothing is told as of one who may write', async () => {
    const { alice, mallory } = stack
    const media = { kind: 'image', data: PICTURE, caption: 'my picture' } as const
    const photos: RecordedMessage[] = []
    for (const nth of [1, 2]) {
      const { id } = await mallory.sendMedia(family, { ...media, data: pngFile(nth, 9) })
      photos.push(await alice.waitForText((message) => message.id === id))
    }
    const [first, second] = photos
    expect(await told(() => ask('what is that?', family, first))).toMatchObject({
      quoted: { from: 'person', files: [hashOf(pngFile(1, 9))] },
    })
    await allow(ALICE)
    const before = downloads()
    expect(await told(() => ask('and that?', family, second))).toMatchObject({ quoted: NOTHING })
    expect(await told(() => ask('once more: what is that?', family, first))).toMatchObject({
      quoted: NOTHING,
    })
    expect(downloads()).toBe(before)
  })
})
