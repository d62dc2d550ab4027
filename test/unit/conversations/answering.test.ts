import { describe, expect, it, vi } from 'vitest'
import type { ReplyPart } from '../../../src/agents/agent.ts'
import { identity } from '../../support/identity.ts'
import { ALICE, BOB, Desk, direct, STRANGER } from './desk.ts'
import { useFakeClock } from './fake-clock.ts'

describe('answering', () => {
  it('answers an allowed person, with typing, a read receipt and events in order', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const question = desk.receive(ALICE, 'hello *there*\n\n# not a heading')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.sent).toMatchObject([
      { chat: question.chat, text: 'hello *there*\n\n# not a heading' },
    ])
    expect(desk.transport.log.map(({ what }) => what)).toEqual(['read', 'typing', 'send', 'paused'])
    expect(desk.transport.whats('read')).toMatchObject([{ chat: question.chat.address, detail: question.id }])
    // That the conversation changed is told a little later, once for all that changed it.
    expect(desk.events.map(({ name }) => name).filter((name) => name !== 'conversation.updated')).toEqual([
      'message.received',
      'agent.turnStarted',
      'message.queued',
      'agent.turnFinished',
      'message.sent',
    ])
    expect(desk.named('agent.turnFinished')).toMatchObject([{ outcome: 'answered', conversation: ALICE }])
    const id = desk.transport.sent[0]?.id ?? ''
    const sent = { kind: 'message', part: { kind: 'text', text: desk.transport.texts()[0] } }
    expect(
      desk.conversations.sentContent(id, { chat: question.chat.address, phoneNumber: null }),
    ).toMatchObject(sent)
    expect(desk.conversations.sentContent(id, { chat: 'another@lid', phoneNumber: ALICE })).toMatchObject(
      sent,
    )
    expect(
      desk.conversations.sentContent('unknown', { chat: question.chat.address, phoneNumber: ALICE }),
    ).toBeNull()
    // Anybody can ask for an id; only the person it was written to gets it, and only while allowed.
    expect(desk.conversations.sentContent(id, { chat: 'another@lid', phoneNumber: STRANGER })).toBeNull()
    desk.config = { ...desk.config, access: { dmPolicy: 'allowlist', allowFrom: [STRANGER] } }
    expect(desk.conversations.sentContent(id, { chat: question.chat.address, phoneNumber: ALICE })).toBeNull()
  })

  // What a person sees within half a second may not wait for what takes minutes.
  it('shows that it was read and types before the agent is asked', async () => {
    const desk = new Desk()
    const shown: string[][] = []
    desk.agent = {
      async *reply(): AsyncGenerator<ReplyPart, void, void> {
        shown.push(desk.transport.log.map(({ what }) => what))
        yield { type: 'delta', text: 'the answer' }
      },
    }
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(shown).toEqual([['read', 'typing']])
  })

  it('does nothing within the call of the transport itself', () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    expect(desk.transport.log).toEqual([])
  })

  it('has stored the message when received returns', () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    expect(desk.database.prepare('SELECT text, state FROM inbox').all()).toMatchObject([
      { text: 'hello', state: 'turn' },
    ])
  })

  it('answers every message of a burst once and in order', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const texts = Array.from({ length: 300 }, (_, index) => `message ${index}`)
    for (const text of texts) desk.receive(ALICE, text)
    await desk.until(() => desk.named('message.sent').length === 300)
    expect(desk.transport.texts()).toEqual(texts)
    expect(desk.transport.whats('typing')).toHaveLength(1)
    expect(desk.transport.whats('paused')).toHaveLength(1)
    expect(desk.transport.whats('read').flatMap(({ detail }) => detail.split(','))).toHaveLength(300)
  })

  it('takes in a message once, also when it comes again in its LID form', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const first = desk.receive(ALICE, 'hello')
    desk.conversations.received(first)
    desk.conversations.received({
      ...first,
      chat: direct('777@lid'),
      sender: identity('777@lid', ALICE),
      arrival: 'offline',
    })
    await desk.until(() => desk.named('message.sent').length === 1)
    desk.conversations.received(first)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['hello'])
    expect(desk.named('message.received')).toHaveLength(1)
  })

  it('keeps both forms of a person in one conversation and replies to the form that wrote', async () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.receive(ALICE, 'as a number')
    desk.receive(ALICE, 'as a LID', {
      chat: direct('777@lid'),
      sender: identity('777@lid', ALICE),
    })
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.transport.sent.map(({ chat }) => chat.address)).toEqual([
      '15550001111@s.whatsapp.net',
      '777@lid',
    ])
    expect(new Set(desk.named('message.received').map(({ conversation }) => conversation))).toEqual(
      new Set([ALICE]),
    )
  })

  it('stores a reaction without answering it, also when it shares an id', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const first = desk.receive(ALICE, 'hello')
    desk.conversations.received({ ...first, content: { kind: 'reaction', emoji: '👍', targetId: 'X' } })
    await desk.until(() => desk.named('message.sent').length === 1)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['hello'])
    expect(
      desk.database.prepare('SELECT kind, state, target_id FROM inbox ORDER BY sequence').all(),
    ).toMatchObject([{ kind: 'text' }, { kind: 'reaction', state: 'recorded', target_id: 'X' }])
  })

  it('says once an hour that it reads only text', async () => {
    const desk = new Desk()
    desk.conversations.start()
    for (const from of [ALICE, ALICE, BOB])
      desk.receive(from, '', { content: { kind: 'unsupported', what: 'image' } })
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.transport.sent.map(({ chat, text }) => [chat.address, text])).toEqual([
      ['15550001111@s.whatsapp.net', 'I cannot read messages of this kind.'],
      ['15550002222@s.whatsapp.net', 'I cannot read messages of this kind.'],
    ])
  })

  it('runs conversations side by side and each one in order', async () => {
    const desk = new Desk()
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    desk.agent = {
      async *reply(turn) {
        if (turn.conversation === ALICE) await gate
        yield { type: 'delta', text: turn.messages[0]?.text ?? '' }
      },
    }
    desk.conversations.start()
    desk.receive(ALICE, 'alice 1')
    desk.receive(ALICE, 'alice 2')
    desk.receive(BOB, 'bob')
    await desk.until(() => desk.transport.texts().length === 1)
    expect(desk.transport.texts()).toEqual(['bob'])
    release()
    await desk.until(() => desk.transport.texts().length === 3)
    expect(desk.transport.texts()).toEqual(['bob', 'alice 1', 'alice 2'])
  })

  it('sends a long reply in chunks, with the configured prefixes', async () => {
    const desk = new Desk({ textChunkLimit: 40, messagePrefix: '🤖 ', responsePrefix: '[bot] ' })
    desk.agent = {
      async *reply() {
        yield { type: 'delta', text: '**First** sentence of the reply. ' }
        yield { type: 'delta', text: 'Second sentence of the reply.' }
      },
    }
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.transport.texts()).toEqual([
      '🤖 [bot] *First* sentence of the reply.',
      '🤖 Second sentence of the reply.',
    ])
  })

  it('gives the agent what was said before, both sides in order and without prefixes', async () => {
    const desk = new Desk({ responsePrefix: '🤖 ', dmHistoryLimit: 3 })
    desk.conversations.start()
    for (const text of ['one', 'two', 'three']) desk.receive(ALICE, text)
    await desk.until(() => desk.named('message.sent').length === 3)
    const seen: unknown[] = []
    desk.agent = {
      async *reply(turn) {
        seen.push(turn.history.map(({ from, text }) => `${from}: ${text}`))
        yield { type: 'delta', text: 'answer' }
      },
    }
    desk.receive(ALICE, 'four')
    await desk.until(() => desk.named('message.sent').length === 4)
    expect(seen).toEqual([['assistant: two', 'person: three', 'assistant: three']])
  })

  it('joins what is written in quick succession when a debounce is set', async () => {
    const desk = new Desk({ debounceMs: 30 })
    desk.conversations.start()
    for (const text of ['one', 'two', 'three']) desk.receive(ALICE, text)
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['one\ntwo\nthree'])
  })

  // What was written right before the clock was set back waited for the old time to come again.
  it('does not wait for a clock that was set back while messages are joined', async () => {
    useFakeClock()
    const desk = new Desk({ debounceMs: 500 })
    desk.conversations.start()
    desk.receive(ALICE, 'one')
    vi.setSystemTime(Date.now() - 86_400_000)
    vi.advanceTimersByTime(1_000)
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['one'])
  })
})
