import { afterEach, beforeEach, expect, it } from 'vitest'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

/** By no numbering plan that is known here, and yet somebody writes from it. */
const STRANGE = '+999123456789'

let stack: Stack
beforeEach(async () => {
  stack = await Stack.start({
    prepare: ({ simulator }) => simulator.createPhone({ phoneNumber: STRANGE, name: 'Astronaut' }),
  })
  await stack.link()
})
afterEach(() => stack.stop())

it('who is shown as a blocked sender can be allowed, also the next day', async () => {
  const client = await stack.client()
  const allow = (allowFrom: string[]) => client.request('config.addAllowFrom', { allowFrom })
  await expect(allow([STRANGE])).rejects.toMatchObject({ code: 'invalid_phone_number' })
  const phone = stack.phone(STRANGE)
  await phone.sendText(OWNER, 'hello?')
  await stack.untilEvent('message.blocked', ({ phoneNumber }) => phoneNumber === STRANGE)
  expect((await allow([STRANGE])).allowFrom).toEqual([ALICE, STRANGE])
  await phone.sendText(OWNER, 'and now?')
  await phone.waitForText('and now?')
  // The dialog sends the list that it has read.
  const saved = await client.request('config.setAllowFrom', { allowFrom: [STRANGE, ALICE] })
  expect(saved.allowFrom).toEqual([ALICE, STRANGE])
  await expect(allow(['+999123456780'])).rejects.toMatchObject({ code: 'invalid_phone_number' })
  client.close()
  await stack.stopDaemon()
  await stack.startDaemon()
  await stack.untilState('connected')
  await phone.sendText(OWNER, 'good morning')
  await phone.waitForText('good morning')
})
