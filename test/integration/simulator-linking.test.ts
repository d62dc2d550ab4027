import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { child } from '../../src/simulator/wire/stanza.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import { BareBot } from './simulator-bare-bot.ts'
import { inTime } from '../support/in-time.ts'

const OWNER = '+15550000001'

describe('linking', () => {
  let simulator: Simulator
  let owner: SimulatedPhone
  let bot: BareBot
  let nowMs: number

  beforeEach(async () => {
    nowMs = Date.now()
    simulator = new Simulator({
      habits: { sharesState: false },
      clock: () => nowMs,
      hasUnkeyedDevices: false,
    })
    await simulator.start()
    owner = simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    bot = new BareBot(simulator)
  })
  afterEach(async () => {
    await bot.stop()
    await simulator.stop()
  })

  it('by QR: pair, restart (515), login, with one socket at a time', async () => {
    const { qr, closed } = bot.connect()
    const companion = await owner.scan(await qr)
    expect(await closed).toMatchObject({ code: 515 })
    await bot.logIn()
    expect(bot.credentials.me).toMatchObject({ id: companion.jid, lid: companion.lid })
    expect(bot.credentials.account?.accountSignatureKey).toBeDefined()
    expect(companion).toMatchObject({ isConnected: true, operatingSystem: 'Mac OS', preKeyCount: 812 })
    expect(simulator.connections).toMatchObject([{ account: OWNER, deviceId: companion.deviceId }])
    expect(simulator.maxSimultaneousConnections(OWNER)).toBe(1)
  })

  it('refuses a code that nobody shows, that has expired, and that was used', async () => {
    await expect(owner.scan('https://wa.me/settings/linked_devices#nonsense')).rejects.toThrow(
      'not a linking code',
    )
    const { qr, closed } = bot.connect()
    const code = await qr
    nowMs += 61_000
    await expect(owner.scan(code)).rejects.toThrow('unknown or has expired')
    nowMs -= 61_000
    const forged = code.split(',').with(2, Buffer.alloc(32).toString('base64')).join(',')
    await expect(owner.scan(forged)).rejects.toThrow('other keys')
    simulator.faults.sendsRestart = false
    await owner.scan(code)
    await expect(owner.scan(code)).rejects.toThrow('unknown or has expired')
    expect(simulator.faults.streamError({ code: 515 })).toBe(1)
    expect(await closed).toMatchObject({ code: 515 })
  })

  it('offers as many codes as it is told, then the client gives up', async () => {
    bot = new BareBot(simulator, { qrTimeout: 50 })
    const { closed } = bot.connect()
    expect(await closed).toEqual({ code: 408, message: 'QR refs attempts ended' })
    expect(new Set(bot.qrCodes).size).toBe(6)
    await expect(owner.scan(bot.qrCodes[0] ?? '')).rejects.toThrow('unknown or has expired')
  })

  it('by code, also when the first try was wrong', async () => {
    const { qr, closed } = bot.connect()
    await qr
    await expect(owner.enterCode('ABCDEFGH')).rejects.toThrow('no device asks')
    const code = await bot.socket.requestPairingCode('15550000001')
    await expect.poll(() => owner.isAskedForCode).toBe(true)
    const refusal = new Promise<{ attrs: Record<string, string> }>((resolve) => {
      bot.socket.ws.on('CB:iq,type:error', resolve)
    })
    await expect(owner.enterCode('WRONGONE')).rejects.toThrow('wrong code')
    await refusal
    const companion = await owner.enterCode(`${code.slice(0, 4)}-${code.slice(4)}`)
    expect(await closed).toMatchObject({ code: 515 })
    await bot.logIn()
    expect(bot.credentials.registered).toBe(true)
    expect(companion.isConnected).toBe(true)
  })

  it('refuses the login of a client whose code was never entered', async () => {
    const { qr } = bot.connect()
    await qr
    await bot.socket.requestPairingCode('15550000001')
    await expect.poll(() => owner.isAskedForCode).toBe(true)
    await bot.stop()
    await expect(bot.logIn()).rejects.toThrow('closed: 401')
    await expect(owner.enterCode('ABCDEFGH')).rejects.toThrow('no device asks')
  })

  it('holds codes back after a refresh demand until the client answers it', async () => {
    const { qr } = bot.connect()
    const code = await qr
    expect(simulator.faults.refreshRegistration()).toBe(1)
    await expect(owner.scan(code)).rejects.toThrow('unknown or has expired')
    const demand = new Promise<{ attrs: Record<string, string> }>((resolve) => {
      bot.socket.ws.on('CB:notification,type:companion_reg_refresh', resolve)
    })
    const { attrs } = await demand
    const answer = { class: 'notification', id: attrs.id ?? '', to: attrs.from ?? '', type: attrs.type ?? '' }
    await bot.socket.sendNode({ tag: 'ack', attrs: answer })
    await expect.poll(() => owner.scan(code).then(() => 'linked', String)).toBe('linked')
  })

  it('waits for the passkey that a phone demands until the client hangs up', async () => {
    simulator.faults.demandPasskey({ times: 1 })
    const { qr } = bot.connect()
    const code = await qr
    const demand = new Promise((resolve) =>
      bot.socket.ws.on('CB:notification,type:passkey_prologue_request', resolve),
    )
    const scan = expect(owner.scan(code)).rejects.toThrow('hung up')
    await inTime('the demand', demand)
    await bot.stop()
    await scan
    expect(owner.companions).toEqual([])
  })

  // Baileys makes the code by itself and says nothing: a person would type it in vain.
  it('refuses a pairing code for a name whose system it does not know', async () => {
    bot = new BareBot(simulator, { browser: ['Acme', 'Chrome', '1'] })
    const errors: unknown[] = []
    simulator.onTrace(({ direction, node }) => {
      if (direction === 'out' && node.attrs.type === 'error') errors.push(child(node, 'error')?.attrs.code)
    })
    await bot.connect().qr
    await bot.socket.requestPairingCode(OWNER.slice(1))
    await expect.poll(() => errors).toEqual(['400'])
  })

  it('lets a slow phone take its time', async () => {
    simulator.faults.scanDelayMs = 150
    const { qr, closed } = bot.connect()
    const startedAt = performance.now()
    await owner.scan(await qr)
    expect(performance.now() - startedAt).toBeGreaterThan(140)
    expect(await closed).toMatchObject({ code: 515 })
  })

  it('rejects the scan when the client hangs up meanwhile', async () => {
    simulator.faults.scanDelayMs = 10_000
    const { qr } = bot.connect()
    const scan = owner.scan(await qr)
    const outcome = expect(scan).rejects.toThrow('hung up')
    await bot.stop()
    await outcome
    expect(owner.companions).toEqual([])
  })

  it('links several clients to one phone, and each gets every message', async () => {
    const second = new BareBot(simulator)
    const contact = simulator.createPhone({ phoneNumber: '+15550000002', name: 'Contact' })
    try {
      await bot.linkTo(OWNER)
      await second.linkTo(OWNER)
      expect(owner.companions).toHaveLength(2)
      await contact.sendText(owner, 'to everybody')
      await Promise.all([bot.waitForText('to everybody'), second.waitForText('to everybody')])
      await bot.socket.sendMessage(contact.lid, { text: 'from the first' })
      const { message } = await second.waitForText('from the first')
      expect(message.key).toMatchObject({ fromMe: true, remoteJid: contact.lid })
      expect(simulator.maxSimultaneousConnections(OWNER)).toBe(1)
    } finally {
      await second.stop()
    }
  })
})
