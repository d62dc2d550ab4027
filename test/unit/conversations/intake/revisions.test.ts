import { describe, expect, it, vi } from 'vitest'
import { identity } from '../../../support/identity.ts'
import { type IncomingContent, textParts } from '../../../../src/messaging/content.ts'
import type { IncomingMessage } from '../../../../src/messaging/incoming-message.ts'
import { ALICE, BOB, Desk, direct, OWN, STRANGER } from '../desk.ts'
import { useFakeClock } from '../fake-clock.ts'
import { HeldAgent } from '../held-agent.ts'
import { heldDesk } from '../held-desk.ts'

const LATER = new Date(Date.now() + 60_000)
const edit = (targetId: string, text: string): IncomingContent => ({
  kind: 'edit',
  targetId,
  parts: textParts(text),
})
const revoke = (targetId: string): IncomingContent => ({ kind: 'revoke', targetId })

function change(
  desk: Desk,
  from: string,
  content: IncomingContent,
  more: Partial<IncomingMessage> = {},
): IncomingMessage {
  return desk.receive(from, '', { content, sentAt: LATER, ...more })
}

const texts = (desk: Desk): unknown[] =>
  desk.database
    .prepare(`SELECT text FROM inbox WHERE kind IN ('text', 'edit') ORDER BY sequence`)
    .all()
    .map((row) => (row as { text: string }).text)

describe('an edit', () => {
  it('before the turn starts shows the turn the new text', async () => {
    const { desk, agent } = heldDesk()
    desk.receive(ALICE, 'first')
    await desk.until(() => agent.turns.length === 1)
    const second = desk.receive(ALICE, 'helo')
    change(desk, ALICE, edit(second.id, 'hello'))
    agent.answer()
    await desk.until(() => agent.turns.length === 2)
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.transport.texts()).toEqual(['answer to first', 'answer to hello'])
    expect(desk.named('message.edited')).toMatchObject([{ messageId: second.id, conversation: ALICE }])
  })

  it('while the turn runs changes what is remembered, and nothing is answered twice', async () => {
    const { desk, agent } = heldDesk()
    const { id } = desk.receive(ALICE, 'helo')
    await desk.until(() => agent.turns.length === 1)
    const revision = change(desk, ALICE, edit(id, 'hello'))
    desk.conversations.received(revision)
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 1)
    desk.receive(ALICE, 'next')
    await desk.until(() => agent.turns.length === 2)
    expect(agent.turns[1]?.history).toMatchObject([
      { from: 'person', text: 'hello', edited: true },
      { from: 'assistant', text: 'answer to helo' },
    ])
    expect(desk.named('message.edited')).toHaveLength(1)
  })

  it('that overtook its message, or an older one of two, still leaves the newest text', async () => {
    const { desk, agent } = heldDesk()
    const message = desk.message(ALICE, 'draft')
    change(desk, ALICE, edit(message.id, 'second edit'), { sentAt: new Date(LATER.getTime() + 5_000) })
    desk.crash()
    desk.conversations.start()
    desk.conversations.received(message)
    change(desk, ALICE, edit(message.id, 'first edit'))
    await desk.until(() => agent.turns.length === 1)
    expect(agent.turns[0]?.texts).toEqual(['second edit'])
    expect(texts(desk)).toContain('second edit')
    desk.conversations.received(message)
    await desk.settle()
    expect(agent.turns).toHaveLength(1)
  })
})

