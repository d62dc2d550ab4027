import { describe, expect, it } from 'vitest'
import { identity } from '../../support/identity.ts'
import { type IncomingContent, textParts } from '../../../src/messaging/content.ts'
import { ALICE, Desk, direct, OWN, STRANGER, textContent } from './desk.ts'

// Baileys hands over what it has gathered before it lets go of it: a listener that asks it for something in the same
// breath can lose the event that this causes.
describe('within its own call, a transport is asked for nothing', () => {
  const contents: IncomingContent[] = [
    textContent('hello'),
    textContent('/help'),
    { kind: 'unsupported', what: 'image' },
    { kind: 'reaction', emoji: '👍', targetId: 'IN1' },
    { kind: 'edit', parts: textParts('hullo'), targetId: 'IN1' },
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
    const sender = identity('77@lid', null)
    desk.receive(ALICE, 'one')
    desk.receive(ALICE, 'who am I', { chat: direct('77@lid'), sender })
    await desk.settle()
    quietly(desk, () => desk.setReady(true))
    quietly(desk, () => desk.conversations.senderResolved(identity('77@lid', ALICE)))
    await desk.until(() => desk.named('message.sent').length === 2)
    quietly(desk, () => desk.setReady(false))
    const { id = '' } = desk.transport.sent[0] ?? {}
    quietly(desk, () => desk.conversations.statusChanged({ remoteId: id, localId: id, status: 'read' }))
    await desk.settle()
  })
})
