import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import { BareBot, messageText } from './simulator-bare-bot.ts'
import { inTime } from '../support/in-time.ts'

const OWNER = '+15550000001'
const CONTACT = '+15550000002'

describe('a linked client comes and goes', () => {
  let simulator: Simulator
  let owner: SimulatedPhone
  let contact: SimulatedPhone
  let bot: BareBot

  beforeEach(async () => {
    // Bare Baileys answers no <status>, so that its backlog would never be empty.
    simulator = new Simulator({ hasUnkeyedDevices: false, habits: { everyday: 0, sharesState: false } })
    await simulator.start()
    owner = simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    contact = simulator.createPhone({ phoneNumber: CONTACT, name: 'Contact' })
    bot = new BareBot(simulator)
    await bot.linkTo(OWNER)
  })
  afterEach(async () => {
    await bot.stop()
    await simulator.stop()
  })

  it('gets what was written meanwhile, in order, and only once', async () => {
    await bot.stop()
    await owner.companions[0]?.whenDisconnected()
    for (let index = 0; index < 5; index++) await contact.sendText(owner, `while away ${index}`)
    await bot.logIn()
    for (let index = 0; index < 5; index++) {
      expect(await bot.waitForText(`while away ${index}`)).toMatchObject({ type: 'append' })
    }
    expect(bot.upserts.map(({ message }) => messageText(message))).toEqual(
      Array.from({ length: 5 }, (_, index) => `while away ${index}`),
    )
    await expect.poll(() => owner.companions[0]?.backlog.size).toBe(0)
    await bot.stop()
    await bot.logIn()
    await contact.sendText(owner, 'live again')
    expect(await bot.waitForText('live again')).toMatchObject({ type: 'notify' })
    expect(bot.upserts).toHaveLength(6)
  })

  it('gets a message again that it had not acknowledged', async () => {
    bot.socket.ws.prependListener('CB:message', () => simulator.faults.reset())
    const { id } = await contact.sendText(owner, 'on the wire')
    await owner.companions[0]?.whenDisconnected()
    const again = new Promise<Record<string, string>>((resolve) => {
      simulator.onTrace(({ direction, node }) => {
        if (direction === 'out' && node.tag === 'message') resolve(node.attrs)
      })
    })
    await bot.logIn()
    expect(await inTime('the message once more', again)).toMatchObject({ id, offline: expect.any(String) })
  })

  it('is told when the phone removes it, and refused afterwards', async () => {
    const closed = new Promise<number | undefined>((resolve) => {
      bot.socket.ev.on('connection.update', ({ connection, lastDisconnect }) => {
        const error = lastDisconnect?.error as { output?: { statusCode?: number } } | undefined // Baileys closes with a Boom
        if (connection === 'close') resolve(error?.output?.statusCode)
      })
    })
    await owner.removeCompanion()
    expect(await inTime('the end of the connection', closed)).toBe(401)
    expect(owner.companions).toEqual([])
    await expect(bot.logIn()).rejects.toThrow('closed: 401')
  })

  it('is refused when it was removed while it was away', async () => {
    await bot.stop()
    await owner.removeCompanion()
    await expect(bot.logIn()).rejects.toThrow('closed: 401 Connection Failure')
  })

  it('can unlink itself', async () => {
    const [companion] = owner.companions
    await bot.socket.logout()
    await expect.poll(() => owner.companions).toEqual([])
    expect(companion?.isRemoved).toBe(true)
  })

  it('is replaced by a second login with the same credentials', async () => {
    const first = bot.socket
    const closed = new Promise<number | undefined>((resolve) => {
      first.ev.on('connection.update', ({ connection, lastDisconnect }) => {
        const error = lastDisconnect?.error as { output?: { statusCode?: number } } | undefined // Baileys closes with a Boom
        if (connection === 'close') resolve(error?.output?.statusCode)
      })
    })
    await bot.logIn()
    expect(await inTime('the end of the connection', closed)).toBe(440)
    expect(simulator.maxSimultaneousConnections(OWNER)).toBe(2)
    await contact.sendText(owner, 'to the second')
    await bot.waitForText('to the second')
  })

  it('refuses a login with another Noise key', async () => {
    await bot.stop()
    Object.assign(bot.credentials, { noiseKey: new BareBot(simulator).credentials.noiseKey })
    await expect(bot.logIn()).rejects.toThrow('closed: 401')
  })
})
