import { afterEach, expect, it } from 'vitest'
import { OWNER, Stack } from '../support/stack.ts'

const PHIL = '+15550000005'

let stack: Stack
afterEach(() => stack.stop())

// A message on which Baileys gets stuck is acknowledged by nobody, and holds up all that come after it, for as long as
// its questions to the server may take, or for ever.
it('a connection on which messages come in and nothing comes of them is replaced, and none is lost', async () => {
  stack = await Stack.start({
    allowFrom: [PHIL],
    timings: { watch: { tickMs: 50, deafMs: 1_000 } },
  })
  const phil = stack.simulator.createPhone({ phoneNumber: PHIL, name: 'Phil', addressing: 'phone-only' })
  await stack.link()
  const withheld = stack.simulator.faults.withholdAnswers({ xmlns: 'usync' })
  await phil.sendText(OWNER, 'one')
  await phil.sendText(OWNER, 'two')
  await stack.until(
    'another connection',
    () => stack.published('account.status').some(({ state }) => state === 'reconnecting'),
    5_000,
  )
  expect(withheld.hits).toBeGreaterThan(0)
  expect(phil.received).toEqual([])
  stack.simulator.faults.clear()
  await phil.waitForText('two')
  expect(phil.received.map(({ text }) => text)).toEqual(['one', 'two'])
  expect(stack.simulator.maxSimultaneousConnections(OWNER)).toBe(1)
})
