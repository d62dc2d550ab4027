import { describe, expect, it, vi } from 'vitest'
import { identity } from '../../support/identity.ts'
import { textParts } from '../../../src/messaging/content.ts'
import { type IncomingMessage, referenceTo } from '../../../src/messaging/incoming-message.ts'
import type { GroupPolicy } from '../../../src/access/policy.ts'
import { ALICE, BOB, Desk, group, STRANGER } from './desk.ts'
import { useFakeClock } from './fake-clock.ts'
import { heldDesk } from './held-desk.ts'

const GROUP = '120363000000000001@g.us'
const OTHER = '120363000000000002@g.us'

function inGroup(
  desk: Desk,
  from: string,
  text: string,
  more: Partial<IncomingMessage> = {},
): IncomingMessage {
  return desk.message(from, text, { chat: group(GROUP), mentionsUs: true, ...more })
}

function say(desk: Desk, from: string, text: string, more: Partial<IncomingMessage> = {}): string {
  return desk.conversations.received(inGroup(desk, from, text, more))
}

function setGroups(desk: Desk, change: Partial<GroupPolicy>): void {
  desk.config = { ...desk.config, groupAccess: { ...desk.config.groupAccess, ...change } }
  desk.conversations.policyChanged()
}

const lid = (address: string): IncomingMessage['sender'] => identity(address, null)
const named = (number: string, displayName: string): Pick<IncomingMessage, 'sender'> => ({
  sender: identity(`${number.slice(1)}@s.whatsapp.net`, number, { displayName }),
})

