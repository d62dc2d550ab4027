import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stanza } from '../../src/simulator/wire/stanza.ts'
import { OWNER, Stack } from '../support/stack.ts'

const SERVER = 's.whatsapp.net'
const DOWNGRADE = stanza('ib', { from: SERVER }, [stanza('downgrade_webclient')])
const SUCCESS = stanza('success', { t: '1795000000', location: 'cln', lid: '100000000000001:3@lid' })

describe('a server that answers a login as nobody expects', () => {
  let stack: Stack
  beforeEach(async () => {
    stack = await Stack.start()
  })
  afterEach(() => stack.stop())

  // It ended the account with the advice to look at the config, where only the phone can help.
  it('says while linking that the phone is too old: the phone is named', async () => {
    await stack.qr()
    stack.simulator.faults.send(DOWNGRADE)
    await stack.until('the end', () => stack.account().reason?.code === 'phone_outdated')
    const { state, reason } = stack.account()
    expect(state).toBe('unlinked')
    expect(reason?.action).toMatch(/update WhatsApp on the phone/i)
    await stack.link()
  })

  it('says so on a linked account: it connects again', async () => {
    await stack.link()
    stack.simulator.faults.send(DOWNGRADE)
    await stack.untilEvent('account.status', ({ state }) => state === 'reconnecting')
    await stack.untilState('connected')
    await stack.alice.sendText(OWNER, 'still linked')
    await stack.alice.waitForText('still linked')
  })

  // The account showed "connected" with nobody linked.
  it('welcomes a client that is not linked: the connection is closed, and tried again', async () => {
    await stack.qr()
    stack.simulator.faults.send(SUCCESS)
    await stack.untilEvent('account.status', ({ reason }) => reason?.code === 'protocol_error')
    await stack.untilEvent('account.qr', ({ sequence }) => sequence === 1)
    expect(stack.published('account.status').some(({ state }) => state === 'connected')).toBe(false)
    expect(stack.account().linked).toBe(false)
    await stack.untilState('awaiting_scan')
    const { qr } = await stack.qr()
    await stack.owner.scan(qr)
    await stack.untilState('connected')
  })
})
