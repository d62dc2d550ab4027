import { proto, type WAMessage } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { simulatorState } from '../../src/simulator/http/state-view.ts'
import { BareBot } from './simulator-bare-bot.ts'
import { inTime } from '../support/in-time.ts'

const { MESSAGE_EDIT, REVOKE } = proto.Message.ProtocolMessage.Type
const OWNER = '+15550000001'
const ALICE = '+15550000002'
const BERND = '+15550000003'

type Protocol = proto.Message.IProtocolMessage | null | undefined

function protocolOf({ message }: WAMessage): Protocol {
  return message?.editedMessage?.message?.protocolMessage ?? message?.protocolMessage
}

describe('edits, deletions and reactions between phones and a bare Baileys client', () => {
  let simulator: Simulator
  let owner: SimulatedPhone
  let alice: SimulatedPhone
  let bernd: SimulatedPhone
  let family: SimulatedGroup
  let bot: BareBot
  let delivered: Stanza[]

  beforeEach(async () => {
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
    simulator = new Simulator({ hasUnkeyedDevices: false })
    await simulator.start()
    owner = simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    alice = simulator.createPhone({ phoneNumber: ALICE, name: 'Alice' })
    bernd = simulator.createPhone({ phoneNumber: BERND, name: 'Bernd' })
    family = simulator.createGroup({ subject: 'Family', members: [alice, owner, bernd] })
    delivered = []
    simulator.onTrace(({ direction, node }) => {
      if (direction === 'out' && node.tag === 'message') delivered.push(node)
    })
    bot = new BareBot(simulator)
    await bot.linkTo(OWNER)
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await bot.stop()
    await simulator.stop()
  })

  /** Alice writes to the bot, alone or in the group. */
  const write = (where: 'chat' | 'group', text: string) =>
    where === 'chat' ? alice.sendText(owner, text) : alice.sendGroupText(family, text)
  const next = async (
    type: number,
  ): Promise<{ message: WAMessage; protocol: Protocol; stanza: Stanza | undefined }> => {
    const { message } = await bot.waitForMessage(
      (each) => protocolOf(each)?.key !== undefined && protocolOf(each)?.type === type,
    )
    const stanza = delivered.find(({ attrs }) => attrs.id === message.key.id)
    return { message, protocol: protocolOf(message), stanza }
  }
  const jidOf = (where: 'chat' | 'group'): string => (where === 'chat' ? alice.lid : family.jid)
  const aliceIn = (where: 'chat' | 'group') => (where === 'chat' ? {} : { participant: alice.lid })

  it.each(['chat', 'group'] as const)('carries an edit in a %s', async (where) => {
    const sent = await write(where, 'helo')
    await bot.waitForText('helo')
    const updated = new Promise((resolve) => bot.socket.ev.on('messages.update', resolve))
    await alice.edit(sent, 'hello')
    const { message, protocol, stanza } = await next(MESSAGE_EDIT)
    expect(message.key).toMatchObject({ remoteJid: jidOf(where), fromMe: false, ...aliceIn(where) })
    expect(message.key.id).not.toBe(sent.id)
    expect(protocol?.key?.id).toBe(sent.id)
    expect(protocol?.editedMessage?.conversation).toBe('hello')
    expect(stanza?.attrs.edit).toBe('1')
    expect(await inTime('messages.update', updated)).toMatchObject([
      { key: { id: sent.id, ...aliceIn(where) } },
    ])
  })

  it.each(['chat', 'group'] as const)('carries a deletion in a %s', async (where) => {
    const sent = await write(where, 'oops')
    await bot.waitForText('oops')
    await alice.revoke(sent)
    const { message, protocol, stanza } = await next(REVOKE)
    expect(message.key).toMatchObject({ remoteJid: jidOf(where), fromMe: false, ...aliceIn(where) })
    expect(protocol?.key).toMatchObject({ id: sent.id, fromMe: true })
    expect(stanza?.attrs.edit).toBe('7')
  })

  it.each(['chat', 'group'] as const)('carries a reaction in a %s, and its end', async (where) => {
    const sent = await write(where, 'look')
    await alice.react(sent, '👀')
    await alice.react(sent, '')
    const reactions = (): (string | null | undefined)[] =>
      bot.upserts.flatMap(({ message }) => message.message?.reactionMessage?.text ?? [])
    await bot.waitForMessage(() => reactions().length === 2)
    expect(reactions()).toEqual(['👀', ''])
    expect(delivered.filter(({ attrs }) => attrs.type === 'reaction')).toHaveLength(2)
  })

  it('lets a hostile phone edit and delete what is not its own', async () => {
    const victim = await alice.sendGroupText(family, 'I owe you 10')
    const seen = await bernd.waitForText('I owe you 10')
    await bernd.edit(seen, 'I owe you 10000')
    const edit = await next(MESSAGE_EDIT)
    expect(edit.message.key).toMatchObject({ remoteJid: family.jid, participant: bernd.lid })
    expect(edit.protocol?.key).toMatchObject({ id: victim.id, fromMe: true })
    await bernd.revoke(seen)
    const revoke = await next(REVOKE)
    expect(revoke.message.key.participant).toBe(bernd.lid)
    expect(revoke.protocol?.key).toMatchObject({ id: victim.id, fromMe: true })
    expect(revoke.stanza?.attrs.edit).toBe('7')
    const theirs = await bot.socket.sendMessage(alice.lid, { text: 'the truth' })
    await alice.edit(await alice.waitForText('the truth'), 'a lie')
    await bot.waitForMessage((each) => protocolOf(each)?.key?.id === theirs?.key.id)
  })

  it('deletes as an administrator, truly or falsely', async () => {
    const sent = await bernd.sendGroupText(family, 'spam')
    await alice.revoke(await alice.waitForText('spam'), { as: 'administrator' })
    const { protocol, stanza } = await next(REVOKE)
    expect(protocol?.key).toMatchObject({ id: sent.id, fromMe: false, participant: bernd.lid })
    expect(stanza?.attrs).toMatchObject({ edit: '8', participant: alice.lid })
    const own = await alice.sendGroupText(family, 'not spam')
    await bernd.revoke(await bernd.waitForText('not spam'), { as: 'administrator' })
    const { message } = await bot.waitForMessage((each) => protocolOf(each)?.key?.id === own.id)
    expect(message.key.participant).toBe(bernd.lid)
  })

  it.each(['chat', 'group'] as const)(
    'shows what the client edits, deletes and reacts to in a %s',
    async (where) => {
      const question = await write(where, 'well?')
      const { message } = await bot.waitForText('well?')
      const answer = await bot.socket.sendMessage(jidOf(where), { text: 'twelf' })
      if (answer === undefined) throw new Error('not sent')
      const key = { ...answer.key } // Baileys folds later updates into the message that it returned
      await bot.socket.sendMessage(jidOf(where), { text: 'twelve', edit: key })
      const edit = await alice.waitForText((each) => each.edit !== undefined)
      expect(edit).toMatchObject({ from: OWNER, text: '', edit: { id: key.id, text: 'twelve' } })
      expect(edit.stanza.attrs.edit).toBe('1')
      await bot.socket.sendMessage(jidOf(where), { react: { text: '✅', key: message.key } })
      const reaction = await alice.waitForText((each) => each.reaction !== undefined)
      expect(reaction.reaction).toEqual({ id: question.id, emoji: '✅' })
      expect(shown(alice)).toMatchObject([
        { text: 'well?', reactions: ['✅'], isEdited: false },
        { text: 'twelve', isEdited: true, isDeleted: false },
      ])
      await bot.socket.sendMessage(jidOf(where), { delete: key })
      const revoke = await alice.waitForText((each) => each.revoke !== undefined)
      expect(revoke.revoke).toEqual({ id: key.id, isOwn: true })
      expect(shown(alice)).toMatchObject([{ text: 'well?' }, { text: '', isDeleted: true }])
    },
  )

  it('shows nobody an edit or a deletion by somebody else', async () => {
    await alice.sendGroupText(family, 'mine')
    const seen = await bernd.waitForText('mine')
    await bernd.edit(seen, 'not mine')
    await bernd.revoke(seen)
    await bernd.revoke(seen, { as: 'administrator' })
    await owner.waitForText((each) => each.revoke?.isOwn === false)
    expect(shown(owner)).toMatchObject([{ text: 'mine', isEdited: false, isDeleted: false }])
  })

  /** The messages of the phone's first chat, as its person sees them. */
  function shown(phone: SimulatedPhone) {
    const view = simulatorState(simulator, Date.now()).phones.find(
      (each) => each.phoneNumber === phone.phoneNumber,
    )
    return view?.chats[0]?.messages
  }
})
