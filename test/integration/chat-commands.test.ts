import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { AgentServer } from '../support/agent-server.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

const PAUSED = 'The assistant is paused in this chat. An owner ends that with "/resume".'
const RESUMED = 'The assistant answers in this chat again. What was written meanwhile stays unanswered.'
const BEGUN = 'A new conversation begins: what was said before is forgotten here.'

/** A phone in a chat with the account: alone, or in a group. */
interface Place {
  say: (text: string) => Promise<unknown>
  hears: (text: string | RegExp) => Promise<{ text: string }>
}

describe('chat commands', () => {
  let server: AgentServer
  let stack: Stack
  let family: SimulatedGroup
  beforeEach(async () => {
    // Baileys' own libsignal prints the sessions that it replaces.
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
    server = await AgentServer.start()
    stack = await Stack.start({ allowFrom: [ALICE, MALLORY], channel: channel() })
    family = stack.simulator.createGroup({
      subject: 'Family',
      members: [stack.alice, stack.owner, stack.mallory],
    })
    await stack.link()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await stack.stop()
    await server.stop()
  })

  const channel = (more: Record<string, unknown> = {}): Record<string, unknown> => {
    const { ada, ...others } = server.agents('ada', 'bob')
    return {
      agents: { ada: { ...Object(ada), models: ['eve', 'eve-large'], favouriteModels: ['eve'] }, ...others },
      ...more,
    }
  }
  const configure = async (more: Record<string, unknown>): Promise<void> => {
    const applied = stack.published('config.applied').length
    stack.writeConfig([ALICE, MALLORY], channel(more))
    await stack.until('the config', () => stack.published('config.applied').length > applied)
  }
  const alone = (phone: SimulatedPhone): Place => ({
    say: (text) => phone.sendText(OWNER, text),
    hears: (text) =>
      phone.waitForText((each) => each.chat !== family.jid && each.from === OWNER && isLike(each.text, text)),
  })
  const inGroup = (phone: SimulatedPhone): Place => ({
    say: (text) => phone.sendGroupText(family, text, { mention: OWNER }),
    hears: (text) =>
      phone.waitForText((each) => each.chat === family.jid && each.from === OWNER && isLike(each.text, text)),
  })
  const asked = (): string[] => server.asked.map(({ messages }) => messages.at(-1)?.content ?? '')

  it.each(['alone', 'in a group'])('tell what there is, and how things are (%s)', async (where) => {
    const alice = where === 'alone' ? alone(stack.alice) : inGroup(stack.alice)
    await alice.say('/Help!')
    await alice.hears(/^Commands:\n[^]*\/new[^]*Everything else goes to the assistant\.$/)
    await alice.say('／status')
    await alice.hears(/^Account: default\nAgent: ada\nModel: ada\nThe assistant answers in this chat\.$/)
    await alice.say('/hlep')
    await alice.hears('Did you mean "/help"?')
    await alice.say('/models')
    await alice.hears(/^Models of ada:\n- ada, which answers you here\n- eve\n- eve-large\n/)
    await alice.say('/modelfavs')
    await alice.hears(/^Favourite models of ada:\n- eve\n/)
    expect(server.asked).toEqual([])
    await alice.say('/think about it')
    await alice.hears(/^ada: [^]*\/think about it/)
  })

  it.each(['alone', 'in a group'])('stop an answer while it is under way (%s)', async (where) => {
    const alice = where === 'alone' ? alone(stack.alice) : inGroup(stack.alice)
    server.hold()
    await alice.say('one')
    await stack.untilEvent('agent.turnStarted')
    await alice.say('/stop')
    await alice.hears('Stopped.')
    server.release()
    await alice.say('two')
    await alice.hears(/two$/)
    expect(
      stack.alice.received.filter(({ text }) => text.endsWith('one') && text.startsWith('ada:')),
    ).toEqual([])
    expect(stack.published('agent.turnFinished')).toMatchObject([
      { outcome: 'cancelled' },
      { outcome: 'answered' },
    ])
  })

  it.each(['alone', 'in a group'])(
    'choose a model until it is taken back, over a restart (%s)',
    async (where) => {
      const alice = where === 'alone' ? alone(stack.alice) : inGroup(stack.alice)
      await alice.say('/model Eve')
      await alice.hears(/^ada answers you here with the model eve from now on/)
      await stack.stopDaemon()
      await stack.startDaemon()
      await stack.untilState('connected')
      await alice.say('one')
      await alice.hears(/^eve: [^]*one/)
      await alone(stack.mallory).say('two')
      await alone(stack.mallory).hears(/^ada: [^]*two/)
      await alice.say('/model default')
      await alice.hears('ada answers you here with its own model again.')
      await alice.say('three')
      await alice.hears(/^ada: [^]*three/)
    },
  )

  it.each(['alone', 'in a group'])('begin afresh, over a restart (%s)', async (where) => {
    const alice = where === 'alone' ? alone(stack.alice) : inGroup(stack.alice)
    await alice.say('my name is Zebedee')
    await alice.hears(/^ada: [^]*Zebedee/)
    await alice.say('/new')
    await alice.hears(BEGUN)
    await stack.stopDaemon()
    await stack.startDaemon()
    await stack.untilState('connected')
    await alice.say('who am I?')
    await alice.hears(/^ada: [^]*who am I/)
    expect(JSON.stringify(server.asked.at(-1))).not.toContain('Zebedee')
  })

  it("pause a chat by the own phone's hand, over a restart, and let it go on", async () => {
    const alice = alone(stack.alice)
    server.hold()
    await alice.say('one')
    await stack.untilEvent('agent.turnStarted')
    await stack.owner.sendText(ALICE, '/pause')
    await alice.hears(PAUSED)
    server.release()
    await stack.stopDaemon()
    await stack.startDaemon()
    await stack.untilState('connected')
    await alice.say('two')
    await stack.untilEvent('message.skipped', ({ reason }) => reason === 'chat_paused')
    await alone(stack.mallory).say('in another chat')
    await alone(stack.mallory).hears(/in another chat$/)
    await stack.owner.sendText(ALICE, '/resume')
    await alice.hears(RESUMED)
    await alice.say('three')
    await alice.hears(/three$/)
    expect(
      stack.alice.received.map(({ text }) => text).filter((text) => text.startsWith('ada:')),
    ).toHaveLength(1)
    expect(asked().filter((text) => text.includes('two') && !text.includes('three'))).toEqual([])
  })

  it('pause a group by an owner of the config, who is followed live', async () => {
    const [alice, mallory] = [inGroup(stack.alice), inGroup(stack.mallory)]
    await alice.say('/pause')
    await alice.hears('Only an owner of this assistant can use "/pause".')
    await configure({ commands: { owners: [ALICE] } })
    await alice.say('/pause')
    await alice.hears(PAUSED)
    await mallory.say('anybody?')
    await stack.untilEvent('message.skipped', ({ reason }) => reason === 'chat_paused')
    await mallory.say('/resume')
    await mallory.hears('Only an owner of this assistant can use "/resume".')
    await configure({ commands: { owners: [] } })
    await alice.say('/resume')
    await alice.hears('Only an owner of this assistant can use "/resume".')
    // The own phone needs no mention.
    await stack.owner.sendGroupText(family, '/resume')
    await alice.hears(RESUMED)
    await mallory.say('now?')
    await mallory.hears(/now\?$/)
  })

  it('speak the language of the account, and can be switched off, both live', async () => {
    const alice = alone(stack.alice)
    const client = await stack.client()
    try {
      const { revision } = await client.request('config.get', {})
      await client.request('config.update', { revision, changes: [{ path: 'language', value: 'de' }] })
    } finally {
      client.close()
    }
    await alice.say('/stop')
    await alice.hears('Hier läuft gerade nichts.')
    await configure({ language: 'hi' })
    await alice.say('/stop')
    await alice.hears('यहाँ अभी कुछ नहीं चल रहा है।')
    await configure({ commands: { enabled: false } })
    await alice.say('/stop')
    await alice.hears(/^ada: [^]*\/stop$/)
  })
})

function isLike(text: string, expected: string | RegExp): boolean {
  return typeof expected === 'string' ? text === expected : expected.test(text)
}
