import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Simulator } from '../../src/simulator/simulator.ts'
import { BareBot } from './simulator-bare-bot.ts'

const ONE = '+15550000001'
const TWO = '+15550000002'

describe('two linked accounts at once', () => {
  let simulator: Simulator
  let first: BareBot
  let second: BareBot

  beforeEach(async () => {
    simulator = new Simulator({ hasUnkeyedDevices: false })
    await simulator.start()
    simulator.createPhone({ phoneNumber: ONE, name: 'One' })
    simulator.createPhone({ phoneNumber: TWO, name: 'Two' })
    first = new BareBot(simulator)
    second = new BareBot(simulator)
    await Promise.all([first.linkTo(ONE), second.linkTo(TWO)])
  })
  afterEach(async () => {
    await Promise.all([first.stop(), second.stop()])
    await simulator.stop()
  })

  it('talk to each other, and their phones read along', async () => {
    const two = simulator.phone(TWO)
    second.echo()
    for (let index = 0; index < 5; index++) {
      await first.socket.sendMessage(two?.lid ?? '', { text: `ping ${index}` })
      await first.waitForText(`echo: ping ${index}`)
    }
    await two?.waitForText('ping 4')
    await simulator.phone(ONE)?.waitForText('echo: ping 4')
    for (const phone of simulator.phones) expect(phone.undecryptable).toEqual([])
  })

  it('are told apart: one is removed, the other goes on', async () => {
    await simulator.phone(ONE)?.removeCompanion()
    second.echo()
    await simulator.phone(ONE)?.sendText(TWO, 'still there?')
    await simulator.phone(ONE)?.waitForText('echo: still there?')
  })
})