describe('a deletion', () => {
  it('before the turn starts leaves no turn, no reply and no text', async () => {
    const { desk, agent } = heldDesk()
    desk.receive(ALICE, 'first')
    await desk.until(() => agent.turns.length === 1)
    const second = desk.receive(ALICE, 'a secret')
    const third = desk.receive(ALICE, 'third')
    change(desk, ALICE, edit(second.id, 'another secret'))
    change(desk, ALICE, revoke(second.id))
    agent.answer()
    await desk.until(() => agent.turns.length === 2)
    expect(agent.turns[1]?.texts).toEqual(['third'])
    expect(agent.turns[1]?.history.map(({ text }) => text)).not.toContain('a secret')
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(texts(desk)).toEqual(['first', '', 'third', ''])
    expect(desk.named('message.revoked')).toMatchObject([{ messageId: second.id }])
    expect(third.id).not.toBe(second.id)
    desk.conversations.received(second)
    desk.crash()
    desk.conversations.start()
    desk.conversations.received(second)
    await desk.settle()
    expect(desk.transport.sent).toHaveLength(2)
    expect(texts(desk)).not.toContain('a secret')
  })

  it('after the daemon said that the answer takes long still ends the turn', async () => {
    useFakeClock()
    const { desk, agent } = heldDesk({ waitingLine: { afterSeconds: 5, text: 'One moment.' } })
    const { id } = desk.receive(ALICE, 'a secret')
    await desk.until(() => agent.turns.length === 1)
    vi.advanceTimersByTime(5_000)
    await desk.until(() => desk.named('message.sent').length === 1)
    change(desk, ALICE, revoke(id))
    await desk.until(() => agent.turns[0]?.aborted === true)
    agent.answer()
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['One moment.'])
  })

  it('of one of several after that line does not say it again', async () => {
    useFakeClock()
    const { desk, agent } = heldDesk({
      debounceMs: 100,
      waitingLine: { afterSeconds: 5, text: 'One moment.' },
    })
    const { id } = desk.receive(ALICE, 'a secret')
    desk.receive(ALICE, 'a question')
    await desk.until(() => agent.turns.length === 1)
    vi.advanceTimersByTime(5_000)
    await desk.until(() => desk.named('message.sent').length === 1)
    change(desk, ALICE, revoke(id))
    agent.answer()
    await desk.until(() => agent.turns.length === 2)
    vi.advanceTimersByTime(10_000)
    await desk.settle()
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.transport.texts()).toEqual(['One moment.', 'answer to a question'])
  })

  it('while the turn runs ends it, and nothing is sent', async () => {
    const { desk, agent } = heldDesk()
    const { id } = desk.receive(ALICE, 'a secret')
    await desk.until(() => agent.turns.length === 1)
    change(desk, ALICE, revoke(id))
    await desk.until(() => agent.turns[0]?.aborted === true)
    agent.answer()
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
    expect(desk.named('agent.turnFinished')).toMatchObject([{ outcome: 'cancelled' }])
    desk.crash()
    desk.conversations.start()
    desk.receive(ALICE, 'next')
    await desk.until(() => agent.turns.length === 2)
    expect(agent.turns[1]?.history).toMatchObject([{ from: 'person', text: '', revoked: true }])
  })

  // A late answer to the first question would otherwise be taken for one to the second.
  it('of one of several messages of a turn asks the others under another id', async () => {
    useFakeClock()
    const { desk, agent } = heldDesk({ debounceMs: 100 })
    await vi.advanceTimersByTimeAsync(1)
    desk.receive(ALICE, 'one')
    const { id } = desk.receive(ALICE, 'two')
    await vi.advanceTimersByTimeAsync(150)
    await desk.until(() => agent.turns.length === 1)
    change(desk, ALICE, revoke(id))
    await desk.until(() => agent.turns.length === 2)
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['answer to one'])
    const [before, after] = agent.turns.map(({ turn }) => turn.id)
    expect(after).not.toBe(before)
    expect(desk.named('agent.turnFinished')).toMatchObject([
      { turn: before, outcome: 'cancelled' },
      { turn: after, outcome: 'answered' },
    ])
  })

  it('holds back an answer that waits, and erases afterwards what was answered', async () => {
    const { desk, agent } = heldDesk()
    desk.setReady(false)
    const waiting = desk.receive(ALICE, 'one')
    await desk.until(() => agent.turns.length === 1)
    agent.answer()
    await desk.until(() => desk.named('message.queued').length === 1)
    change(desk, ALICE, revoke(waiting.id))
    expect(desk.named('message.failed')).toMatchObject([{ code: 'revoked' }])
    desk.setReady(true)
    const answered = desk.receive(ALICE, 'two')
    await desk.until(() => agent.turns.length === 2)
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 1)
    change(desk, ALICE, revoke(answered.id))
    expect(desk.transport.texts()).toEqual(['answer to two'])
    expect(texts(desk)).toEqual(['', ''])
  })

  it('that overtook its message still counts', async () => {
    const { desk, agent } = heldDesk()
    const message = desk.message(ALICE, 'a secret')
    change(desk, ALICE, revoke(message.id))
    desk.crash()
    desk.conversations.start()
    desk.conversations.received(message)
    await desk.settle()
    expect(agent.turns).toEqual([])
    expect(texts(desk)).toEqual([''])
  })
})

describe('who may change a message', () => {
  it('is its author, under whatever name, and nobody else', async () => {
    const { desk, agent } = heldDesk({ access: { dmPolicy: 'open', allowFrom: ['*'] } })
    desk.receive(BOB, 'in front')
    const hers = desk.receive(ALICE, 'hers', {
      chat: direct('77@lid'),
      sender: identity('77@lid', null),
    })
    await desk.until(() => agent.turns.length === 2)
    for (const from of [BOB, STRANGER]) {
      change(desk, from, edit(hers.id, 'foreign'))
      change(desk, from, revoke(hers.id))
    }
    await desk.settle()
    expect(agent.turns.some(({ aborted }) => aborted)).toBe(false)
    expect(texts(desk)).toContain('hers')
    change(desk, ALICE, edit(hers.id, 'hers now'), {
      chat: direct('77@lid'),
      sender: identity('77@lid', ALICE),
    })
    expect(texts(desk)).toContain('hers now')
  })

  it('is nobody who may not talk', async () => {
    const { desk, agent } = heldDesk()
    const { id } = desk.receive(ALICE, 'hers')
    await desk.until(() => agent.turns.length === 1)
    expect(desk.conversations.received(desk.message(STRANGER, '', { content: revoke(id) }))).toBe('blocked')
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(texts(desk)).toEqual(['hers'])
  })

  it("is the account's owner on the phone, for what the assistant said", async () => {
    const desk = new Desk()
    desk.conversations.start()
    for (const text of ['one', 'two']) desk.receive(ALICE, text)
    await desk.until(() => desk.named('message.sent').length === 2)
    const [one, two] = desk.transport.sent
    const chat = direct('15550001111@s.whatsapp.net')
    change(desk, OWN, edit(one?.id ?? '', 'one, mended'), { chat })
    change(desk, OWN, revoke(two?.id ?? ''), { chat })
    expect(desk.named('message.edited')).toMatchObject([{ messageId: one?.id }])
    expect(desk.named('message.revoked')).toMatchObject([{ messageId: two?.id }])
    const agent = new HeldAgent()
    desk.agent = agent
    desk.receive(ALICE, 'three')
    await desk.until(() => agent.turns.length === 1)
    expect(agent.turns[0]?.history.filter(({ from }) => from === 'assistant')).toMatchObject([
      { text: 'one, mended', edited: true },
      { text: '', revoked: true },
    ])
  })
})

