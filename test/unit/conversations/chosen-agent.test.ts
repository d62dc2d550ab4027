import { describe, expect, it } from 'vitest'
import type { IncomingMessage } from '../../../src/messaging/incoming-message.ts'
import type { AccountConfig } from '../../../src/config/model.ts'
import { ALICE, BOB, Desk, group, OWN, STRANGER } from './desk.ts'
import { NamedAgent } from './named-agent.ts'

const GROUP = '120363000000000001@g.us'
const MINUTE_MS = 60_000
const START = Date.UTC(2026, 0, 31, 12)
const at = (minutes: number): { sentAt: Date } => ({ sentAt: new Date(START + minutes * MINUTE_MS) })

/** A desk with the agents `ada`, who answers everybody, `bob` and `eve`. */
function deskOf(overrides: Partial<AccountConfig> = {}): { desk: Desk; agents: Map<string, NamedAgent> } {
  const ids = ['ada', 'bob', 'eve']
  const desk = new Desk({
    agents: Object.fromEntries(ids.map((id) => [id, { connector: 'echo', settings: {} }])),
    defaultAgent: 'ada',
    ...overrides,
  })
  const agents = new Map(ids.map((id) => [id, new NamedAgent(id)]))
  for (const [id, agent] of agents) desk.agents.set(id, agent)
  desk.conversations.start()
  return { desk, agents }
}

/** What is answered to this message. */
async function answerTo(desk: Desk, message: IncomingMessage): Promise<string> {
  const before = desk.transport.sent.length
  desk.conversations.received(message)
  await desk.until(() => desk.transport.sent.length > before)
  await desk.settle()
  return desk.transport.texts().slice(before).join('\n')
}
const ask = (desk: Desk, minutes: number, text: string, from = ALICE): Promise<string> =>
  answerTo(desk, desk.message(from, text, at(minutes)))
const inGroup = (desk: Desk, minutes: number, text: string, from = ALICE): Promise<string> =>
  answerTo(desk, desk.message(from, text, { chat: group(GROUP), mentionsUs: true, ...at(minutes) }))

