import { describe, expect, it } from 'vitest'
import type { IncomingContent } from '../../../src/messaging/transport.ts'
import { ALICE, Desk, OWN, STRANGER } from './desk.ts'

// Baileys hands over what it has gathered before it lets go of it: a listener that asks it for something in the same
// breath can lose the event that this causes.
describe('within its own call, a transport is asked for nothing', () => {
  const contents: IncomingContent[] = [
    { kind: 'text', text: 'hello', quoted: null },
    { kind: 'text', text: '/help', quoted: null },
    { kind: 'unsupported', what: 'image' },
    { kind: 'reaction', emoji: '👍', targetId: 'IN1' },
    { kind: 'edit', text: 'hullo', targetId: 'IN1' },
    { kind: 'revoke', targetId: 'IN1' },
  ]
  const quietly = (desk: Desk, call: () => void): void => {
    const before = desk.transport.log.length
    call()
    expect(desk.transport.log.slice(before)).toEqual([])
  }

  it.each(contents)('when somebody sends $kind', async (content) => {
    const desk = new Desk()
    desk.conversations.start()
    for (const from of [ALICE, OWN, STRANGER]) {
      quietly(desk, () => desk.receive(from, '', { content }))
      await desk.settle()
      quietly(desk, () => desk.receive(from, '', { content }))
      await desk.settle()
    }
  })

  it('when the link comes and goes, and people become known', async () => {
    const desk = new Desk()
    desk.transport.ready = false
    desk.conversations.start()
    const sender = { phoneNumber: null, address: '77@lid', conflict: false }
    desk.receive(ALICE, 'one')
    desk.receive(ALICE, 'who am I', { chat: '77@lid', sender })
    await desk.settle()
    quietly(desk, () => desk.setReady(true))
    quietly(desk, () => desk.conversations.senderResolved({ ...sender, phoneNumber: ALICE }))
    await desk.until(() => desk.named('message.sent').length === 2)
    quietly(desk, () => desk.setReady(false))
    const { id = '' } = desk.transport.sent[0] ?? {}
    quietly(desk, () => desk.conversations.statusChanged({ id, chat: '', status: 'read' }))
    await desk.settle()
  })
})
