import { proto, type WASocket } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LinkedCompanion } from '../../src/simulator/server/linked-companion.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import { BareBot } from './simulator-bare-bot.ts'

const OWNER = '+15550000001'
const ALICE = '+15550000002'

/** Unmodified Baileys reads what the simulated phone shares: keys, patches and history are real ones. */
describe('the app state of the simulated phone', () => {
  let simulator: Simulator
  let owner: SimulatedPhone
  let alice: SimulatedPhone
  let bot: BareBot
  const events: { name: string; value: unknown }[] = []

  const listen = (socket: WASocket): void =>
    void socket.ev.process((map) => {
      for (const [name, value] of Object.entries(map)) events.push({ name, value })
    })
  /** What Baileys has told; it forgets to empty its buffer now and then. */
  const told = (name: string): unknown[] => {
    bot.socket.ev.flush()
    return events.filter((event) => event.name === name).flatMap(({ value }) => value)
  }

  beforeEach(async () => {
    events.length = 0
    simulator = new Simulator({ hasUnkeyedDevices: false, habits: { everyday: 0 } })
    await simulator.start()
    owner = simulator.createPhone({ phoneNumber: OWNER, name: 'Olivia Owner' })
    alice = simulator.createPhone({ phoneNumber: ALICE, name: 'Alice' })
    bot = new BareBot(simulator, {
      shouldSyncHistoryMessage: () => true,
      appStateMacVerification: { patch: true, snapshot: true },
    })
    const { qr, closed } = bot.connect()
    await owner.scan(await qr)
    await closed
    const { opened } = bot.connect()
    listen(bot.socket)
    await opened
  })
  afterEach(async () => {
    await bot.stop()
    await simulator.stop()
  })

  it('comes with the key, and every patch of it verifies', async () => {
    await expect
      .poll(() => told('contacts.upsert'))
      .toContainEqual(expect.objectContaining({ id: alice.jid, name: 'Alice' }))
    await expect.poll(() => bot.credentials.accountSyncCounter).toBe(1)
    expect(bot.credentials.myAppStateKeyId).toBeDefined()
    expect(bot.credentials.me?.name).toBe('Olivia Owner')
    const [history] = told('messaging-history.set') as { messages: unknown[]; chats: { id: string }[] }[]
    expect(history?.chats.map(({ id }) => id)).toEqual([alice.lid])
    expect(history?.messages).toHaveLength(2)
  })

  it('is told of changes on the phone, and tells the phone and others of its own', async () => {
    await expect.poll(() => bot.credentials.accountSyncCounter).toBe(1)
    await owner.changeAppState({
      type: 'critical_unblock_low',
      index: ['contact', alice.jid],
      apiVersion: 2,
      syncAction: { timestamp: Date.now(), contactAction: { fullName: 'Alice Again' } },
    })
    await expect
      .poll(() => told('contacts.upsert'))
      .toContainEqual(expect.objectContaining({ id: alice.jid, name: 'Alice Again' }))
    await bot.socket.chatModify({ pin: true }, alice.jid)
    await bot.socket.chatModify({ pin: false }, alice.jid)
    await bot.socket.resyncAppState(['regular_low'], false)
    await expect.poll(() => (owner.companions[0] as LinkedCompanion).backlog.entries()).toEqual([])
  })

  it('refuses a patch that does not build on the newest version', async () => {
    await expect.poll(() => bot.credentials.accountSyncCounter).toBe(1)
    const patch = { tag: 'patch', attrs: {}, content: proto.SyncdPatch.encode({}).finish() }
    const answer = (await bot.socket.query({
      tag: 'iq',
      attrs: { to: 's.whatsapp.net', type: 'set', xmlns: 'w:sync:app:state' },
      content: [
        {
          tag: 'sync',
          attrs: {},
          content: [{ tag: 'collection', attrs: { name: 'regular', version: '7' }, content: [patch] }],
        },
      ],
    })) as unknown
    expect(JSON.stringify(answer)).toContain('"code":"409"')
  })
})
