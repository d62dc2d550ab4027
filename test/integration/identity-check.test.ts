import { afterEach, expect, it } from 'vitest'
import { stanza } from '../../src/simulator/wire/stanza.ts'
import { Stack } from '../support/stack.ts'

let stack: Stack
afterEach(() => stack.stop())

it('says that WhatsApp wants the owner to prove who they are, where WhatsApp itself says so', async () => {
  stack = await Stack.start()
  await stack.link()
  const ask = (from: string, operation: string): void => {
    const attributes = { from, type: 'mex', id: `check-${operation}-${from}`, t: '1795000000' }
    const update = stanza('update', { op_name: operation }, Buffer.from('{"data":{"challenge":"secret"}}'))
    stack.simulator.faults.send(stanza('notification', attributes, [update]))
  }
  ask('15550000003@s.whatsapp.net', 'NotificationIntegrityChallengeRequest')
  ask('s.whatsapp.net', 'NotificationSomethingElse')
  // The order of the wire: what came before it is handled.
  await stack.alice.sendText(stack.owner.phoneNumber, 'hello')
  await stack.alice.waitForText('hello')
  expect(stack.account().reason).toBeNull()

  ask('s.whatsapp.net', 'NotificationIntegrityChallengeRequest')
  await stack.until('the reason', () => stack.account().reason?.code === 'identity_check')
  expect(stack.account()).toMatchObject({ state: 'connected', linked: true })
  await stack.accounts.disconnect('default')
  await stack.link()
  expect(stack.account().reason).toBeNull()
})