// What was deleted on the phone before WhatsApp's acknowledgement came went out again, empty, under its id.
describe('a message whose acknowledgement was lost', () => {
  for (const [name, content, text] of [
    ['deletes', revoke, ''],
    ['edits', (id: string) => edit(id, 'mended'), 'mended'],
  ] as const)
    it(`is out when the owner ${name} it on the phone, and holds up nothing behind it`, async () => {
      useFakeClock()
      const { desk, agent } = heldDesk()
      await vi.advanceTimersByTimeAsync(1)
      desk.transport.answer = () => ({ outcome: 'unconfirmed', why: 'no answer' })
      for (const [index, question] of ['one', 'two'].entries()) {
        desk.receive(ALICE, question)
        await desk.until(() => agent.turns.length === index + 1)
        agent.answer()
        await desk.until(() => desk.named('message.queued').length === index + 1)
      }
      await desk.settle()
      const before = Date.now()
      desk.transport.answer = () => ({ outcome: 'acknowledged', at: new Date() })
      const { id = '' } = desk.transport.sent[0] ?? {}
      change(desk, OWN, content(id), { chat: direct('15550001111@s.whatsapp.net') })
      await desk.until(() => desk.named('message.sent').length === 2)
      // The next attempt would have been due a second later at the earliest.
      expect(Date.now() - before).toBeLessThan(500)
      expect(desk.transport.texts()).toEqual(['answer to one', 'answer to two'])
      expect(desk.named('message.sent')[0]).toMatchObject({ messageId: id })
      await vi.advanceTimersByTimeAsync(120_000)
      expect(desk.transport.sent).toHaveLength(2)
      expect(
        desk.database.prepare('SELECT state, text FROM outbox WHERE message_id = ?').get(id),
      ).toMatchObject({ state: 'acknowledged', text })
    })

  it('is out when the phone says so while it goes out again, whatever becomes of that', async () => {
    const desk = new Desk()
    let refuse = (): void => {}
    desk.transport.answer = () =>
      new Promise((resolve) => {
        refuse = () => resolve({ outcome: 'refused', code: 'stanza_invalid', message: 'the second time' })
      })
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.transport.sent.length === 1)
    const { id = '' } = desk.transport.sent[0] ?? {}
    change(desk, OWN, edit(id, 'mended'), { chat: direct('15550001111@s.whatsapp.net') })
    refuse()
    await desk.settle()
    expect(desk.named('message.failed')).toEqual([])
    expect(desk.named('message.sent')).toMatchObject([{ messageId: id }])
  })

  it('is no longer among the failed ones, from where it would go out again', async () => {
    const desk = new Desk()
    desk.transport.answer = () => ({ outcome: 'refused', code: 'stanza_invalid', message: 'refused' })
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.conversations.outbox.list({ limit: 10 }).failed === 1)
    const { id = '' } = desk.transport.sent[0] ?? {}
    change(desk, OWN, revoke(id), { chat: direct('15550001111@s.whatsapp.net') })
    expect(desk.conversations.outbox.list({ limit: 10 })).toMatchObject({ messages: [], failed: 0 })
    expect(() => desk.conversations.outbox.retry(id)).toThrow(/Only a failed message/)
  })
})

describe('a reaction', () => {
  it('is remembered with its message, starts no turn, and goes when it is taken back', async () => {
    const { desk, agent } = heldDesk()
    const { id } = desk.receive(ALICE, 'hello')
    await desk.until(() => agent.turns.length === 1)
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 1)
    const answer = desk.transport.sent[0]?.id ?? ''
    const react = (targetId: string, emoji: string): void =>
      void change(desk, ALICE, { kind: 'reaction', targetId, emoji })
    react(answer, '👍')
    react(answer, '🎉')
    react(id, '😀')
    react(id, '')
    await desk.settle()
    expect(agent.turns).toHaveLength(1)
    desk.receive(ALICE, 'next')
    await desk.until(() => agent.turns.length === 2)
    const history = agent.turns[1]?.history
    expect(history?.[0]).not.toHaveProperty('reactions')
    expect(history?.[1]).toMatchObject({ from: 'assistant', reactions: ['🎉'] })
  })
})
