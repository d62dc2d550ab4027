import { afterEach, describe, expect, it } from 'vitest'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

/** WhatsApp's form of a number, and the other one that people write. */
const FORMS = [
  ['Mexico, with the 1', '+5215512345678', '+52 55 1234 5678'],
  ['Mexico, without it', '+525587654321', '+52 1 55 8765 4321'],
  ['Brazil, without the ninth digit', '+556187654321', '+55 61 98765-4321'],
  ['Brazil, with it', '+5511987654321', '+55 11 8765-4321'],
  ['Argentina, with the 9', '+5491123456789', '+54 11 2345-6789'],
  ['Benin, without 01', '+22961234567', '+229 01 61 23 45 67'],
  ["Côte d'Ivoire, eight digits", '+22507123456', '+225 07 07 12 34 56'],
] as const

const asksForForms = ({ tag, attrs, content }: Stanza): boolean => {
  if (tag !== 'iq' || attrs['xmlns'] !== 'usync' || !Array.isArray(content)) return false
  const [usync] = content
  const [query] = Array.isArray(usync?.content) ? usync.content : []
  return Array.isArray(query?.content) && query.content.some((each) => each.tag === 'contact')
}

/**
 * An allowed friend in Mexico or Brazil got no answer: the config had one form of the number, WhatsApp another. Which of them it knows
 * only WhatsApp can say; the daemon asks, and remembers.
 */
describe('a number that WhatsApp knows in another form', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  const start = async (allowFrom: string[], channel: Record<string, unknown> = {}): Promise<void> => {
    stack = await Stack.start({
      allowFrom,
      channel,
      timings: { queryTimeoutMs: 2_000 },
      prepare: ({ simulator }) =>
        FORMS.forEach(([name, phoneNumber]) => simulator.createPhone({ phoneNumber, name })),
    })
  }

  it('is answered as soon as WhatsApp has said which it is, in its own chat', async () => {
    await start(FORMS.map(([, , written]) => written))
    await stack.link()
    for (const [name, registered] of FORMS) {
      const phone = stack.phone(registered)
      await phone.sendText(OWNER, name)
      await phone.waitForText(name)
    }
    const conversations = stack.published('message.received').map(({ conversation }) => conversation)
    expect(conversations.toSorted()).toEqual(FORMS.map(([, registered]) => registered).toSorted())
  })

  it('stays answered after a restart without asking again, and stops with its entry', async () => {
    const [name, registered, written] = FORMS[2]
    await start([written], { senders: { [written]: { name: 'Bia' } } })
    await stack.link()
    const phone = stack.phone(registered)
    await phone.sendText(OWNER, name)
    await phone.waitForText(name)
    await stack.stopDaemon()
    const asked: Stanza[] = []
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in' && asksForForms(node)) asked.push(node)
    })
    await stack.startDaemon()
    await stack.untilState('connected')
    await phone.sendText(OWNER, 'again')
    await phone.waitForText('again')
    expect(asked).toEqual([])
    expect(stack.published('message.received').at(-1)).toMatchObject({ phoneNumber: registered, name: 'Bia' })
    stack.writeConfig([ALICE])
    await stack.untilEvent('config.applied')
    await phone.sendText(OWNER, 'and now?')
    await stack.untilEvent('message.blocked', ({ phoneNumber }) => phoneNumber === registered)
  })

  it('allows nobody by a guess: without an answer the message waits, with one it is answered', async () => {
    const [name, registered, written] = FORMS[0]
    await start([ALICE])
    await stack.link()
    const withheld = stack.simulator.faults.withheldAnswers.add(true, { matching: asksForForms })
    stack.writeConfig([ALICE, written])
    await stack.untilEvent('config.applied')
    const phone = stack.phone(registered)
    await phone.sendText(OWNER, name)
    await stack.untilEvent('message.blocked', ({ reason }) => reason === 'lid_unresolved')
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText('hello')
    expect([phone.received, phone.typing]).toEqual([[], []])
    withheld.clear()
    stack.writeConfig([ALICE, written, MALLORY])
    await phone.waitForText(name)
    // Who was blocked a moment ago is not shown as somebody to allow.
    const client = await stack.client()
    const { snapshot } = await client.request('session.subscribe', {})
    expect(snapshot.blocked).toEqual([])
    client.close()
  })

  it('is answered in a group, whose list has the other form', async () => {
    const [name, registered, written] = FORMS[5]
    await start([ALICE], { groupAllowFrom: [written], groups: { '*': { requireMention: false } } })
    await stack.link()
    const phone = stack.phone(registered)
    const group = stack.simulator.createGroup({
      subject: 'Family',
      members: [stack.owner, phone, stack.mallory],
    })
    await phone.sendGroupText(group, name)
    await phone.waitForText(name)
    await phone.sendText(OWNER, 'alone')
    await stack.untilEvent('message.blocked', ({ phoneNumber }) => phoneNumber === registered)
    expect(stack.published('message.received').map(({ conversation }) => conversation)).toEqual([group.jid])
    expect(MALLORY).not.toBe(registered)
  })
})
