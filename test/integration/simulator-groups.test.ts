import { proto } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import { BareBot } from './simulator-bare-bot.ts'
import { inTime } from '../support/in-time.ts'

const OWNER = '+15550000001'
const ALICE = '+15550000002'
const BERND = '+15550000003'

describe('a bare Baileys client in the groups of the simulator', () => {
  let simulator: Simulator
  let owner: SimulatedPhone
  let alice: SimulatedPhone
  let bernd: SimulatedPhone
  let bot: BareBot

  const phone = (phoneNumber: string, name: string, addressing?: 'lid-only' | 'phone-only'): SimulatedPhone =>
    simulator.createPhone({ phoneNumber, name, ...(addressing === undefined ? {} : { addressing }) })
  const group = (addressing: 'lid' | 'pn' = 'lid'): SimulatedGroup =>
    simulator.createGroup({ subject: 'Family', members: [alice, owner, bernd], addressing })
  const unreadable = (): unknown[] => [owner, alice, bernd].flatMap(({ undecryptable }) => undecryptable)

  beforeEach(async () => {
    // Baileys' own libsignal prints the sessions that it replaces.
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
    simulator = new Simulator({ hasUnkeyedDevices: false })
    await simulator.start()
    owner = phone(OWNER, 'Owner')
    alice = phone(ALICE, 'Alice')
    bernd = phone(BERND, 'Bernd')
    bot = new BareBot(simulator)
    await bot.linkTo(OWNER)
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await bot.stop()
    await simulator.stop()
  })

  it.each(['lid', 'pn'] as const)('learns what a group with %s addressing is', async (mode) => {
    const { jid } = group(mode)
    const metadata = await bot.socket.groupMetadata(jid)
    expect(metadata).toMatchObject({
      id: jid,
      subject: 'Family',
      addressingMode: mode,
      size: 3,
      owner: mode === 'lid' ? alice.lid : alice.jid,
    })
    expect(metadata.participants[0]).toMatchObject(
      mode === 'lid'
        ? { id: alice.lid, phoneNumber: alice.jid, admin: 'superadmin' }
        : { id: alice.jid, lid: alice.lid, admin: 'superadmin' },
    )
    expect(Object.keys(await bot.socket.groupFetchAllParticipating())).toEqual([jid])
  })

  it('is told nothing about groups that its phone is not in', async () => {
    const secret = simulator.createGroup({ subject: 'Secret', members: [alice, bernd] })
    await expect(bot.socket.groupMetadata(secret.jid)).rejects.toThrow('forbidden')
    await expect(bot.socket.groupMetadata('120363999@g.us')).rejects.toThrow('item-not-found')
    expect(await bot.socket.groupFetchAllParticipating()).toEqual({})
    await expect(owner.sendGroupText(secret, 'let me in')).rejects.toThrow('is not in Secret')
  })

  it.each(['lid', 'pn'] as const)('talks with everybody in a group with %s addressing', async (mode) => {
    const { jid } = group(mode)
    const family = simulator.group(jid)
    if (family === undefined) throw new Error('no such group')
    for (const round of [1, 2, 3]) {
      await alice.sendGroupText(family, `from Alice ${round}`)
      const { message, type } = await bot.waitForText(`from Alice ${round}`)
      expect(type).toBe('notify')
      expect(message.key).toMatchObject({
        remoteJid: jid,
        fromMe: false,
        participant: mode === 'lid' ? alice.lid : alice.jid,
        participantAlt: mode === 'lid' ? alice.jid : alice.lid,
      })
      expect(message.pushName).toBe('Alice')
      await bot.socket.sendMessage(jid, { text: `answer ${round}` })
      for (const each of [alice, bernd, owner]) {
        const answer = await each.waitForText(`answer ${round}`)
        expect(answer).toMatchObject({ from: OWNER, chat: jid, mode, viaOwnAccount: each === owner })
        expect(answer.fromDevice).toBe(owner.companions[0]?.deviceId)
      }
      await bernd.sendGroupText(family, `from Bernd ${round}`)
      await bot.waitForText(`from Bernd ${round}`)
      await alice.waitForText(`from Bernd ${round}`)
    }
    expect(unreadable()).toEqual([])
    expect([alice, bernd, owner].flatMap(({ duplicates }) => duplicates)).toEqual([])
  })

  it('hands the sender key out once, and again when somebody left', async () => {
    const family = group()
    const parts = (): string[] =>
      traced.map(({ content }) =>
        (Array.isArray(content) ? content : []).map(({ attrs }) => attrs.type ?? '').join('+'),
      )
    const traced: { content?: unknown }[] = []
    simulator.onTrace(({ direction, node }) => {
      if (direction === 'out' && node.tag === 'message') traced.push(node)
    })
    await alice.sendGroupText(family, 'one')
    await alice.sendGroupText(family, 'two')
    family.remove(bernd)
    await alice.sendGroupText(family, 'three')
    await bot.waitForText('three')
    expect(parts()).toEqual(['pkmsg+skmsg', 'skmsg', 'pkmsg+skmsg'])
    expect(bernd.received.map(({ text }) => text)).toEqual(['one', 'two'])
  })

  it('gets what was written while it was away, in order and as a backlog', async () => {
    const family = group()
    await bot.stop()
    await owner.companions[0]?.whenDisconnected()
    const texts = ['first', 'second', 'third', 'fourth']
    for (const [index, text] of texts.entries()) await (index % 2 ? bernd : alice).sendGroupText(family, text)
    await bot.logIn()
    await bot.waitForText('fourth')
    const late = bot.upserts.filter(({ message }) => message.key.remoteJid === family.jid && message.message)
    expect(late.map(({ message }) => message.message?.conversation)).toEqual(texts)
    expect(new Set(late.map(({ type }) => type))).toEqual(new Set(['append']))
    expect(owner.companions[0]?.backlog.entries().filter(({ tag }) => tag === 'message')).toEqual([])
  })

  it('sends receipts to the author and shows theirs', async () => {
    const family = group()
    const { id } = await alice.sendGroupText(family, 'hello')
    const { message } = await bot.waitForText('hello')
    await alice.waitForReceipt(
      ({ type, from, messageId }) => type === 'inactive' && from === OWNER && messageId === id,
    )
    await alice.waitForReceipt(({ type, from }) => type === 'delivery' && from === BERND)
    await bot.socket.readMessages([message.key])
    const read = await alice.waitForReceipt(({ type }) => type === 'read')
    expect(read).toMatchObject({ from: OWNER, messageId: id })
    expect(bernd.receipts).toEqual([])

    const shown = new Promise((resolve) => {
      bot.socket.ev.on('message-receipt.update', (updates) => {
        const update = updates.find(({ receipt }) => receipt.readTimestamp)
        if (update !== undefined) resolve(update)
      })
    })
    const sent = await bot.socket.sendMessage(family.jid, { text: 'answer' })
    // Baileys folds a receipt into its message while it still holds that back.
    await bot.waitForMessage(({ key }) => key.id === sent?.key.id)
    await bernd.markRead(await bernd.waitForText('answer'))
    expect(await inTime('the read receipt', shown)).toMatchObject({
      key: { id: sent?.key.id },
      receipt: { userJid: bernd.lid },
    })
  })

  it('is asked again by a phone that lost its keys', async () => {
    const family = group()
    await bot.socket.sendMessage(family.jid, { text: 'before' })
    await bernd.waitForText('before')
    const [companion] = owner.companions
    if (companion === undefined) throw new Error('not linked')
    bernd.forgetSenderKeys(companion)
    await bot.socket.sendMessage(family.jid, { text: 'lost and found' })
    const failure = await bernd.waitForFailure(({ reason }) => reason === 'no sender key')
    expect((await bernd.waitForText('lost and found')).id).toBe(failure.messageId)
    await bot.socket.sendMessage(family.jid, { text: 'after' })
    await bernd.waitForText('after')
    await alice.waitForText('after')
    expect(alice.undecryptable).toEqual([])
  })

  it('sends again to the one linked device that asks, and to nobody else', async () => {
    const family = group()
    const other = new BareBot(simulator)
    try {
      await other.linkTo(ALICE)
      await bot.socket.sendMessage(family.jid, { text: 'before' })
      await other.waitForText('before')
      await other.forgetSenderKeys()
      await bot.socket.sendMessage(family.jid, { text: 'lost and found' })
      const { message } = await other.waitForText('lost and found')
      expect(message.key).toMatchObject({ remoteJid: family.jid, participant: owner.lid })
      await alice.idle()
      expect(unreadable()).toEqual([])
      expect([alice, bernd, owner].flatMap(({ duplicates }) => duplicates)).toEqual([])
    } finally {
      await other.stop()
    }
  })

  it('asks a phone again when it lost its keys', async () => {
    const family = group()
    await alice.sendGroupText(family, 'before')
    await bot.waitForText('before')
    await bot.forgetSenderKeys()
    const { id } = await alice.sendGroupText(family, 'once more')
    const { message } = await bot.waitForText('once more')
    expect(message.key).toMatchObject({ id, remoteJid: family.jid, participant: alice.lid })
    await alice.waitForReceipt(
      ({ type, messageId, from }) => type === 'retry' && messageId === id && from === OWNER,
    )
    await alice.sendGroupText(family, 'after')
    await bot.waitForText('after')
    expect(bernd.duplicates).toEqual([])
  })

  it("shows what the owner writes on the phone as the account's own", async () => {
    const family = group()
    await owner.sendGroupText(family, 'typed on the phone')
    const { message } = await bot.waitForText('typed on the phone')
    expect(message.key).toMatchObject({ remoteJid: family.jid, fromMe: true, participant: owner.lid })
    await bot.forgetSenderKeys()
    await owner.sendGroupText(family, 'again')
    expect((await bot.waitForText('again')).message.key.fromMe).toBe(true)
  })

  it('mentions, quotes, reacts and types', async () => {
    const family = group()
    const question = await alice.sendGroupText(family, 'what time is it?', { mention: owner })
    expect(question.text).toBe(`@${owner.account.lidUser} what time is it?`)
    const { message } = await bot.waitForText(question.text)
    expect(message.message?.extendedTextMessage?.contextInfo?.mentionedJid).toEqual([owner.lid])
    await bot.socket.sendPresenceUpdate('available')
    await bot.socket.sendPresenceUpdate('composing', family.jid)
    await bernd.waitForTyping(({ from, isTyping }) => from === OWNER && isTyping)
    await bot.socket.sendMessage(family.jid, { text: 'noon', mentions: [alice.lid] }, { quoted: message })
    const answer = await alice.waitForText('noon')
    expect(answer.quote).toEqual({ id: question.id, text: question.text })
    await bot.socket.sendMessage(family.jid, { react: { text: '🕛', key: message.key } })
    const reaction = await bernd.waitForText((each) => each.reaction !== undefined)
    expect(reaction).toMatchObject({
      chat: family.jid,
      from: OWNER,
      reaction: { id: question.id, emoji: '🕛' },
    })
    await bernd.react(answer, '👍')
    const { message: liked } = await bot.waitForMessage(
      ({ message: content }) => !!content?.reactionMessage?.text?.includes('👍'),
    )
    expect(liked.message?.reactionMessage?.key).toMatchObject({
      id: answer.id,
      fromMe: true,
      remoteJid: family.jid,
    })
    await alice.sendGroupText(family, 'thanks', { quote: answer })
    const { message: thanks } = await bot.waitForText('thanks')
    expect(thanks.message?.extendedTextMessage?.contextInfo).toMatchObject({
      stanzaId: answer.id,
      participant: owner.lid,
    })
  })

  it('is told who comes and goes', async () => {
    const told = new Promise<string[]>((resolve) => {
      const actions: string[] = []
      bot.socket.ev.on('group-participants.update', ({ action, participants }) => {
        actions.push(`${action} ${participants.map(({ id }) => id).join()}`)
        if (actions.length === 2) resolve(actions)
      })
    })
    const carla = phone('+15550000004', 'Carla')
    const family = group()
    family.add(carla)
    family.remove(carla)
    expect(await inTime('both notices', told)).toEqual([`add ${carla.lid}`, `remove ${carla.lid}`])
    await bot.waitForMessage(
      ({ messageStubType }) => messageStubType === proto.WebMessageInfo.StubType.GROUP_CREATE,
    )
    const renamed = new Promise((resolve) => bot.socket.ev.on('groups.update', resolve))
    family.rename('Relatives')
    expect(await inTime('the new name', renamed)).toMatchObject([{ id: family.jid, subject: 'Relatives' }])
  })

  it('is refused when it writes to a group that its phone has left', async () => {
    const family = group()
    family.remove(owner)
    const id = '3EB0LEFT'
    const answered = bot.socket.waitForMessage<{ attrs: Record<string, string> }>(id, 5000)
    await bot.socket.sendNode({ tag: 'message', attrs: { to: family.jid, id, type: 'text' }, content: [] })
    expect((await answered)?.attrs.error).toBe('403')
    expect(alice.received).toEqual([])
  })

  it('names members by the only name that the server tells', async () => {
    const hidden = phone('+15550000004', 'Hidden', 'lid-only')
    const old = phone('+15550000005', 'Old', 'phone-only')
    const family = simulator.createGroup({ subject: 'Mixed', members: [hidden, old, owner] })
    for (const [member, jid] of [
      [hidden, hidden.lid],
      [old, old.jid],
    ] as const) {
      await member.sendGroupText(family, `from ${member.name}`)
      const { message } = await bot.waitForText(`from ${member.name}`)
      expect(message.key).toMatchObject({ participant: jid, participantAlt: undefined })
    }
    await bot.socket.sendMessage(family.jid, { text: 'hello both' })
    for (const member of [hidden, old]) await member.waitForText('hello both')
  })
})
