import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { child, children, stanza } from '../../src/simulator/wire/stanza.ts'
import { BareBot } from './simulator-bare-bot.ts'

const OWNER = '+15550000001'

describe('a message that could not be read', () => {
  let simulator: Simulator
  let owner: SimulatedPhone
  let contact: SimulatedPhone
  let bot: BareBot

  beforeEach(async () => {
    // libsignal prints what it cannot read, here on purpose.
    for (const method of ['info', 'warn', 'error'] as const) vi.spyOn(console, method).mockReturnValue()
    simulator = new Simulator({ hasUnkeyedDevices: false })
    await simulator.start()
    owner = simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    contact = simulator.createPhone({ phoneNumber: '+15550000002', name: 'Contact' })
    bot = new BareBot(simulator)
    await bot.linkTo(OWNER)
    bot.echo()
    await contact.sendText(owner, 'hello')
    await contact.waitForText('echo: hello')
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await bot.stop()
    await simulator.stop()
  })

  it('is asked for again by a phone, and comes again under its id', async () => {
    const [companion] = owner.companions
    if (companion === undefined) throw new Error('not linked')
    contact.forgetSession(companion)
    await bot.socket.sendMessage(contact.lid, { text: 'lost and found' })
    const failure = await contact.waitForFailure(({ from }) => from === OWNER)
    const found = await contact.waitForText('lost and found')
    expect(found.id).toBe(failure.messageId)
    await contact.sendText(owner, 'thanks')
    await contact.waitForText('echo: thanks')
  })

  it('is asked for again by the client, and the phone sends it with a new session', async () => {
    const [session] = await bot.forgetSessions()
    expect(session).toBeDefined()
    const { id } = await contact.sendText(owner, 'once more')
    await contact.waitForReceipt(({ type, messageId }) => type === 'retry' && messageId === id)
    const { message } = await bot.waitForText('once more')
    expect(message.key.id).toBe(id)
    await contact.waitForText('echo: once more')
    expect(contact.undecryptable).toEqual([])
  })

  it('counts as unreadable when it begins a session without proving whose device it is', async () => {
    const sealed: Stanza[] = []
    const stop = simulator.onTrace(({ direction, node }) => {
      if (direction === 'in' && node.tag === 'message') sealed.push(node)
    })
    const stranger = simulator.createPhone({ phoneNumber: '+15550000003', name: 'Stranger' })
    await bot.socket.sendMessage(stranger.lid, { text: 'with certificate' })
    await stranger.waitForText('with certificate')
    stop()
    const [node] = sealed
    expect(child(node, 'device-identity')).toBeDefined()
    const [companion] = owner.companions
    if (companion === undefined) throw new Error('not linked')
    const parts = children(child(node, 'participants')).filter(({ attrs }) => attrs.jid === stranger.lid)
    const enc = parts.flatMap((to) => children(to))
    stranger.deliver(stanza('message', { from: companion.lid, id: 'UNPROVEN', type: 'text' }, enc))
    const failure = await stranger.waitForFailure(({ messageId }) => messageId === 'UNPROVEN')
    expect(failure.reason).toBe('device-identity is missing')
  })
})