describe('a chosen agent', () => {
  it('answers until 30 minutes after the last message, and no longer', async () => {
    const { desk } = deskOf()
    expect(await ask(desk, 0, 'hi')).toBe('ada: hi')
    expect(await ask(desk, 1, '/agent Bob')).toBe(
      'bob answers you here from now on, until 30 minutes after your last message.',
    )
    expect(await ask(desk, 31, 'in time')).toBe('bob: in time')
    expect(await ask(desk, 61, 'again')).toBe('bob: again')
    expect(await ask(desk, 92, 'too late')).toBe('ada: too late')
    expect(await ask(desk, 93, 'and over')).toBe('ada: and over')
  })

  it('is chosen by address too, and told without it', async () => {
    const { desk, agents } = deskOf()
    expect(await ask(desk, 0, '@bob what is this?')).toBe('bob: what is this?')
    expect(await ask(desk, 1, 'and that?')).toBe('bob: and that?')
    expect(await ask(desk, 2, '@nobody there')).toBe('bob: @nobody there')
    expect(agents.get('bob')?.turns[1]?.history.map(({ text }) => text)).toEqual([
      '@bob what is this?',
      'bob: what is this?',
    ])
  })

  it('survives a restart and a crash', async () => {
    const { desk } = deskOf()
    await ask(desk, 0, '/agent bob')
    await desk.restart()
    desk.conversations.start()
    expect(await ask(desk, 29, 'hi')).toBe('bob: hi')
    await desk.until(() => desk.named('message.sent').length === 2)
    desk.database.commit()
    desk.crash()
    desk.conversations.start()
    expect(await ask(desk, 58, 'hi')).toBe('bob: hi')
  })

  it('is one for each person and each chat', async () => {
    const { desk } = deskOf({ groupAccess: { groupPolicy: 'allowlist', groupAllowFrom: null, groups: {} } })
    await inGroup(desk, 0, '@15550009999 /agent bob')
    expect(await inGroup(desk, 1, 'hi')).toBe('bob: hi')
    expect(await inGroup(desk, 1, 'hi', BOB)).toBe('ada: hi')
    expect(await ask(desk, 1, 'hi')).toBe('ada: hi')
    await ask(desk, 2, '/agent eve', OWN)
    expect(await ask(desk, 3, 'hi', OWN)).toBe('eve: hi')
  })

  it("goes before the group's agent, that before the person's, and that before the default one", async () => {
    const groups = { [GROUP]: { agent: 'eve' } }
    const groupAccess = { groupPolicy: 'allowlist' as const, groupAllowFrom: null, groups }
    const { desk } = deskOf({ groupAccess, senders: { [BOB]: { agent: 'bob', name: null } } })
    expect(await inGroup(desk, 0, 'hi', BOB)).toBe('eve: hi')
    expect(await ask(desk, 0, 'hi', BOB)).toBe('bob: hi')
    expect(await ask(desk, 0, '@ada hi', BOB)).toBe('ada: hi')
    expect(await inGroup(desk, 0, '@ada hi', BOB)).toBe('ada: hi')
    desk.config = { ...desk.config, groupAccess: { ...groupAccess, groups: {} } }
    expect(await inGroup(desk, 40, 'hi', BOB)).toBe('bob: hi')
    expect(await inGroup(desk, 40, 'hi', ALICE)).toBe('ada: hi')
  })

  it('goes on with everything that its person writes there, whether it is answered or not', async () => {
    const { desk } = deskOf()
    await inGroup(desk, 0, '@bob hi')
    desk.receive(ALICE, 'among ourselves', { chat: group(GROUP), ...at(25) })
    desk.receive(BOB, 'among ourselves', { chat: group(GROUP), ...at(50) })
    expect(await inGroup(desk, 54, 'hi')).toBe('bob: hi')
    expect(await inGroup(desk, 85, 'hi')).toBe('ada: hi')
  })

  it('follows the setting, also down to nothing', async () => {
    const { desk } = deskOf()
    await ask(desk, 0, '@bob hi')
    desk.config = { ...desk.config, stickyTtlMinutes: 5 }
    expect(await ask(desk, 6, 'hi')).toBe('ada: hi')
    expect(await ask(desk, 6, '@bob hi')).toBe('bob: hi')
    desk.config = { ...desk.config, stickyTtlMinutes: 600 }
    expect(await ask(desk, 500, 'hi')).toBe('bob: hi')
    desk.config = { ...desk.config, stickyTtlMinutes: 0 }
    expect(await ask(desk, 501, 'hi')).toBe('ada: hi')
    expect(await ask(desk, 501, '@eve hi')).toBe('eve: hi')
    expect(await ask(desk, 501, 'hi')).toBe('ada: hi')
    expect(await ask(desk, 502, '/agent eve')).toBe(
      'A choice does not stick here. Begin a message with "@eve " to ask eve.',
    )
    expect(await ask(desk, 503, 'hi')).toBe('ada: hi')
  })

  it('is over when it is not in the config any more', async () => {
    const { desk } = deskOf()
    await ask(desk, 0, '@eve hi')
    const { eve: _gone, ...agents } = desk.config.agents
    desk.config = { ...desk.config, agents }
    expect(await ask(desk, 1, 'hi')).toBe('ada: hi')
    expect(await ask(desk, 2, '@eve hi')).toBe('ada: @eve hi')
  })

  it('is forgotten when the account belongs to somebody else', async () => {
    const { desk } = deskOf()
    await ask(desk, 0, '@eve hi')
    desk.conversations.accountChanged()
    expect(await ask(desk, 1, 'hi')).toBe('ada: hi')
  })
})

