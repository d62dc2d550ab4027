import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { stanza } from '../../src/simulator/wire/stanza.ts'
import { OWNER, Stack } from '../support/stack.ts'
import { untilSaid } from '../support/until-said.ts'

const SERVER = 's.whatsapp.net'

// Baileys 7.0.0-rc14 answers none of these: WhatsApp's server, and others like it, ask until they give the client up.
describe('what the server asks by itself', () => {
  let stack: Stack
  beforeEach(async () => {
    stack = await Stack.start()
  })
  afterEach(() => stack.stop())

  async function answerTo(question: Stanza): Promise<Stanza> {
    const { id } = question.attrs
    const answer = untilSaid(stack.simulator, ({ attrs }) => attrs.id === id)
    stack.simulator.faults.send(question)
    return answer
  }

  const iq = (attributes: Record<string, string>, content?: Stanza[]): Stanza =>
    stanza('iq', { from: SERVER, id: 'QUESTION-1', ...attributes }, content)

  const PINGS: [string, Stanza][] = [
    ['a ping', iq({ type: 'get', xmlns: 'urn:xmpp:ping' })],
    ['a ping with an element', iq({ type: 'get', xmlns: 'urn:xmpp:ping' }, [stanza('ping')])],
    ['a ping of the older namespace', iq({ type: 'get', xmlns: 'w:p' }, [stanza('ping')])],
    ['a ping from nobody', stanza('iq', { id: 'QUESTION-1', type: 'get', xmlns: 'urn:xmpp:ping' })],
  ]

  it.each(PINGS)('is answered on an open link: %s', async (_name, ping) => {
    await stack.link()
    const { tag, attrs, content } = await answerTo(ping)
    expect([tag, attrs.type, content]).toEqual(['iq', 'result', undefined])
    expect(attrs.to).toMatch(/^@?s\.whatsapp\.net$/)
  })

  it.each(PINGS)('is answered while a QR is on offer: %s', async (_name, ping) => {
    await stack.qr()
    expect(await answerTo(ping)).toMatchObject({ tag: 'iq', attrs: { type: 'result' } })
  })

  it.each([
    ['a query of an unknown namespace', iq({ type: 'get', xmlns: 'w:unheard' }, [stanza('tell')])],
    ['an order of an unknown namespace', iq({ type: 'set', xmlns: 'w:unheard' }, [stanza('do')])],
    ['an unknown order of a known namespace', iq({ type: 'set', xmlns: 'md' }, [stanza('unheard')])],
    ['a query without a namespace', iq({ type: 'get' })],
  ])('is refused politely: %s', async (_name, question) => {
    await stack.link()
    const answer = await answerTo(question)
    expect(answer).toMatchObject({ tag: 'iq', attrs: { type: 'error', to: SERVER } })
    expect(answer.content).toMatchObject([
      { tag: 'error', attrs: { code: '501', text: 'feature-not-implemented' } },
    ])
  })

  it('is acknowledged with 488 where the kind of stanza is unknown', async () => {
    await stack.link()
    const unknown = stanza('survey', { from: '15550009999@s.whatsapp.net', id: 'QUESTION-1', type: 'poll' })
    expect(await answerTo(unknown)).toMatchObject({
      tag: 'ack',
      attrs: { class: 'survey', to: '15550009999@s.whatsapp.net', type: 'poll', error: '488' },
    })
  })

  it('is left alone where it names nobody to answer, or is an answer itself', async () => {
    await stack.link()
    const said: Stanza[] = []
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in' && node.attrs.id === 'QUESTION-1') said.push(node)
    })
    const { faults } = stack.simulator
    faults.send(stanza('survey', { id: 'QUESTION-1' }))
    faults.send(stanza('survey', { from: SERVER }))
    faults.send(iq({ type: 'get', xmlns: 'urn:xmpp:ping', from: stack.mallory.jid }))
    faults.send(iq({ type: 'set', xmlns: 'w:unheard', from: stack.mallory.lid }))
    faults.send(iq({ type: 'result' }))
    faults.send(iq({ type: 'error' }, [stanza('error', { code: '400' })]))
    faults.send(stanza('ack', { from: SERVER, id: 'QUESTION-1', class: 'message' }))
    faults.send(stanza('presence', { from: stack.alice.jid, id: 'QUESTION-1', type: 'available' }))
    faults.send(stanza('ib', { from: SERVER, id: 'QUESTION-1' }, [stanza('thread_metadata')]))
    await stack.alice.sendText(OWNER, 'still there?')
    await stack.alice.waitForText('still there?')
    expect(said).toEqual([])
  })

  it.each(['account_sync', 'psa', 'unheard'])(
    'is acknowledged while a QR is on offer: a notification of type %s',
    async (type) => {
      await stack.qr()
      const notification = stanza('notification', { from: SERVER, id: 'QUESTION-1', type, t: '1795000000' })
      expect(await answerTo(notification)).toEqual({
        tag: 'ack',
        attrs: { class: 'notification', to: SERVER, id: 'QUESTION-1', type },
      })
    },
  )
})
