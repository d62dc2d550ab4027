import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type FileDescription, type IncomingContent, textParts } from '../../../../src/messaging/content.ts'
import type { MessageDetail } from '../../../../src/protocol/agent/message-detail.ts'
import { ALICE, group, textContent } from '../desk.ts'
import { heldDesk } from '../held-desk.ts'

const GROUP = '120363000000000001@g.us'
const IN_GROUP = { chat: group(GROUP) }
const PHOTO: FileDescription = { kind: 'image', what: 'photo', name: null, mimeType: 'image/jpeg', size: 1 }

const withDetail = (text: string, detail: MessageDetail): IncomingContent => ({
  kind: 'message',
  parts: [{ kind: 'text', text, details: [detail] }],
  quoted: null,
})
const VOTE = withDetail('[vote] Lunch?: Pizza', {
  type: 'vote',
  pollId: 'P',
  question: 'Lunch?',
  choices: ['Pizza'],
})
const livePlace = (latitude: number): IncomingContent =>
  withDetail(`[live location] ${latitude}, 0`, {
    type: 'location',
    latitude,
    longitude: 0,
    name: null,
    address: null,
    url: null,
    isLive: true,
    accuracy: null,
  })
const picture = (words: string, album: { id: string; size: number | null } | null): IncomingContent => ({
  kind: 'message',
  parts: [
    { kind: 'attachment', text: '[photo]', file: PHOTO },
    ...(words === '' ? [] : [{ kind: 'text' as const, text: words }]),
  ],
  quoted: null,
  ...(album !== null && { album }),
})

describe('a vote', () => {
  it('is a question in a direct chat', async () => {
    const { desk, agent } = heldDesk()
    desk.receive(ALICE, '', { content: VOTE })
    await desk.until(() => agent.turns.length === 1)
    expect(agent.turns[0]?.turn.messages[0]).toMatchObject({ text: '[vote] Lunch?: Pizza' })
  })

  it('is told with the next question in a group, also where every message is answered', async () => {
    const { desk, agent } = heldDesk({
      groupAccess: {
        groupPolicy: 'allowlist',
        groupAllowFrom: null,
        groups: { '*': { requireMention: false } },
      },
    })
    desk.receive(ALICE, '', { content: VOTE, ...IN_GROUP })
    desk.receive(ALICE, 'so?', { ...IN_GROUP })
    await desk.until(() => agent.turns.length === 1)
    expect(agent.turns[0]?.texts).toEqual(['so?'])
    expect(agent.turns[0]?.turn.history).toMatchObject([{ text: '[vote] Lunch?: Pizza' }])
  })
})

describe('a place that moves', () => {
  it('is answered once, and again when it is shared anew', async () => {
    const { desk, agent } = heldDesk()
    const sentAt = (minutes: number): Date => new Date(Date.now() - 3_600_000 + minutes * 60_000)
    desk.receive(ALICE, '', { content: livePlace(1), sentAt: sentAt(0) })
    await desk.until(() => agent.turns.length === 1)
    agent.answer()
    desk.receive(ALICE, '', { content: livePlace(2), sentAt: sentAt(1) })
    desk.receive(ALICE, '', { content: livePlace(3), sentAt: sentAt(14) })
    desk.receive(ALICE, '', { content: livePlace(4), sentAt: sentAt(40) })
    await desk.until(() => agent.turns.length === 2)
    expect(agent.turns[1]?.texts).toEqual(['[live location] 4, 0'])
    expect(agent.turns[1]?.turn.history.map(({ text }) => text)).toContain('[live location] 3, 0')
  })
})

describe('a view-once message', () => {
  it('is told to its sender in a sentence, and to the agent with the next question', async () => {
    const { desk, agent } = heldDesk()
    desk.receive(ALICE, '', { content: { kind: 'unsupported', what: 'viewOnce' } })
    await desk.until(() => desk.transport.sent.length === 1)
    expect(desk.transport.texts()[0]).toMatch(/^I cannot open view-once messages/)
    desk.receive(ALICE, 'did you see it?')
    await desk.until(() => agent.turns.length === 1)
    expect(agent.turns[0]?.turn.history[0]).toMatchObject({
      from: 'person',
      text: '[view-once message, which only the phone can open]',
    })
  })
})

