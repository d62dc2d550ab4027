import { describe, expect, it, vi } from 'vitest'
import { textParts } from '../../../../src/messaging/content.ts'
import { type IncomingMessage, referenceTo } from '../../../../src/messaging/incoming-message.ts'
import type { Answer } from '../../../support/memory-transport.ts'
import type { AccountConfig } from '../../../../src/config/model.ts'
import { AckStore } from '../../../../src/conversations/reactions/ack-store.ts'
import { ALICE, BOB, Desk, group, OWN, STRANGER } from '../desk.ts'
import { useFakeClock } from '../fake-clock.ts'
import { HeldAgent } from '../held-agent.ts'

const GROUP = '120363000000000001@g.us'

type Ack = AccountConfig['ackReaction']

function deskOf(ack: Partial<Ack> = {}, more: Partial<AccountConfig> = {}): { desk: Desk; agent: HeldAgent } {
  const ackReaction: Ack = { emoji: '👀', direct: true, group: 'mentions', removeAfterReply: false, ...ack }
  const desk = new Desk({ ackReaction, ...more })
  const agent = new HeldAgent()
  desk.agent = agent
  desk.conversations.start()
  return { desk, agent }
}
/** `emoji to id`, in the order in which they went out. */
const reactions = (desk: Desk): string[] =>
  desk.transport.reactions.map(({ reaction: { emoji, target } }) => `${emoji || 'none'} to ${target.id}`)
const say = (desk: Desk, from: string, more: Partial<IncomingMessage> = {}): IncomingMessage => {
  const message = desk.message(from, 'hello', { chat: group(GROUP), mentionsUs: true, ...more })
  desk.conversations.received(message)
  return message
}
const states = (desk: Desk): unknown[] =>
  desk.database
    .prepare('SELECT state FROM reactions ORDER BY inbox')
    .all()
    .map((row) => Object.values(row as object)[0])

