import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import { BareBot } from './simulator-bare-bot.ts'
import { inTime } from '../support/in-time.ts'

const OWNER = '+15550000001'
const CONTACT = '+15550000002'

describe('a bare Baileys client talks through the simulator', () => {
  let simulator: Simulator
  let owner: SimulatedPhone
  let bot: BareBot

  beforeEach(async () => {
    // Bare Baileys acknowledges no status, and takes some of everyday life for messages.
    simulator = new Simulator({ hasUnkeyedDevices: false, habits: { everyday: 0, sharesState: false } })
    await simulator.start()
    owner = simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    bot = new BareBot(simulator)
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await bot.stop()
    await simulator.stop()
  })

  it.each(['both', 'lid-only', 'phone-only'] as const)('answers a %s contact', async (addressing) => {
    const contact = simulator.createPhone({ phoneNumber: CONTACT, name: 'Contact', addressing })
    await bot.linkTo(OWNER)
    bot.echo()
    const sent = await contact.sendText(owner, 'hello')
    const { message, type } = await bot.waitForText('hello')
    expect(type).toBe('notify')
    expect(message.pushName).toBe('Contact')
    expect(message.key.remoteJid).toBe(addressing === 'phone-only' ? contact.jid : contact.lid)
    expect(message.key.remoteJidAlt).toBe(addressing === 'both' ? contact.jid : undefined)
    const answer = await contact.waitForText('echo: hello')
    expect(answer).toMatchObject({ from: OWNER, chat: OWNER, viaOwnAccount: false, duplicateOf: undefined })
    await contact.waitForReceipt(({ messageId, fromDevice }) => messageId === sent.id && fromDevice === 0)
    await contact.waitForReceipt(({ messageId, type: kind }) => messageId === sent.id && kind === 'inactive')
    const inactive = contact.receipts.find(({ type: kind }) => kind === 'inactive')
    expect(inactive?.fromDevice).toBe(owner.companions[0]?.deviceId)
    expect(await owner.waitForText('echo: hello')).toMatchObject({ chat: CONTACT, viaOwnAccount: true })
    await contact.sendText(owner, 'again')
    await contact.waitForText('echo: again')
    expect([...contact.undecryptable, ...owner.undecryptable]).toEqual([])
    expect([...contact.duplicates, ...owner.duplicates]).toEqual([])
  })

  it('changes a chat from phone number to LID and back without losing its session', async () => {
    vi.spyOn(console, 'info').mockReturnValue() // Baileys' own libsignal prints the session that it replaces
    owner.account.lidMigration = 'either'
    const contact = simulator.createPhone({ phoneNumber: CONTACT, name: 'Contact' })
    await bot.linkTo(OWNER)
    bot.echo()
    for (const [index, addressing] of (['pn', 'lid', 'pn', 'lid'] as const).entries()) {
      await contact.sendText(owner, `message ${index}`, { addressing })
      const { message } = await bot.waitForText(`message ${index}`)
      expect(message.key.remoteJid).toBe(addressing === 'pn' ? contact.jid : contact.lid)
      expect(await contact.waitForText(`echo: message ${index}`)).toMatchObject({ mode: addressing })
    }
    expect(contact.undecryptable).toEqual([])
  })

  it('carries quotes, reactions, read marks and typing in both directions', async () => {
    const contact = simulator.createPhone({ phoneNumber: CONTACT, name: 'Contact' })
    await bot.linkTo(OWNER)
    const question = await contact.sendText(owner, 'question')
    const { message } = await bot.waitForText('question')
    // Baileys says nothing of its presence without a name.
    Object.assign(bot.credentials.me ?? {}, { name: 'Owner' })
    await bot.socket.sendPresenceUpdate('available')
    await bot.socket.sendPresenceUpdate('composing', contact.lid)
    await bot.socket.readMessages([message.key])
    await bot.socket.sendMessage(contact.lid, { text: 'answer' }, { quoted: message })
    await bot.socket.sendMessage(contact.lid, { react: { text: '👍', key: message.key } })
    await contact.waitForTyping(({ from, isTyping }) => from === OWNER && isTyping)
    await contact.waitForReceipt(({ type, messageId }) => type === 'read' && messageId === question.id)
    const answer = await contact.waitForText('answer')
    expect(answer.quote).toEqual({ id: question.id, text: 'question' })
    const reaction = await contact.waitForText((received) => received.reaction !== undefined)
    expect(reaction.reaction).toEqual({ id: question.id, emoji: '👍' })

    // Baileys folds an update into its message while it still holds that back.
    await bot.waitForMessage(({ key }) => key.id === answer.id)
    const read = new Promise((resolve) => {
      bot.socket.ev.on('messages.update', (changes) => {
        const change = changes.find(({ key, update }) => key.id === answer.id && update.status === 4)
        if (change !== undefined) resolve(change.key)
      })
    })
    const presence = new Promise((resolve) => bot.socket.ev.on('presence.update', resolve))
    await contact.markRead(answer)
    await contact.setTyping(owner, true)
    await contact.react(answer, '🎉')
    await contact.sendText(owner, 'thanks', { quote: answer })
    expect(await inTime('the read message', read)).toMatchObject({ fromMe: true, remoteJid: contact.lid })
    expect(await inTime('the presence', presence)).toMatchObject({
      presences: { [contact.lid]: { lastKnownPresence: 'composing' } },
    })
    const { message: liked } = await bot.waitForMessage(
      ({ key, message: content }) => !key.fromMe && !!content?.reactionMessage,
    )
    expect(liked.message?.reactionMessage).toMatchObject({ text: '🎉', key: { id: answer.id } })
    const { message: thanks } = await bot.waitForText('thanks')
    expect(thanks.message?.extendedTextMessage?.contextInfo).toMatchObject({ stanzaId: answer.id })
  })

  it("shows what the owner writes on the phone, to others and to itself, as the account's own", async () => {
    const contact = simulator.createPhone({ phoneNumber: CONTACT, name: 'Contact' })
    await bot.linkTo(OWNER)
    await owner.sendText(contact, 'typed on the phone')
    const { message } = await bot.waitForText('typed on the phone')
    expect(message.key).toMatchObject({ fromMe: true, remoteJid: contact.lid, remoteJidAlt: contact.jid })
    expect(await contact.waitForText('typed on the phone')).toMatchObject({ from: OWNER, fromDevice: 0 })
    await owner.sendToSelf('note to self')
    const note = await bot.waitForText('note to self')
    expect(note.message.key).toMatchObject({ fromMe: true, remoteJid: owner.lid })
    await bot.socket.sendMessage(owner.lid, { text: 'noted' })
    expect(await owner.waitForText('noted')).toMatchObject({ chat: OWNER, viaOwnAccount: true })
  })

  it('knows no LIDs when it is told so', async () => {
    const without = new Simulator({ hasLids: false, hasUnkeyedDevices: false })
    await without.start()
    const other = new BareBot(without)
    try {
      const phone = without.createPhone({ phoneNumber: OWNER, name: 'Owner' })
      const contact = without.createPhone({ phoneNumber: CONTACT, name: 'Contact' })
      await other.linkTo(OWNER)
      other.echo()
      await contact.sendText(phone, 'hello')
      const { message } = await other.waitForText('hello')
      expect(message.key).toMatchObject({ remoteJid: contact.jid, remoteJidAlt: undefined })
      await contact.waitForText('echo: hello')
      await phone.waitForText('echo: hello')
    } finally {
      await other.stop()
      await without.stop()
    }
  })

  it('leaves attributes as a server with other habits would', async () => {
    const contact = simulator.createPhone({ phoneNumber: CONTACT, name: 'Contact' })
    await bot.linkTo(OWNER)
    await contact.sendText(owner, 'odd', { attributes: { participant: '', addressing_mode: '' } })
    const { message } = await bot.waitForText('odd')
    expect(message.key).toMatchObject({ remoteJid: contact.lid, participant: '' })
  })

  it('counts a second message under the same id as a duplicate', async () => {
    const contact = simulator.createPhone({ phoneNumber: CONTACT, name: 'Contact' })
    await bot.linkTo(OWNER)
    await bot.socket.sendMessage(contact.lid, { text: 'once' }, { messageId: '3EB0TWICE' })
    await bot.socket.sendMessage(contact.lid, { text: 'once' }, { messageId: '3EB0TWICE' })
    const first = await contact.waitForText('once')
    expect(await contact.waitForDuplicate(({ id }) => id === '3EB0TWICE')).toMatchObject({
      duplicateOf: first.order,
    })
    expect(contact.received).toHaveLength(1)
  })

  it('hands out each one-time key once', async () => {
    await bot.linkTo(OWNER)
    const [companion] = owner.companions
    const before = companion?.preKeyCount
    for (const [index, phoneNumber] of [CONTACT, '+15550000003'].entries()) {
      const contact = simulator.createPhone({ phoneNumber, name: 'Contact' })
      await contact.sendText(owner, `from ${index}`)
      await contact.sendText(owner, `more from ${index}`)
      await bot.waitForText(`more from ${index}`)
    }
    expect(before).toBe(812)
    expect(companion?.preKeyCount).toBe(810)
  })

  it('asks for more one-time keys before they run out', async () => {
    await bot.linkTo(OWNER)
    const [companion] = owner.companions
    for (let left = companion?.preKeyCount ?? 0; left >= 5; left--) companion?.takeBundle()
    await expect.poll(() => companion?.preKeyCount).toBeGreaterThan(5)
  })
})