describe('a group', () => {
  it('is a conversation of its own: who said what is told, and the answer quotes its question', async () => {
    const { desk, agent } = heldDesk()
    say(desk, BOB, 'lunch?', { mentionsUs: false, ...named(BOB, 'Bob') })
    desk.receive(ALICE, 'in private')
    const question = inGroup(desk, ALICE, 'what do you think?', named(ALICE, 'Alice'))
    desk.conversations.received(question)
    await desk.until(() => agent.turns.length === 2)
    const turn = agent.turns.find(({ turn: { isGroup } }) => isGroup)?.turn
    expect(turn).toMatchObject({
      conversation: GROUP,
      sender: { phoneNumber: ALICE, name: 'Alice' },
      history: [{ from: 'person', text: 'lunch?', sender: { phoneNumber: BOB, name: 'Bob' } }],
    })
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 2)
    const answer = desk.transport.sent.find(({ chat }) => chat.address === GROUP)
    expect(answer).toMatchObject({
      text: 'answer to what do you think?',
      quote: { message: referenceTo(question), text: 'what do you think?' },
    })
    expect(desk.transport.sent.find(({ chat }) => chat.address !== GROUP)?.quote).toBeUndefined()
    expect(desk.transport.whats('typing').map(({ chat }) => chat)).not.toContain(GROUP)
  })

  it('hears nothing more from somebody who was taken off the list, and the others go on', async () => {
    const { desk, agent } = heldDesk()
    say(desk, ALICE, 'from Alice')
    await desk.until(() => agent.turns.length === 1)
    say(desk, BOB, 'from Bob')
    say(desk, ALICE, 'again from Alice')
    desk.allow(BOB)
    await desk.until(() => agent.turns.length === 2)
    expect(agent.turns.map(({ aborted }) => aborted)).toEqual([true, false])
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 1)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['answer to from Bob'])
    expect(say(desk, ALICE, 'and now?')).toBe('blocked')
  })

  it('gets no answer that waits once its question may not be asked any more', async () => {
    const { desk, agent } = heldDesk()
    desk.setReady(false)
    say(desk, ALICE, 'from Alice')
    await desk.until(() => agent.turns.length === 1)
    agent.answer()
    await desk.until(() => desk.named('message.queued').length === 1)
    say(desk, BOB, 'from Bob')
    await desk.until(() => agent.turns.length === 2)
    agent.answer()
    await desk.until(() => desk.named('message.queued').length === 2)
    desk.allow(BOB)
    expect(desk.named('message.failed')).toMatchObject([{ code: 'not_allowed', conversation: GROUP }])
    desk.setReady(true)
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['answer to from Bob'])
    const id = desk.transport.sent[0]?.id ?? ''
    expect(desk.conversations.sentContent(id, { chat: GROUP, phoneNumber: null })).toMatchObject({
      part: { kind: 'text', text: 'answer to from Bob' },
    })
    expect(desk.conversations.sentContent(id, { chat: OTHER, phoneNumber: null })).toBeNull()
    setGroups(desk, { groupPolicy: 'disabled' })
    expect(desk.conversations.sentContent(id, { chat: GROUP, phoneNumber: null })).toBeNull()
  })

  it.each([
    ['disabled', { groupPolicy: 'disabled' }],
    ['not the one that is named', { groupAllowFrom: [OTHER] }],
  ] as const)('that is %s is left at once', async (_how, change) => {
    const { desk, agent } = heldDesk()
    say(desk, ALICE, 'one')
    await desk.until(() => agent.turns.length === 1)
    say(desk, ALICE, 'two')
    setGroups(desk, change)
    await desk.until(() => agent.turns[0]?.aborted === true)
    agent.answer()
    await desk.settle()
    expect(agent.turns).toHaveLength(1)
    expect(desk.transport.sent).toEqual([])
    desk.crash()
    desk.conversations.start()
    await desk.settle()
    expect(agent.turns).toHaveLength(1)
  })

  it('answers what two people wrote apart, although it waits for more', async () => {
    useFakeClock()
    const { desk, agent } = heldDesk({ debounceMs: 100 })
    await vi.advanceTimersByTimeAsync(1)
    say(desk, ALICE, 'one')
    say(desk, ALICE, 'two')
    say(desk, BOB, 'three')
    await vi.advanceTimersByTimeAsync(150)
    await desk.until(() => agent.turns.length === 1)
    agent.answer()
    await desk.until(() => agent.turns.length === 2)
    expect(agent.turns.map(({ texts }) => texts)).toEqual([['one', 'two'], ['three']])
  })

  it('keeps no word of strangers, and tells nobody of them', async () => {
    const { desk } = heldDesk()
    expect(say(desk, STRANGER, 'strange')).toBe('blocked')
    expect(say(desk, STRANGER, 'stranger', { sender: lid('99@lid'), mentionsUs: false })).toBe('blocked')
    expect(desk.database.prepare('SELECT COUNT(*) AS n FROM inbox').get()).toEqual({ n: 0 })
    expect(desk.database.prepare('SELECT COUNT(*) AS n FROM held').get()).toEqual({ n: 0 })
    expect(desk.events).toEqual([])
  })

  it('answers a mention once the number behind its LID is known', async () => {
    const { desk, agent } = heldDesk()
    expect(say(desk, ALICE, 'who am I?', { sender: lid('77@lid') })).toBe('held')
    desk.conversations.senderResolved(identity('77@lid', ALICE))
    await desk.until(() => agent.turns.length === 1)
    expect(agent.turns[0]?.turn.conversation).toBe(GROUP)
  })

  it('answers each message once, over a crash', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const message = inGroup(desk, ALICE, 'hello')
    desk.conversations.received(message)
    desk.conversations.received(message)
    desk.crash()
    desk.conversations.received(message)
    desk.conversations.start()
    await desk.until(() => desk.named('message.sent').length === 1)
    desk.conversations.received(message)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['hello'])
  })

  const photo = (text: string): IncomingMessage['content'] => ({
    kind: 'message',
    parts: [{ kind: 'attachment', text: '[photo]' }, ...(text === '' ? [] : textParts(text))],
    quoted: null,
  })

  it('hears a photo with words for the assistant, and a file alone that answers it; not what is for the others', async () => {
    const { desk, agent } = heldDesk()
    say(desk, BOB, '', { mentionsUs: false, content: photo('') })
    say(desk, BOB, '', { mentionsUs: false, content: photo('our cat') })
    say(desk, ALICE, '', { content: photo('what is this?') })
    await desk.until(() => agent.turns.length === 1)
    expect(agent.turns[0]?.texts).toEqual(['[photo]\nwhat is this?'])
    expect(agent.turns[0]?.history.map(({ text }) => text)).toEqual(['[photo]', '[photo]\nour cat'])
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 1)
    say(desk, ALICE, '', { content: photo('') })
    await desk.until(() => agent.turns.length === 2)
    expect(agent.turns[1]?.texts).toEqual(['[photo]'])
  })

  it('says of what it cannot read that it cannot, where that is for the assistant', async () => {
    const { desk, agent } = heldDesk()
    const content = { kind: 'unsupported', what: 'requestPayment' } as const
    say(desk, BOB, '', { mentionsUs: false, content })
    const asked = inGroup(desk, ALICE, '', { content })
    desk.conversations.received(asked)
    await desk.until(() => desk.named('message.sent').length === 1)
    await desk.settle()
    expect(agent.turns).toEqual([])
    expect(desk.transport.texts()).toEqual(['I cannot read messages of this kind.'])
    expect(desk.transport.sent[0]?.chat).toEqual(group(GROUP))
    expect(
      desk.transport
        .whats('read')
        .map(({ detail }) => detail)
        .join(' '),
    ).toContain(asked.id)
  })

  it('tells the agent the names of whom a text mentions: as the config, they themselves or the group call them', async () => {
    const { desk, agent } = heldDesk()
    const someone = (phoneNumber: string | null, displayName: string | null = null) => ({
      phoneNumber,
      addresses: phoneNumber === null ? ['99999@lid'] : [],
      displayName,
    })
    desk.config = {
      ...desk.config,
      senders: { ...desk.config.senders, [STRANGER]: { name: 'Boss', agent: null } },
    }
    desk.transport.mentioned.set('10001', someone(null, 'Helper'))
    desk.transport.mentioned.set('10002', someone(BOB))
    desk.transport.mentioned.set('10003', someone(STRANGER, 'strange name'))
    desk.transport.mentioned.set('10004', someone('+15550004444'))
    desk.transport.mentioned.set('15550005555', someone('+15550005555'))
    say(desk, BOB, 'hi @10003', { mentionsUs: false, ...named(BOB, 'Bob') })
    say(desk, ALICE, '@10001 ask @10002, @10003, @10004, @15550005555 or @1234567 (me@10002.example)', {
      content: {
        kind: 'message',
        parts: textParts('@10001 ask @10002, @10003, @10004, @15550005555 or @1234567'),
        quoted: { id: 'Q', text: 'by @10002' },
      },
    })
    await desk.until(() => agent.turns.length === 1)
    const { turn, history } = agent.turns[0] ?? {}
    expect(turn?.messages).toMatchObject([
      {
        text: '@Helper ask @Bob, @Boss, @+15550004444, @15550005555 or @1234567',
        written: '@10001 ask @10002, @10003, @10004, @15550005555 or @1234567',
        quoted: { text: 'by @Bob' },
      },
    ])
    expect(history?.map(({ text }) => text)).toEqual(['hi @Boss'])
  })
})