describe('the reaction that says "seen"', () => {
  it('comes before the answer, once, and stays', async () => {
    const { desk, agent } = deskOf()
    const message = desk.receive(ALICE, 'hello')
    await desk.until(() => desk.transport.reactions.length === 1 && agent.turns.length === 1)
    expect(desk.transport.sent).toEqual([])
    expect(desk.transport.reactions[0]).toMatchObject({
      chat: message.chat,
      reaction: { emoji: '👀', target: referenceTo(message) },
    })
    desk.conversations.received(message)
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 1)
    await desk.settle()
    expect(reactions(desk)).toEqual([`👀 to ${message.id}`])
    expect(states(desk)).toEqual(['done'])
    expect(desk.named('message.queued')).toHaveLength(1)
  })

  it('goes after the answer where the config says so, as it says then', async () => {
    const { desk, agent } = deskOf({ removeAfterReply: true })
    const message = desk.receive(ALICE, 'hello')
    await desk.until(() => desk.transport.reactions.length === 1 && agent.turns.length === 1)
    agent.answer()
    await desk.until(() => desk.transport.reactions.length === 2)
    expect(desk.transport.log.map(({ what }) => what).filter((what) => /react|send/.test(what))).toEqual([
      'react',
      'send',
      'react',
    ])
    expect(reactions(desk)).toEqual([`👀 to ${message.id}`, `none to ${message.id}`])
    expect(new Set(desk.transport.reactions.map(({ id }) => id)).size).toBe(2)
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.transport.reactions.length === 3 && agent.turns.length === 2)
    desk.config = { ...desk.config, ackReaction: { ...desk.config.ackReaction, removeAfterReply: false } }
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 2)
    await desk.settle()
    expect(desk.transport.reactions).toHaveLength(3)
  })

  it('goes also where nothing is answered, or the assistant failed', async () => {
    const { desk } = deskOf({ removeAfterReply: true })
    desk.agent = {
      async *reply(turn) {
        const [message] = turn.messages
        await desk.until(() => reactions(desk).includes(`👀 to ${message?.id ?? ''}`))
        if (message?.text === 'fail') throw new Error('no')
        yield { type: 'delta', text: '' }
      },
    }
    const silent = desk.receive(ALICE, 'nothing')
    await desk.until(() => desk.transport.reactions.length === 2)
    const failed = desk.receive(BOB, 'fail')
    await desk.until(() => desk.transport.reactions.length === 4)
    expect(reactions(desk)).toEqual([
      `👀 to ${silent.id}`,
      `none to ${silent.id}`,
      `👀 to ${failed.id}`,
      `none to ${failed.id}`,
    ])
  })

  it('is for what will be answered alone', async () => {
    const { desk } = deskOf({ group: 'always' })
    const now = Date.now()
    desk.receive(STRANGER, 'let me in')
    desk.receive(ALICE, '', { content: { kind: 'reaction', emoji: '👍', targetId: 'X' } })
    desk.receive(ALICE, '', { content: { kind: 'unsupported', what: 'image' } })
    desk.receive(ALICE, 'old', { arrival: 'offline', sentAt: new Date(now - 7_200_000) })
    const first = desk.receive(ALICE, 'hello')
    desk.receive(ALICE, '', { content: { kind: 'edit', parts: textParts('hello!'), targetId: first.id } })
    desk.receive(BOB, '/agents')
    say(desk, ALICE, { mentionsUs: false })
    desk.receive(BOB, '', { content: { kind: 'revoke', targetId: 'IN1' } })
    await desk.until(() => desk.transport.reactions.length > 0)
    await desk.settle()
    expect(reactions(desk)).toEqual([`👀 to ${first.id}`])
  })

  it('knows direct chats from groups, and names the author there', async () => {
    const { desk } = deskOf({ direct: false }, { groupAccess: groups(false) })
    desk.receive(ALICE, 'direct')
    say(desk, ALICE, { mentionsUs: false })
    const named = say(desk, BOB)
    await desk.until(() => desk.transport.reactions.length > 0)
    expect(desk.transport.reactions[0]?.reaction.target).toEqual(referenceTo(named))
    desk.config = {
      ...desk.config,
      ackReaction: { ...desk.config.ackReaction, group: 'always', direct: true },
    }
    const unnamed = say(desk, ALICE, { mentionsUs: false })
    await desk.until(() => desk.transport.reactions.length === 2)
    const own = desk.receive(OWN, 'to myself')
    await desk.until(() => desk.transport.reactions.length === 3)
    expect(desk.transport.reactions[2]?.reaction.target).toEqual(referenceTo(own))
    desk.config = { ...desk.config, ackReaction: { ...desk.config.ackReaction, group: 'never' } }
    say(desk, BOB)
    await desk.settle()
    expect(reactions(desk).slice(0, 2)).toEqual([`👀 to ${named.id}`, `👀 to ${unnamed.id}`])
    expect(desk.transport.reactions).toHaveLength(3)
  })

  it('holds up no answer, though WhatsApp says nothing to it', async () => {
    const { desk } = deskOf()
    desk.transport.answerReaction = () => new Promise(() => {})
    desk.agent = new HeldAgent()
    desk.receive(ALICE, 'one')
    await desk.until(() => desk.transport.reactions.length === 1)
    ;(desk.agent as HeldAgent).answer()
    await desk.until(() => desk.named('message.sent').length === 1)
  })

  it('is left out where half of the pace is used, so that answers have the rest', async () => {
    useFakeClock()
    const { desk, agent } = deskOf({}, { pace: { perMinute: 10, perHour: 1_000, firstContactsPerDay: 20 } })
    for (let index = 0; index < 9; index += 1) desk.receive(index % 2 === 0 ? ALICE : BOB, `text ${index}`)
    await desk.until(() => agent.turns.length === 2)
    await desk.settle()
    expect(desk.transport.reactions.length).toBe(5)
    for (let round = 0; round < 6; round += 1) {
      agent.answer()
      await desk.settle()
    }
    expect(desk.transport.sent).toHaveLength(5)
  })
})

