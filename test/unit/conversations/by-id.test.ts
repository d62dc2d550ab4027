import { describe, expect, it } from 'vitest'
import type { AccountConfig } from '../../../src/config/model.ts'
import { identity } from '../../support/identity.ts'
import { textParts } from '../../../src/messaging/content.ts'
import { HeldAgent } from './held-agent.ts'
import { ALICE, Desk, direct, OWN } from './desk.ts'

const LID = '777000777@lid'
const NUMBER = '+15550007777'
const PROOF = { lid: { value: '777000777', proof: 'address' } } as const

/** Somebody whose number WhatsApp hides, as the transport knows them; with a number once it is known. */
function hidden(desk: Desk, phoneNumber: string | null = null) {
  const sender = identity(LID, phoneNumber, PROOF)
  desk.transport.numbers.set(LID, sender)
  if (phoneNumber !== null) desk.transport.numbers.set(phoneNumber, sender)
  return { chat: direct(LID), sender: { ...sender, displayName: 'Hidden' } }
}

function idDesk(overrides: Partial<AccountConfig> = {}): Desk {
  const desk = new Desk({
    access: { dmPolicy: 'allowlist', allowFrom: [ALICE, 'lid:777000777'] },
    ...overrides,
  })
  desk.conversations.start()
  return desk
}

describe('somebody who is allowed by id', () => {
  it('is answered, and nothing of it is reported as blocked', async () => {
    const desk = idDesk()
    desk.receive(NUMBER, 'hello', hidden(desk))
    await desk.until(() => desk.transport.texts().includes('hello'))
    expect(desk.named('message.blocked')).toEqual([])
  })

  it('keeps one conversation, and their rights, when the number becomes known', async () => {
    const desk = idDesk()
    desk.receive(NUMBER, 'first', hidden(desk))
    await desk.until(() => desk.named('message.sent').length === 1)
    const known = hidden(desk, NUMBER)
    desk.conversations.senderResolved(known.sender)
    desk.receive(NUMBER, 'second', known)
    // What is asked when the turn starts and when the reply is due names them by the number alone.
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.transport.texts()).toEqual(['first', 'second'])
    expect(desk.database.prepare('SELECT name FROM conversations').all()).toEqual([{ name: NUMBER }])
    expect(desk.database.prepare('SELECT COUNT(*) AS n FROM inbox').get()).toEqual({ n: 2 })
  })

  it('is not answered any more once the id is off the list, whatever is under way', async () => {
    const desk = idDesk()
    desk.setReady(false)
    desk.receive(NUMBER, 'hello', hidden(desk))
    await desk.until(() => desk.named('message.queued').length === 1)
    desk.allow(ALICE)
    desk.setReady(true)
    await desk.until(() => desk.named('message.failed').length === 1)
    expect(desk.transport.texts()).toEqual([])
  })

  it('stays allowed when their number is somebody else’s, who is not', async () => {
    const desk = idDesk()
    desk.receive(NUMBER, 'mine', hidden(desk, NUMBER))
    await desk.until(() => desk.named('message.sent').length === 1)
    desk.conversations.personChanged({ phoneNumber: NUMBER, formerAddress: LID })
    desk.receive(NUMBER, 'still me', hidden(desk))
    const other = identity('888@lid', NUMBER, { lid: { value: '888', proof: 'address' } })
    desk.receive(NUMBER, 'somebody else', { chat: direct('888@lid'), sender: other })
    await desk.until(() => desk.named('message.sent').length === 2)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(['mine', 'still me'])
  })

  // Both settings counted only as long as the number was unknown.
  it.each([
    ['unknown', null],
    ['known', NUMBER],
  ])(
    'is called as the config names the id, and answered by its agent, with the number %s',
    async (_is, number) => {
      const desk = idDesk({
        senders: { 'lid:777000777': { agent: 'ada', name: 'Grace' } },
        agents: { echo: { connector: 'echo', settings: {} }, ada: { connector: 'echo', settings: {} } },
      })
      desk.agents.set('ada', {
        async *reply() {
          yield { type: 'delta', text: 'I am Ada' }
        },
      })
      desk.receive(NUMBER, 'hello', hidden(desk, number))
      await desk.until(() => desk.named('message.sent').length === 1)
      expect(desk.named('message.received')).toMatchObject([{ name: 'Grace' }])
      expect(desk.transport.texts()).toEqual(['I am Ada'])
    },
  )

  it.each([
    ['by the id', null],
    ['by the number that has it', NUMBER],
  ])('is called so where others mention them %s', async (_how, phoneNumber) => {
    const desk = idDesk({
      senders: { 'lid:777000777': { agent: null, name: '[Grace]' } },
      groupAccess: { groupPolicy: 'open', groupAllowFrom: null, groups: {} },
    })
    const agent = new HeldAgent()
    desk.agent = agent
    hidden(desk, phoneNumber)
    const digits = phoneNumber === null ? '777000777' : NUMBER.slice(1)
    const addresses = [`+${digits}`, `${digits}@lid`]
    desk.transport.mentioned.set(digits, { phoneNumber, addresses, displayName: 'gg' })
    const chat = { kind: 'group', address: '120363000000000001@g.us' } as const
    desk.receive(ALICE, `ask @${digits}`, { chat, mentionsUs: true })
    await desk.until(() => agent.turns.length === 1)
    expect(agent.turns[0]?.texts).toEqual(['ask @(Grace)'])
  })
})