describe('a command', () => {
  it('says who answers, until when, and who else could', async () => {
    const { desk } = deskOf()
    desk.config = {
      ...desk.config,
      agents: { ...desk.config.agents, bob: { connector: 'echo', name: 'Robert', settings: {} } },
    }
    expect(await ask(desk, 0, '/agent')).toBe('ada answers you here. Write "/agents" to see who else could.')
    await ask(desk, 1, '/agent bob')
    expect(await ask(desk, 5, '/agent')).toBe(
      'bob answers you here until 12:35 UTC, 30 minutes after your last message. Then ada does; at once with "/agent default".',
    )
    expect(await ask(desk, 34, '/agents')).toBe(
      [
        'Agents:',
        '- ada',
        '- bob (Robert), who answers you here',
        '- eve',
        'Write "/agent" and a name to choose, or begin a message with "@" and a name.',
      ].join('\n'),
    )
    expect(await ask(desk, 60, '/agent nobody')).toBe('There is no agent "nobody". There are: ada, bob, eve.')
    expect(await ask(desk, 61, '/agent eve hello')).toBe(
      'Write "/agent eve" alone, or begin a question with "@eve ".',
    )
    expect(await ask(desk, 62, 'still bob')).toBe('bob: still bob')
    expect(await ask(desk, 63, '/agent default')).toBe('ada answers you here again.')
    expect(await ask(desk, 64, 'hi')).toBe('ada: hi')
    expect(await ask(desk, 65, '/agents')).toContain('- ada, who answers you here')
  })

  it('is never told an agent, not even as what was said before, and is no turn', async () => {
    const { desk, agents } = deskOf()
    await ask(desk, 0, 'one')
    for (const text of ['/agents', '/agent', '/agent bob', '@bob']) await ask(desk, 1, text)
    expect(await ask(desk, 2, '/think two')).toBe('bob: /think two')
    expect(agents.get('bob')?.turns[0]?.history.map(({ text }) => text)).toEqual(['one', 'ada: one'])
    expect([...agents.values()].map(({ turns }) => turns.length)).toEqual([1, 1, 0])
    expect(desk.named('agent.turnStarted')).toHaveLength(2)
    expect(desk.named('agent.turnFinished')).toHaveLength(2)
    expect(desk.transport.whats('read')).toHaveLength(6)
  })

  it('of somebody who may not talk is nothing', async () => {
    const { desk } = deskOf()
    expect(desk.conversations.received(desk.message(STRANGER, '/agents'))).toBe('blocked')
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
  })

  it('holds for what comes after it, not for what waits before it', async () => {
    const { desk } = deskOf()
    for (const text of ['one', '/agent bob', 'two', '@eve three', 'four']) desk.receive(ALICE, text, at(0))
    await desk.until(() => desk.transport.sent.length === 5)
    expect(desk.transport.texts().filter((text) => text.includes(': '))).toEqual([
      'ada: one',
      'bob: two',
      'eve: three',
      'eve: four',
    ])
  })

  it('is not joined with what was written beside it', async () => {
    const { desk } = deskOf({ debounceMs: 20 })
    const texts = ['one', 'two', '/agent bob', 'three', 'four', '@eve five', 'six', '/agent', 'seven']
    for (const text of texts) desk.receive(ALICE, text, at(0))
    await desk.until(() => desk.transport.sent.length === 6)
    expect(desk.transport.texts().filter((text) => text.includes(': '))).toEqual([
      'ada: one two',
      'bob: three four',
      'eve: five six',
      'eve: seven',
    ])
  })

  it('that comes twice is answered once', async () => {
    const { desk } = deskOf()
    const message = desk.message(ALICE, '/agents', at(0))
    await answerTo(desk, message)
    desk.conversations.received(message)
    await desk.restart()
    desk.conversations.start()
    desk.conversations.received(message)
    await desk.settle()
    expect(desk.transport.sent).toHaveLength(1)
  })
})