// 200 connections that ended under one reaction were 200 sends, each before the answer that waited; and one that was
// left without an answer was sent three times within 29 ms, since its own outcome woke the next send.
describe('a reaction that WhatsApp does not acknowledge', () => {
  const interrupted: Answer = { outcome: 'unconfirmed', why: 'the connection ended', interrupted: true }

  it('is given up when connection after connection ends under it, and so is taking it back', async () => {
    useFakeClock()
    const { desk, agent } = deskOf({ removeAfterReply: true })
    const reconnect = async (times: number): Promise<void> => {
      for (let round = 0; round < times; round += 1) {
        desk.setReady(false)
        vi.advanceTimersByTime(2_000)
        desk.setReady(true)
        await desk.settle()
      }
    }
    desk.transport.answerReaction = () => interrupted
    const message = desk.receive(ALICE, 'hello')
    await desk.until(() => agent.turns.length === 1)
    await reconnect(30)
    expect(reactions(desk)).toEqual(Array.from({ length: 5 }, () => `👀 to ${message.id}`))
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 1)
    await reconnect(30)
    expect(reactions(desk).slice(5)).toEqual(Array.from({ length: 5 }, () => `none to ${message.id}`))
    expect(states(desk)).toEqual(['done'])
  })

  it('does not go before the answer on the next connection', async () => {
    useFakeClock()
    const { desk, agent } = deskOf()
    desk.transport.answerReaction = () => interrupted
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.transport.reactions.length === 1 && agent.turns.length === 1)
    desk.setReady(false)
    agent.answer()
    await desk.until(() => desk.named('agent.turnFinished').length === 1)
    vi.advanceTimersByTime(2_000)
    desk.setReady(true)
    await desk.settle()
    await desk.until(() => desk.named('message.sent').length === 1 && states(desk)[0] === 'done')
    expect(desk.transport.reactions).toHaveLength(1)
  })

  it('is sent again after two seconds, whatever happens meanwhile', async () => {
    useFakeClock()
    const { desk } = deskOf()
    desk.transport.answerReaction = () => ({ outcome: 'unconfirmed', why: 'try again later' })
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.transport.reactions.length === 1)
    await desk.settle()
    desk.conversations.policyChanged()
    vi.advanceTimersByTime(1_900)
    await desk.settle()
    expect(desk.transport.reactions).toHaveLength(1)
    vi.advanceTimersByTime(100)
    await desk.settle()
    expect(desk.transport.reactions).toHaveLength(2)
  })
})

describe('a crash', () => {
  it('before the reaction went out does not lose it', async () => {
    const { desk, agent } = deskOf({ removeAfterReply: true })
    desk.setReady(false)
    const message = desk.receive(ALICE, 'hello')
    desk.database.commit()
    desk.crash()
    desk.conversations.start()
    await desk.until(() => agent.turns.length > 0)
    expect(desk.transport.reactions).toEqual([])
    desk.setReady(true)
    await desk.until(() => desk.transport.reactions.length === 1)
    expect(reactions(desk)).toEqual([`👀 to ${message.id}`])
  })

  it('while it is on its way sends it again under its id, and takes it back after the answer', async () => {
    const { desk, agent } = deskOf({ removeAfterReply: true })
    desk.transport.answerReaction = () => new Promise(() => {})
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.transport.reactions.length === 1)
    desk.database.commit()
    desk.crash()
    desk.transport.answerReaction = () => ({ outcome: 'acknowledged', at: new Date() })
    desk.conversations.start()
    await desk.until(() => desk.transport.reactions.length === 2)
    const [first, second] = desk.transport.reactions
    expect(second).toEqual(first)
    await desk.until(() => agent.turns.some(({ aborted }) => !aborted) && states(desk)[0] === 'shown')
    agent.answer()
    await desk.until(() => desk.transport.reactions.length === 3)
    expect(desk.transport.reactions[2]?.reaction.emoji).toBe('')
  })

  it('after the answer still takes it back, once', async () => {
    const { desk, agent } = deskOf({ removeAfterReply: true })
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.transport.reactions.length === 1 && agent.turns.length === 1)
    desk.transport.answerReaction = () => new Promise(() => {})
    agent.answer()
    await desk.until(() => desk.transport.reactions.length === 2 && desk.named('message.sent').length === 1)
    desk.database.commit()
    desk.crash()
    desk.transport.answerReaction = () => ({ outcome: 'acknowledged', at: new Date() })
    desk.conversations.start()
    await desk.until(() => desk.transport.reactions.length === 3)
    expect(desk.transport.reactions[2]).toEqual(desk.transport.reactions[1])
    await desk.until(() => states(desk)[0] === 'done')
    await desk.restart()
    desk.conversations.start()
    await desk.settle()
    expect(desk.transport.reactions).toHaveLength(3)
  })
})

