import { afterEach, describe, expect, it } from 'vitest'
import type { LinkedCompanion } from '../../src/simulator/server/linked-companion.ts'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { stanza } from '../../src/simulator/wire/stanza.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'
import { untilSaid } from '../support/until-said.ts'

// A message that is refused with an error stays first in WhatsApp's queue, which then withholds everything behind it:
// one status that nobody could read kept eighty messages back.
describe('what is not read is acknowledged without an error', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  const isAbout =
    (id: string, tag: string) =>
    (said: Stanza): boolean =>
      said.tag === tag && said.attrs.id === id
  const NO_GROUPS = { groupPolicy: 'disabled' }
  const allowing = ({ jid }: { jid: string }): Record<string, unknown> => ({
    groupPolicy: 'allowlist',
    groups: { [jid]: { requireMention: false } },
  })
  const companion = (): LinkedCompanion => stack.owner.companions[0] as LinkedCompanion // linked by `start`

  async function start(channel: Record<string, unknown> = {}): Promise<void> {
    stack = await Stack.start({ channel })
    await stack.link()
  }

  async function expectPlainAck(message: Stanza): Promise<void> {
    const id = message.attrs.id ?? ''
    const acked = untilSaid(stack.simulator, isAbout(id, 'ack'))
    stack.simulator.faults.send(message)
    const { attrs } = await acked
    expect(attrs).toMatchObject({ class: 'message', id, to: message.attrs.from })
    expect(attrs).not.toHaveProperty('error')
  }

  const unreadable = (attributes: Record<string, string>, type = 'msg'): Stanza =>
    stanza('message', { t: String(Math.floor(Date.now() / 1000)), type: 'text', ...attributes }, [
      stanza('enc', { v: '2', type }, Buffer.alloc(80, 7)),
    ])

  it.each([
    ['a status', { from: 'status@broadcast', participant: '200000000000009@lid' }],
    ['a broadcast list', { from: '1795000000@broadcast', participant: '200000000000009@lid' }],
    ['a channel', { from: '120363000000000001@newsletter' }],
    ['a group that is not allowed', { from: '120363000000000002@g.us', participant: '200000000000009@lid' }],
    ['a group, by nobody', { from: '120363000000000002@g.us' }],
  ])('of %s, which is ignored', async (_name, attributes) => {
    await start(NO_GROUPS)
    await expectPlainAck(unreadable({ id: 'IGNORED-1', ...attributes }, 'skmsg'))
  })

  it.each(['msg', 'pkmsg', 'skmsg', 'msmsg', 'unheard'])(
    'of a stranger, broken, of type %s',
    async (type) => {
      await start()
      await expectPlainAck(unreadable({ id: 'BROKEN-1', from: stack.mallory.lid }, type))
    },
  )

  it('of a stranger, with an envelope that contradicts itself', async () => {
    await start()
    await expectPlainAck(
      unreadable({ id: 'BROKEN-2', from: stack.mallory.lid, recipient: stack.alice.jid }, 'msg'),
    )
  })

  it('after it was asked for again', async () => {
    await start()
    const order: string[] = []
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in' && node.attrs.id === 'BROKEN-3') order.push(node.attrs.type ?? node.tag)
    })
    const message = unreadable({ id: 'BROKEN-3', from: stack.alice.lid })
    const acked = untilSaid(stack.simulator, isAbout('BROKEN-3', 'ack'))
    stack.simulator.faults.send({ ...message, attrs: { ...message.attrs, type: 'media' } })
    await acked
    expect(order).toEqual(['retry', 'media'])
  })

  // The server asks for a receipt of what the own phone wrote, and takes no bare acknowledgement for one.
  it('of the own phone, with the receipt that the server wants for it', async () => {
    await start()
    const { lid } = stack.owner
    const message = unreadable({ id: 'OWN-1', from: lid, recipient: stack.alice.lid })
    const receipt = untilSaid(
      stack.simulator,
      ({ tag, attrs }) => tag === 'receipt' && attrs.id === 'OWN-1' && attrs.type === 'sender',
    )
    await expectPlainAck(message)
    expect((await receipt).attrs).toMatchObject({ to: lid, recipient: stack.alice.lid })
  })

  it('when it comes a second time, with what it got the first time', async () => {
    await start()
    await stack.alice.sendText(OWNER, 'once')
    await stack.alice.waitForText('once')
    const again = stack.lastMessage()
    for (let time = 0; time < 3; time += 1) {
      const answered = untilSaid(stack.simulator, ({ attrs }) => attrs.id === again.attrs.id)
      stack.simulator.faults.send(again)
      expect((await answered).attrs).not.toHaveProperty('error')
    }
    expect(stack.alice.received.map(({ text }) => text)).toEqual(['once'])
  })

  // The keys came while the group was ignored, and nobody sends them twice.
  it('but its sender keys are kept: a group that is allowed later can be read at once', async () => {
    await start(NO_GROUPS)
    const { alice, owner, mallory } = stack
    const group = stack.simulator.createGroup({ subject: 'Family', members: [owner, alice, mallory] })
    for (const id of ['WITH-KEYS', 'WITHOUT-KEYS']) {
      const acked = untilSaid(stack.simulator, isAbout(id, 'ack'))
      await alice.sendGroupText(group, 'not for us', { id })
      expect((await acked).attrs).not.toHaveProperty('error')
    }
    expect(stack.published('message.received')).toEqual([])
    stack.writeConfig([ALICE], allowing(group))
    await stack.untilEvent('config.applied')
    const retries: Stanza[] = []
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in' && node.attrs.type === 'retry') retries.push(node)
    })
    await alice.sendGroupText(group, 'now it counts')
    await alice.waitForText('now it counts')
    expect(retries).toEqual([])
    expect(alice.received.map(({ text }) => text)).toEqual(['now it counts'])
    expect(
      companion()
        .backlog.entries()
        .filter(({ tag }) => tag === 'message'),
    ).toEqual([])
  })

  it('but its sender keys are kept also where they came with the backlog', async () => {
    await start(NO_GROUPS)
    const { alice, owner } = stack
    const group = stack.simulator.createGroup({ subject: 'Family', members: [owner, alice] })
    await stack.stopDaemon()
    await alice.sendGroupText(group, 'while you were away', { id: 'AWAY' })
    const acked = untilSaid(stack.simulator, isAbout('AWAY', 'ack'))
    await stack.startDaemon()
    await acked
    await stack.stopDaemon()
    stack.writeConfig([ALICE], allowing(group))
    await stack.startDaemon()
    await stack.untilState('connected')
    const retries: Stanza[] = []
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in' && node.attrs.type === 'retry') retries.push(node)
    })
    await alice.sendGroupText(group, 'after a restart')
    await alice.waitForText('after a restart')
    expect(retries).toEqual([])
  })
})