describe('an album', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
  afterEach(() => void vi.useRealTimers())

  it('is answered as one, as soon as it is whole', async () => {
    const { desk, agent } = heldDesk()
    for (const words of ['look', '', 'nice?'])
      desk.receive(ALICE, '', { content: picture(words || 'x', { id: 'A', size: 3 }) })
    await vi.advanceTimersByTimeAsync(50)
    await desk.until(() => agent.turns.length === 1)
    expect(agent.turns[0]?.texts).toEqual(['[photo]\nlook', '[photo]\nx', '[photo]\nnice?'])
  })

  it('is answered without the pictures that do not come, and with those of which no number is known', async () => {
    const { desk, agent } = heldDesk()
    desk.receive(ALICE, '', { content: picture('one', { id: 'A', size: null }) })
    await vi.advanceTimersByTimeAsync(2_000)
    desk.receive(ALICE, '', { content: picture('two', { id: 'A', size: null }) })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(agent.turns).toEqual([])
    await vi.advanceTimersByTimeAsync(1_000)
    await desk.until(() => agent.turns.length === 1)
    expect(agent.turns[0]?.texts).toEqual(['[photo]\none', '[photo]\ntwo'])
  })

  it('is asked about as a whole in a group, whichever picture has the words', async () => {
    const { desk, agent } = heldDesk()
    desk.receive(ALICE, '', { content: picture('', { id: 'A', size: 3 }), ...IN_GROUP })
    const content = picture('which is best?', { id: 'A', size: 3 })
    desk.receive(ALICE, '', { content, ...IN_GROUP, mentionsUs: true })
    desk.receive(ALICE, '', { content: picture('', { id: 'A', size: 3 }), ...IN_GROUP })
    await vi.advanceTimersByTimeAsync(50)
    await desk.until(() => agent.turns.length === 1)
    expect(agent.turns[0]?.texts).toEqual(['[photo]', '[photo]\nwhich is best?', '[photo]'])
  })

  it('does not hold up other messages for ever, nor join those that are none of it', async () => {
    const { desk, agent } = heldDesk()
    desk.receive(ALICE, '', { content: picture('one', { id: 'A', size: 9 }) })
    desk.receive(ALICE, '', { content: textContent('and now?') })
    await vi.advanceTimersByTimeAsync(3_000)
    await desk.until(() => agent.turns.length === 1)
    expect(agent.turns[0]?.texts).toEqual(['[photo]\none'])
    agent.answer()
    await vi.advanceTimersByTimeAsync(3_000)
    await desk.until(() => agent.turns.length === 2)
    expect(agent.turns[1]?.texts).toEqual(['and now?'])
  })
})

describe('an edit of the words beside a file', () => {
  it.each([
    ['in words alone', textContent('better words')],
    ['with its file', picture('better words', null)],
  ])('leaves the file where it is: %s', async (_how, edited) => {
    const { desk, agent } = heldDesk()
    desk.receive(ALICE, 'first')
    await desk.until(() => agent.turns.length === 1)
    const { id } = desk.receive(ALICE, '', { content: picture('words', null) })
    if (edited.kind !== 'message') throw new Error('no message')
    desk.receive(ALICE, '', { content: { kind: 'edit', parts: edited.parts, targetId: id } })
    agent.answer()
    await desk.until(() => agent.turns.length === 2)
    expect(agent.turns[1]?.texts).toEqual(['[photo]\nbetter words'])
    expect(agent.turns[1]?.turn.messages[0]?.attachments).toHaveLength(1)
  })

  it('leaves it, too, when the edit came first', async () => {
    const { desk, agent } = heldDesk()
    desk.receive(ALICE, '', { content: { kind: 'edit', parts: textParts('later'), targetId: 'M1' } })
    desk.receive(ALICE, '', { id: 'M1', content: picture('words', null) })
    await desk.until(() => agent.turns.length === 1)
    expect(agent.turns[0]?.texts).toEqual(['[photo]\nlater'])
    expect(agent.turns[0]?.turn.messages[0]?.attachments).toHaveLength(1)
  })
})
