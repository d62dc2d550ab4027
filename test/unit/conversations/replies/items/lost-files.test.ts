/** What people see where a file of an answer does not arrive, and what the other items of an answer do to its words. */
import { expect, it, onTestFinished, vi } from 'vitest'
import type { ReplyPart } from '../../../../../src/agents/agent.ts'
import { ALICE, Desk, group, textContent } from '../../desk.ts'

const NOTICE = 'A file that belongs to this answer could not be sent.'
const FAMILY = group('1@g.us')
const file = (caption: string): ReplyPart => ({
  type: 'media',
  kind: 'document',
  name: 'plan.txt',
  caption,
  file: { data: Buffer.from('plan') },
})
/** No agent here has a directory. */
const LOST: ReplyPart = { type: 'media', kind: 'image', file: { path: 'missing.png' } }
const words = (text: string): ReplyPart => ({ type: 'delta', text })

function start(answers: readonly ReplyPart[][], overrides: ConstructorParameters<typeof Desk>[0] = {}): Desk {
  const desk = new Desk({
    ackReaction: { emoji: '', direct: true, group: 'never', removeAfterReply: false },
    ...overrides,
  })
  let turns = 0
  desk.agent = {
    async *reply() {
      yield* answers[turns++ % answers.length] ?? []
    },
  }
  desk.conversations.start()
  return desk
}
const texts = (desk: Desk): string[] => desk.transport.sent.map(({ text }) => text)
const settled = async (desk: Desk, messages: number): Promise<void> => {
  await desk.until(() => desk.transport.sent.length >= messages)
  await desk.settle()
}
/** WhatsApp takes no file, until it does. */
const refuseFiles = (desk: Desk): { stop: () => void } => {
  let isRefused = true
  desk.transport.answer = ({ part }) =>
    isRefused && part.kind === 'file'
      ? { outcome: 'refused', code: 'file_refused', message: 'It is refused.' }
      : { outcome: 'acknowledged', at: new Date() }
  return { stop: () => void (isRefused = false) }
}

it('shows the caption of a refused file in its place, and not again with the file that is sent later', async () => {
  const desk = start([[file('the **plan**'), words('and words behind it')]])
  const { stop } = refuseFiles(desk)
  desk.receive(ALICE, 'the plan?')
  await settled(desk, 4)
  expect(texts(desk).slice(1)).toEqual(['the *plan*', 'and words behind it', NOTICE])
  const replies = desk.database.prepare(`SELECT DISTINCT turn FROM outbox WHERE turn IS NOT NULL`).all()
  expect(replies).toHaveLength(1)
  expect(desk.database.prepare('SELECT * FROM outbox WHERE turn IS NULL').all()).toEqual([])
  stop()
  desk.conversations.outbox.retry(String(desk.named('message.failed')[0]?.['messageId']))
  await settled(desk, 5)
  expect(desk.transport.sent.at(-1)?.part).toMatchObject({ kind: 'file', text: '' })
})

it('gives a file up that no server takes for a long time: the words behind it arrive, and the person is told', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const desk = start([[file('the plan'), words('and words')]])
  desk.transport.uploadFailure = {
    outcome: 'unconfirmed',
    why: 'the server of files answered with status 503',
    nothingLeft: true,
    isNotUploaded: true,
  }
  desk.receive(ALICE, 'the plan?')
  // Otherwise the time that passes below would be the turn's own.
  await desk.until(() => desk.named('agent.turnFinished').length === 1)
  for (let attempt = 1; attempt < 10; attempt += 1) {
    await desk.settle()
    expect(texts(desk)).toEqual([])
    vi.advanceTimersByTime(90_000)
  }
  await desk.until(() => desk.named('message.failed').length === 1)
  expect(desk.named('message.failed')[0]).toMatchObject({ code: 'upload_failed' })
  await settled(desk, 3)
  expect(texts(desk)).toEqual(['the plan', 'and words', NOTICE])
})

it('says of a refused file in a group only to those who asked', async () => {
  for (const mentionsUs of [false, true]) {
    const desk = start([[file('')]], {
      groupAccess: { groupPolicy: 'open', groupAllowFrom: null, groups: { '*': { requireMention: false } } },
    })
    refuseFiles(desk)
    desk.receive(ALICE, 'the plan?', { chat: FAMILY, mentionsUs })
    await settled(desk, mentionsUs ? 2 : 1)
    expect(texts(desk).slice(1)).toEqual(mentionsUs ? [NOTICE] : [])
  }
})

it('says nothing of a file where a reaction finds no message, or a place is none', async () => {
  const desk = start([[{ type: 'location', latitude: 91, longitude: 0 }, words('here')]])
  desk.transport.answerReaction = () => ({ outcome: 'refused', code: 'file_gone', message: 'It is gone.' })
  desk.receive(ALICE, 'where?')
  await settled(desk, 1)
  desk.agent = {
    async *reply() {
      yield { type: 'reaction', emoji: '👍' }
      yield words('there')
    },
  }
  desk.receive(ALICE, 'and?')
  await settled(desk, 2)
  expect(desk.named('message.failed')).toHaveLength(1)
  expect(texts(desk)).toEqual(['here', 'there'])
})

it('says of a reaction whose message is gone that it is that, and not a file', async () => {
  const desk = start([[{ type: 'reaction', emoji: '👍' }]])
  desk.setReady(false)
  desk.receive(ALICE, 'hello')
  await desk.until(() => desk.named('message.queued').length === 1)
  desk.database.prepare('DELETE FROM inbox').run()
  desk.setReady(true)
  await desk.until(() => desk.named('message.failed').length === 1)
  expect(desk.named('message.failed')[0]).toMatchObject({
    code: 'target_gone',
    message: expect.stringContaining('message that it reacts to'),
  })
  await desk.settle()
  expect(texts(desk)).toEqual([])
})

it('marks a question whose file is lost only where nothing else answers it', async () => {
  const desk = start([[LOST, words('first')], [LOST, words('second')], [LOST]])
  desk.receive(ALICE, 'a')
  await settled(desk, 2)
  desk.receive(ALICE, 'b')
  await settled(desk, 3)
  desk.receive(ALICE, 'c')
  await desk.until(() => desk.transport.reactions.length > 0)
  expect(texts(desk)).toEqual([NOTICE, 'first', 'second'])
  expect(desk.transport.reactions.map(({ reaction }) => [reaction.emoji, reaction.target.id])).toEqual([
    ['⚠️', 'IN3'],
  ])
})

it('lets the words behind a reaction quote what they would without it', async () => {
  const reaction: ReplyPart = { type: 'reaction', emoji: '👍' }
  const desk = start(
    [
      [reaction, words('first')],
      [{ type: 'quote', messageId: 'IN1' }, reaction, words('second')],
    ],
    { replyToMode: 'first' },
  )
  desk.receive(ALICE, 'a')
  await settled(desk, 1)
  desk.receive(ALICE, 'b')
  await settled(desk, 2)
  expect(desk.transport.sent.map(({ text, quote }) => [text, quote?.message.id])).toEqual([
    ['first', 'IN1'],
    ['second', 'IN1'],
  ])
})

it('knows captions that somebody sends back again and again', async () => {
  const desk = start([[file('the caption')]])
  for (let round = 0; round < 5; round += 1) {
    desk.receive(ALICE, '', { content: textContent(round === 0 ? 'hello' : 'the caption') })
    await desk.settle()
    await desk.until(() => desk.named('message.sent').length >= Math.min(round + 1, 3))
    await desk.settle()
  }
  expect(desk.transport.sent).toHaveLength(3)
})
