import { describe, expect, it } from 'vitest'
import type { IncomingMessage } from '../../../../src/messaging/incoming-message.ts'
import { identity } from '../../../support/identity.ts'
import { CommandDesk } from '../commands/command-desk.ts'
import { ALICE, direct, OWN } from '../desk.ts'

const LID = '700000000000001@lid'
const OPEN = { access: { dmPolicy: 'open', allowFrom: ['*'] } } as const

/** Alice, of whom only the LID is known. */
const byLid: Partial<IncomingMessage> = { chat: direct(LID), sender: identity(LID, null) }
const toLid: Partial<IncomingMessage> = { chat: direct(LID), writtenByOwner: { to: identity(LID, null) } }
const toNumber: Partial<IncomingMessage> = { chat: direct(`${ALICE.slice(1)}@s.whatsapp.net`) }
const learn = (desk: CommandDesk): void => desk.conversations.senderResolved(identity(LID, ALICE))

describe('a person whom WhatsApp names in two ways', () => {
  it.each([
    { named: 'by LID', words: toLid, asks: ['', byLid] as const, other: [ALICE, {}] as const },
    { named: 'by number', words: toNumber, asks: [ALICE, {}] as const, other: ['', byLid] as const },
  ])('and whose chat was taken over $named gets no answer under the other name either', async (each) => {
    const desk = new CommandDesk(OPEN)
    await desk.ask('under the other name', each.other[0], each.other[1])
    desk.receive(OWN, 'let me', each.words)
    expect(desk.held.turns[0]?.aborted).toBe(false)
    learn(desk)
    expect(desk.held.turns[0]?.aborted).toBe(true)
    desk.held.answer()
    desk.receive(each.asks[0], 'one', each.asks[1])
    desk.receive(each.other[0], 'two', each.other[1])
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
    expect(desk.held.turns).toHaveLength(1)
    expect(desk.conversations.attention().takenOver).toBe(1)
    // It holds on the disk.
    desk.again()
    desk.receive(ALICE, 'three')
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
  })
  // What was taken back because the two were one person was forgotten when the chat was handed back.
  it('is answered, with takeover.answerMissed, what they asked under the other name', async () => {
    const desk = new CommandDesk({
      ...OPEN,
      takeover: { onPhoneReply: true, minutes: 60, groups: false, answerMissed: true },
    })
    await desk.ask('by number')
    desk.receive(OWN, 'let me', toLid)
    learn(desk)
    expect(desk.held.turns[0]?.aborted).toBe(true)
    desk.conversations.takeover.resume(ALICE, 'owner')
    await desk.until(() => desk.held.turns.length === 2)
    expect(desk.held.turns[1]?.texts).toEqual(['by number'])
  })
})
