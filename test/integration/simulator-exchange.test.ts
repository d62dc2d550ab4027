import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Simulator } from '../../src/simulator/simulator.ts'
import type { SimulatedPhone } from '../../src/simulator/phone.ts'
import { BareBot } from './simulator-bare-bot.ts'

describe('a bare Baileys client talks through the simulator', () => {
  let simulator: Simulator
  let owner: SimulatedPhone
  let bot: BareBot

  beforeEach(async () => {
    simulator = new Simulator()
    await simulator.start()
    owner = simulator.createPhone({ phoneNumber: '+15550000001', name: 'Owner' })
    bot = new BareBot(simulator)
  })
  afterEach(async () => {
    await bot.stop()
    await simulator.stop()
  })

  it('links by QR, survives the restart and logs in', async () => {
    const { qr, closed } = bot.connect()
    const companion = await owner.scan(await qr)
    expect(await closed).toMatchObject({ code: 515 })
    await bot.logIn()
    expect(bot.credentials.me).toMatchObject({ id: companion.jid, lid: companion.lid })
    expect(companion.isConnected).toBe(true)
    expect(companion.preKeyCount).toBe(812)
    expect(simulator.maxSimultaneousConnections('+15550000001')).toBe(1)
  })

  it.each(['both', 'lid-only', 'phone-only'] as const)('answers a %s contact', async (addressing) => {
    const contact = simulator.createPhone({ phoneNumber: '+15550000002', name: 'Contact', addressing })
    await bot.linkTo('+15550000001')
    bot.echo()
    const sent = await contact.sendText(owner, 'hello')
    const { message } = await bot.waitForText('hello')
    expect(message.key.remoteJid).toBe(addressing === 'phone-only' ? contact.jid : contact.lid)
    expect(message.key.remoteJidAlt).toBe(addressing === 'both' ? contact.jid : undefined)
    const answer = await contact.waitForText('echo: hello')
    expect(answer).toMatchObject({ from: '+15550000001', viaOwnAccount: false, duplicateOf: undefined })
    await contact.waitForReceipt(({ messageId, fromDevice }) => messageId === sent.id && fromDevice === 0)
    await contact.waitForReceipt(({ messageId, type }) => messageId === sent.id && type === 'inactive')
    await owner.waitForText('echo: hello')
    await contact.sendText(owner, 'again')
    await contact.waitForText('echo: again')
    expect(contact.undecryptable).toEqual([])
    expect(owner.undecryptable).toEqual([])
  })
})