describe('nothing goes out', () => {
  it('to somebody who may not talk any more, and not to take it back either', async () => {
    const { desk, agent } = deskOf({ removeAfterReply: true })
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.transport.reactions.length === 1 && agent.turns.length === 1)
    desk.allow(BOB)
    desk.setReady(false)
    desk.setReady(true)
    await desk.until(() => states(desk)[0] === 'done')
    expect(desk.transport.reactions).toHaveLength(1)
  })

  it('when the answer is out before the reaction could be', async () => {
    const { desk } = deskOf({ removeAfterReply: true })
    desk.transport.answer = (message) => {
      expect(message.text).toBe('answer to hello')
      return { outcome: 'acknowledged', at: new Date() }
    }
    desk.setReady(false)
    desk.receive(ALICE, 'hello')
    const agent = desk.agent as HeldAgent
    await desk.until(() => agent.turns.length === 1)
    agent.answer()
    await desk.until(() => desk.named('agent.turnFinished').length === 1)
    desk.database.transaction(() => {
      desk.database.prepare("UPDATE outbox SET state = 'acknowledged', settled_at = 1").run()
    })
    desk.setReady(true)
    await desk.until(() => states(desk)[0] === 'done')
    expect(desk.transport.reactions).toEqual([])
  })

  // A reaction that waited for the connection still went out after it had been turned off.
  it.each([[{ emoji: '' }], [{ direct: false }]])('once the config says %j', async (off) => {
    const { desk } = deskOf()
    desk.setReady(false)
    desk.receive(ALICE, 'hello')
    desk.config = { ...desk.config, ackReaction: { ...desk.config.ackReaction, ...off } }
    desk.setReady(true)
    await desk.until(() => states(desk)[0] === 'done')
    expect(desk.transport.reactions).toEqual([])
  })

  it('in groups once the config says never; what it may still want goes', async () => {
    const { desk } = deskOf({ group: 'always' }, { groupAccess: groups(false) })
    const set = (group: Ack['group']): void => {
      desk.config = { ...desk.config, ackReaction: { ...desk.config.ackReaction, group } }
    }
    desk.setReady(false)
    say(desk, ALICE)
    set('never')
    desk.setReady(true)
    await desk.until(() => states(desk)[0] === 'done')
    expect(desk.transport.reactions).toEqual([])
    set('always')
    desk.setReady(false)
    const kept = say(desk, BOB)
    set('mentions')
    desk.setReady(true)
    await desk.until(() => desk.transport.reactions.length > 0)
    expect(reactions(desk)).toEqual([`👀 to ${kept.id}`])
  })

  it('of the former owner of the account', async () => {
    const { desk } = deskOf()
    desk.setReady(false)
    desk.receive(ALICE, 'hello')
    desk.conversations.accountChanged()
    desk.setReady(true)
    await desk.settle()
    expect(desk.transport.reactions).toEqual([])
  })
})

// One that was on its way when the account changed came back with its acknowledgement, to be taken back by the new owner.
it('what has ended stays so, whatever becomes of what is on its way', async () => {
  const { desk } = deskOf({ removeAfterReply: true })
  let settle: (outcome: Answer) => void = () => {}
  desk.transport.answerReaction = () => new Promise((resolve) => (settle = resolve))
  desk.receive(ALICE, 'hello')
  await desk.until(() => desk.transport.reactions.length === 1)
  desk.conversations.accountChanged()
  settle({ outcome: 'acknowledged', at: new Date() })
  await desk.settle()
  expect(states(desk)).toEqual(['done'])
  const store = new AckStore(desk.database)
  const row = store.find(desk.transport.reactions[0]?.id ?? '')
  if (row === undefined) throw new Error('the reaction was forgotten')
  for (const late of [
    () => store.setState(row.inbox, 'shown'),
    () => store.beginRemoval(row.inbox, 'OUT', 1),
    () => store.setRemoved(row.inbox, 1),
  ]) {
    desk.database.transaction(late)
    expect(store.find(row.message_id)).toEqual(row)
    expect(store.recentSends(1)).toEqual([])
  }
  expect(states(desk)).toEqual(['done'])
  expect(desk.transport.reactions).toHaveLength(1)
})

it('a phone that could not read a reaction gets it again, as it was', async () => {
  const { desk, agent } = deskOf({ removeAfterReply: true })
  const message = desk.receive(ALICE, 'hello')
  await desk.until(() => desk.transport.reactions.length === 1 && agent.turns.length === 1)
  agent.answer()
  await desk.until(() => desk.transport.reactions.length === 2)
  for (const { id, reaction } of desk.transport.reactions) {
    expect(desk.conversations.sentContent(id, { chat: message.chat.address, phoneNumber: null })).toEqual(
      reaction,
    )
    expect(desk.conversations.sentContent(id, { chat: 'another@lid', phoneNumber: BOB })).toBeNull()
  }
})

function groups(requireMention: boolean): AccountConfig['groupAccess'] {
  return { groupPolicy: 'allowlist', groupAllowFrom: null, groups: { '*': { requireMention } } }
}
