import { afterEach, describe, expect, it } from 'vitest'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { OWNER, Stack } from '../support/stack.ts'
import { inTime } from '../support/in-time.ts'

const elementsOf = (stanza: Stanza): Stanza[] => (Array.isArray(stanza.content) ? stanza.content : [])
const devicesOf = (message: Stanza): Stanza[] =>
  elementsOf(message).flatMap((node) => (node.tag === 'participants' ? elementsOf(node) : []))

describe('messages on the wire', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  /** Every message that the daemon sends from now on. */
  function sentMessages(): Stanza[] {
    const sent: Stanza[] = []
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in' && node.tag === 'message') sent.push(node)
    })
    return sent
  }

  // Baileys puts the backlog into a queue, a few at a time, and handles at once what is written meanwhile.
  it('are answered in their order when somebody goes on writing during the backlog', async () => {
    stack = await Stack.start()
    await stack.link()
    await stack.stopDaemon()
    const backlog = Array.from({ length: 35 }, (_, index) => `kept ${index}`)
    const live = Array.from({ length: 10 }, (_, index) => `live ${index}`)
    for (const text of backlog) await stack.alice.sendText(OWNER, text)
    const wentOn = new Promise<unknown>((resolve) => {
      let isFirst = true
      stack.simulator.onTrace(({ direction, node }) => {
        if (direction !== 'out' || node.attrs.offline === undefined || !isFirst) return
        isFirst = false
        resolve(Promise.all(live.map((text) => stack.alice.sendText(OWNER, text))))
      })
    })
    await stack.startDaemon()
    await inTime('the backlog', wentOn)
    await stack.alice.waitForText('live 9')
    const lines = stack.alice.received.flatMap(({ text }) => text.split('\n'))
    expect(lines).toEqual([...backlog, ...live])
    const turns = await stack.untilEvent('agent.turnFinished')
    expect(turns.outcome).toBe('answered')
  })

  // Nobody tells a send that its socket is gone: it waited out its 15 s, and everything queued waited with it.
  it('go out again as soon as there is a new connection', async () => {
    stack = await Stack.start()
    await stack.link()
    stack.simulator.faults.loseAcks('swallow', { times: 1 })
    const sent = sentMessages()
    const replaced = stack.simulator.onTrace(({ direction, node }) => {
      if (direction !== 'in' || node.tag !== 'message') return
      replaced()
      void stack.accounts.reconnect('default')
    })
    await stack.alice.sendText(OWNER, 'are you there')
    await stack.alice.waitForText('are you there', 12_000)
    expect(new Set(sent.map(({ attrs }) => attrs.id)).size).toBe(1)
    expect(stack.alice.received).toHaveLength(1)
  })

  it('name each device of our own phone once in the chat with ourselves', async () => {
    stack = await Stack.start({ allowFrom: [OWNER] })
    await stack.link()
    const sent = sentMessages()
    await stack.owner.sendToSelf('note')
    await stack.owner.waitForText('note')
    const devices = sent.flatMap(devicesOf).map(({ attrs }) => attrs.jid)
    expect(devices.length).toBeGreaterThan(0)
    expect(devices).toEqual([...new Set(devices)])
  })

  // The keys were asked for on a connection that ended, and the phone was left out for minutes as if it had none.
  it('go to our own phone, too, after a connection that ended while its keys were asked for', async () => {
    stack = await Stack.start()
    await stack.link()
    stack.simulator.faults.withholdAnswers({ xmlns: 'encrypt', element: 'key', times: 1 })
    const sent = sentMessages()
    const asked = stack.simulator.onTrace(({ direction, node }) => {
      const asksForKeys = node.attrs.xmlns === 'encrypt' && elementsOf(node).some(({ tag }) => tag === 'key')
      if (direction !== 'in' || !asksForKeys) return
      asked()
      void stack.accounts.reconnect('default')
    })
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText('hello')
    const [own = ''] = stack.owner.lid.split('@')
    expect(sent.flatMap(devicesOf).filter(({ attrs }) => attrs.jid?.startsWith(own) === true)).toHaveLength(1)
  })

  // With each new list of devices Baileys replaced the sessions, also those in which the peer was writing just then.
  it('go on in the session that is open after the list of devices was asked for anew', async () => {
    stack = await Stack.start()
    await stack.link()
    await stack.alice.sendText(OWNER, 'before', { addressing: 'pn' })
    await stack.alice.waitForText('before')
    await stack.alice.sendText(OWNER, 'and again', { addressing: 'pn' })
    await stack.alice.waitForText('and again')
    await stack.stopDaemon()
    await stack.startDaemon()
    const sent = sentMessages()
    await stack.alice.sendText(OWNER, 'after', { addressing: 'pn' })
    await stack.alice.waitForText('after')
    const [lid = ''] = stack.alice.lid.split('@')
    const types = sent
      .flatMap(devicesOf)
      .filter(({ attrs }) => attrs.jid?.startsWith(lid) === true)
      .flatMap(elementsOf)
      .map(({ attrs }) => attrs.type)
    expect(types).toEqual(['msg'])
  })
})
