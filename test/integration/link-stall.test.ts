import { afterEach, describe, expect, it } from 'vitest'
import { OWNER, Stack } from '../support/stack.ts'

// A server that answers every ping and acknowledges nothing looks alive for ever: replies pile up behind an open socket.
describe('a WhatsApp that is there and takes nothing', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  const lostAndBack = async (): Promise<void> => {
    await stack.until('the connection to be replaced', () => stack.account().state !== 'connected')
    stack.simulator.faults.clear()
    await stack.untilState('connected')
  }

  it('is left for another connection when it acknowledges no message', async () => {
    stack = await Stack.start({ timings: { watch: { tickMs: 50, stallMs: 1_000 } } })
    await stack.link()
    stack.simulator.faults.loseAcks('swallow')
    await stack.alice.sendText(OWNER, 'hello')
    await lostAndBack()
    await stack.alice.waitForText('hello')
    expect(stack.alice.received.filter(({ text }) => text === 'hello')).toHaveLength(1)
  })

  // A receipt is as good as the acknowledgement that it overtook.
  it('is kept when messages arrive and only their acknowledgements are lost', async () => {
    stack = await Stack.start({ timings: { watch: { tickMs: 50, stallMs: 1_000 } } })
    await stack.link()
    const lost = stack.simulator.faults.loseAcks('deliver')
    for (const text of ['one', 'two', 'three']) {
      await stack.alice.sendText(OWNER, text)
      await stack.untilEvent('message.sent', () => stack.published('message.sent').length === lost.hits)
    }
    expect(stack.simulator.maxSimultaneousConnections(OWNER)).toBe(1)
    expect(stack.published('account.status').filter(({ state }) => state === 'reconnecting')).toEqual([])
  })

  it('is left for another connection when it tells nobody’s devices', async () => {
    stack = await Stack.start({ timings: { watch: { tickMs: 50, stallMs: 1_000 } } })
    await stack.link()
    // Who Alice is is known; her devices have changed.
    await stack.alice.sendText(OWNER, 'good morning')
    await stack.alice.waitForText('good morning')
    stack.alice.listUnkeyedDevice('404')
    for (const xmlns of ['usync', 'encrypt']) stack.simulator.faults.withholdAnswers({ xmlns })
    await stack.alice.sendText(OWNER, 'hello')
    await lostAndBack()
    await stack.alice.waitForText('hello')
  })

  it('is left for another connection when it sends and answers no ping', async () => {
    stack = await Stack.start({ timings: { watch: { tickMs: 50, probeEveryMs: 200 }, queryTimeoutMs: 500 } })
    await stack.link()
    stack.simulator.faults.withholdAnswers({ xmlns: 'w:p' })
    const chatter = setInterval(() => void stack.alice.setTyping(OWNER, true), 100)
    try {
      await stack.until('the connection to be replaced', () => stack.account().state !== 'connected', 30_000)
    } finally {
      clearInterval(chatter)
    }
    stack.simulator.faults.clear()
    await stack.untilState('connected')
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText('hello')
  })
})