// The id was read as another key than people are filed under, and counted for nobody whose number was known.
it('what the agent is told of a person by id stays so when their number becomes known', async () => {
  const desk = idDesk({ direct: { 'lid:777000777': 'She is new here.', '*': 'Be brief.' } })
  const agent = new HeldAgent()
  desk.agent = agent
  for (const [index, number] of [null, NUMBER].entries()) {
    const from = hidden(desk, number)
    desk.conversations.senderResolved(from.sender)
    desk.receive(NUMBER, 'hello', from)
    await desk.until(() => agent.turns.length === 1 + index)
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 1 + index)
  }
  desk.receive(ALICE, 'hello')
  await desk.until(() => agent.turns.length === 3)
  agent.answer()
  const told = agent.turns.map(({ turn }) => turn.instructions)
  expect(told).toEqual(['She is new here.', 'She is new here.', 'Be brief.'])
})

// The turn and the commands of stored rows asked with the number alone: whoever got an owner's number later was the owner there, and an owner
// on the list by id was none.
describe('an owner, as the inbox names them', () => {
  const ADA = { connector: 'echo', settings: {} }

  it.each([
    { what: 'by id', owners: ['lid:777000777'], changed: {}, isOwner: true },
    { what: 'by a number that is still theirs', owners: [NUMBER], changed: {}, isOwner: true },
    {
      what: 'by a number that belongs to somebody else now',
      owners: [NUMBER],
      changed: { changed: true } as const,
      isOwner: false,
    },
  ])('listed $what: $isOwner', async ({ owners, changed, isOwner }) => {
    const desk = idDesk({
      access: { dmPolicy: 'allowlist', allowFrom: [NUMBER, 'lid:777000777'] },
      commands: { enabled: true, owners },
      agents: { echo: ADA },
    })
    const agent = new HeldAgent()
    desk.agent = agent
    const more = hidden(desk, NUMBER)
    const sender = { ...more.sender, ...changed }
    for (const address of [LID, NUMBER]) desk.transport.numbers.set(address, sender)
    const from = { ...more, sender }
    desk.receive(NUMBER, 'hello', from)
    const { id } = desk.receive(NUMBER, 'wait', from)
    desk.receive(NUMBER, '', { ...from, content: { kind: 'edit', targetId: id, parts: textParts('/pause') } })
    await desk.until(() => agent.turns.length === 1)
    expect(agent.turns[0]?.turn.sender.isOwner).toBe(isOwner)
    agent.answer()
    await desk.until(() => desk.named('message.sent').length === 2)
    expect(desk.transport.texts()[1]).toContain(isOwner ? 'is paused' : 'Only an owner')
  })
})

describe('the chat with oneself', () => {
  it.each([
    [true, [], 'hello', ['[echo] hello']],
    [undefined, [OWN], 'hello', ['hello']],
    [undefined, [ALICE], 'hello', []],
    [false, [OWN], 'hello', []],
  ] as const)('with selfChatMode %s and %s on the list', async (selfChat, allowFrom, text, answers) => {
    const desk = new Desk({
      access: { dmPolicy: 'allowlist', allowFrom, ...(selfChat !== undefined && { selfChat }) },
    })
    desk.transport.ownNumber = OWN
    desk.conversations.start()
    desk.receive(OWN, text)
    if (answers.length > 0) await desk.until(() => desk.named('message.sent').length === 1)
    await desk.settle()
    expect(desk.transport.texts()).toEqual(answers)
    expect(desk.database.prepare('SELECT COUNT(*) AS n FROM inbox').get()).toEqual({ n: answers.length })
  })
})

describe('under observe', () => {
  it.each([
    ['direct', { access: { dmPolicy: 'observe', allowFrom: [ALICE] } }, {}],
    [
      'a group',
      { groupAccess: { groupPolicy: 'observe', groupAllowFrom: [ALICE], groups: {} } },
      { chat: { kind: 'group', address: '120363000000000001@g.us' }, mentionsUs: true },
    ],
  ] as const)('what allowed people write in %s is kept and nothing leaves', async (_where, policy, more) => {
    const desk = new Desk({
      ...(policy as unknown as Partial<AccountConfig>),
      ackReaction: { emoji: '👀', direct: true, group: 'always', removeAfterReply: false },
    })
    desk.conversations.start()
    desk.receive(ALICE, 'hello', more)
    desk.receive(ALICE, '/agents', more)
    desk.receive(ALICE, '', {
      ...more,
      content: { kind: 'unsupported', what: 'poll' },
    })
    desk.receive('+15550004444', 'a stranger', more)
    await desk.settle()
    expect(desk.transport.log).toEqual([])
    expect(desk.database.prepare('SELECT text, state FROM inbox ORDER BY sequence').all()).toMatchObject([
      { text: 'hello', state: 'recorded' },
      { text: '/agents', state: 'recorded' },
      { state: 'recorded' },
    ])
    expect(desk.named('message.received')).toHaveLength(3)
  })

  it('what is under way when it begins is taken back', async () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.setReady(false)
    desk.receive(ALICE, 'hello')
    await desk.until(() => desk.named('message.queued').length === 1)
    desk.config = { ...desk.config, access: { ...desk.config.access, dmPolicy: 'observe' } }
    desk.conversations.policyChanged()
    desk.setReady(true)
    await desk.until(() => desk.named('message.failed').length === 1)
    expect(desk.transport.texts()).toEqual([])
  })
})
