import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Agent } from '../../../../src/agents/agent.ts'
import { SENTENCES } from '../../../../src/conversations/notices/sentences.ts'
import { ALICE, BOB, Desk, direct, group, OWN } from '../desk.ts'
import { useFakeClock } from '../fake-clock.ts'

// An assistant was down for ten minutes. The first question got "please try again in a moment", and whoever did that heard
// nothing at all until the ten minutes were over.

const SERVER_WORDS = 'HTTP 401: invalid key sk-secret of org acme'
const GROUP = '120363000000000001@g.us'

const failing: Agent = {
  // oxlint-disable-next-line require-yield -- it never comes to that
  async *reply() {
    throw new Error(SERVER_WORDS)
  },
}

/** Questions that failed, in the order of `texts`, without time passing between them. */
async function failAll(desk: Desk, ask: () => void): Promise<void> {
  const before = desk.named('agent.turnFinished').length
  ask()
  await desk.until(() => desk.named('agent.turnFinished').length > before)
  await desk.settle()
}

const marked = (desk: Desk): string[] =>
  desk.transport.reactions
    .filter(({ reaction }) => reaction.emoji === '⚠️')
    .map(({ reaction }) => reaction.target.id)

describe('a question that fails', () => {
  afterEach(() => void vi.useRealTimers())

  it.each([
    { chat: 'direct', from: ALICE },
    { chat: 'self', from: OWN },
  ])('in a $chat chat gets a sentence, at most one a minute, and otherwise a mark', async ({ from }) => {
    useFakeClock()
    const desk = new Desk()
    desk.agent = failing
    desk.conversations.start()
    const ids: string[] = []
    for (let minute = 0; minute < 3; minute += 1) {
      for (const text of ['one', 'two', 'three']) {
        await failAll(desk, () => ids.push(desk.receive(from, `${text} ${minute}`).id))
        await vi.advanceTimersByTimeAsync(5_000)
      }
      await vi.advanceTimersByTimeAsync(60_000)
    }
    expect(desk.transport.texts()).toEqual([SENTENCES.failed, SENTENCES.failed, SENTENCES.failed])
    expect(marked(desk)).toEqual(ids.filter((_, index) => index % 3 > 0))
    expect(JSON.stringify(desk.transport.sent)).not.toContain('401')
  })

  it('counts for each conversation by itself', async () => {
    const desk = new Desk()
    desk.agent = failing
    desk.conversations.start()
    await failAll(desk, () => desk.receive(ALICE, 'one'))
    await failAll(desk, () => desk.receive(BOB, 'two'))
    expect(desk.transport.texts()).toEqual([SENTENCES.failed, SENTENCES.failed])
  })

  it('in a group is said only to those who asked the assistant', async () => {
    const desk = new Desk({
      groupAccess: {
        groupPolicy: 'allowlist',
        groupAllowFrom: null,
        groups: { [GROUP]: { requireMention: false } },
      },
    })
    desk.agent = failing
    desk.conversations.start()
    const chat = group(GROUP)
    await failAll(desk, () => desk.receive(ALICE, 'good morning, all', { chat }))
    await failAll(desk, () => desk.receive(BOB, 'lunch?', { chat }))
    expect([desk.transport.texts(), marked(desk)]).toEqual([[], []])
    await failAll(desk, () => desk.receive(ALICE, '@bot why?', { chat, mentionsUs: true }))
    let second = ''
    await failAll(desk, () => (second = desk.receive(BOB, '@bot and?', { chat, mentionsUs: true }).id))
    expect(desk.transport.texts()).toEqual([SENTENCES.failed])
    expect(marked(desk)).toEqual([second])
  })

  it('has its mark in the place of the reaction that said "seen", also after a crash', async () => {
    const desk = new Desk({
      ackReaction: { emoji: '👀', direct: true, group: 'mentions', removeAfterReply: true },
    })
    desk.agent = failing
    desk.conversations.start()
    await failAll(desk, () => desk.receive(ALICE, 'one'))
    desk.setReady(false)
    let second = ''
    await failAll(desk, () => (second = desk.receive(ALICE, 'two').id))
    expect(marked(desk)).toEqual([])
    desk.crash()
    desk.transport.ready = true
    desk.conversations.start()
    await desk.until(() => marked(desk).length === 1)
    await desk.settle()
    expect(marked(desk)).toEqual([second])
    const ofSecond = desk.transport.reactions.filter(({ reaction }) => reaction.target.id === second)
    expect(ofSecond.at(-1)?.reaction.emoji).toBe('⚠️')
  })

  it('gets no mark from a person who may not talk any more', async () => {
    const desk = new Desk()
    desk.agent = failing
    desk.conversations.start()
    await failAll(desk, () => desk.receive(ALICE, 'one'))
    desk.setReady(false)
    await failAll(desk, () => desk.receive(ALICE, 'two'))
    desk.allow(BOB)
    desk.setReady(true)
    await desk.settle()
    expect(marked(desk)).toEqual([])
  })

  it('leaves the pace to answers: of a flood only what is to spare gets a mark', async () => {
    const desk = new Desk({ pace: { perMinute: 10, perHour: 100, firstContactsPerDay: 20 } })
    desk.agent = failing
    desk.conversations.start()
    for (let count = 0; count < 30; count += 1)
      await failAll(desk, () => desk.receive(ALICE, `question ${count}`))
    expect(desk.transport.texts()).toEqual([SENTENCES.failed])
    expect(marked(desk).length).toBeLessThanOrEqual(5)
  })
})

describe('what cannot be read', () => {
  it('is said once, and the rest is marked', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const chat = direct(`${ALICE.slice(1)}@s.whatsapp.net`)
    const content = { kind: 'unsupported', what: 'image' } as const
    const ids = [1, 2, 3].map(() => desk.receive(ALICE, '', { chat, content }).id)
    await desk.until(() => marked(desk).length === 2)
    expect(desk.transport.texts()).toEqual([SENTENCES.unreadable])
    expect(marked(desk)).toEqual(ids.slice(1))
  })
})
