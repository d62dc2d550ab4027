import { describe, expect, it } from 'vitest'
import type { SenderIdentity } from '../../../../src/messaging/identity.ts'
import { identity } from '../../../support/identity.ts'
import { ALICE, Desk, direct, OWN } from '../desk.ts'

const STRANGER = '+15550000066'
const LID = '700000000000001@lid'

/** Of the message: that this LID has this number. */
const claimed = (phoneNumber: string): SenderIdentity =>
  identity(LID, null, { claim: { alternate: `${phoneNumber.slice(1)}@s.whatsapp.net`, phoneNumber } })
const writes = (desk: Desk, text: string, to: SenderIdentity): void =>
  void desk.receive(OWN, text, { chat: direct(LID), writtenByOwner: { to } })
const texts = (desk: Desk): unknown[] =>
  desk.database
    .prepare('SELECT text FROM inbox ORDER BY sequence')
    .all()
    .map((row) => (row as { text: string }).text)
const asked = (desk: Desk): number => desk.transport.log.filter(({ what }) => what === 'resolve').length

describe('words of the owner to a LID of which nothing is known yet', () => {
  it.each([
    ['with the number of somebody who may talk', claimed(ALICE)],
    ['without a number', identity(LID, null)],
  ])('%s are kept, and take the chat over, once WhatsApp has said who that is', async (_name, to) => {
    const desk = new Desk()
    let answer = (_who: SenderIdentity): void => {}
    desk.transport.answerQuestion = () => new Promise((resolve) => (answer = resolve))
    writes(desk, 'let me', to)
    writes(desk, 'and again', to)
    await desk.until(() => asked(desk) === 2)
    expect(texts(desk)).toEqual([])
    desk.transport.answerQuestion = () => Promise.resolve(identity(LID, ALICE))
    answer(identity(LID, ALICE))
    writes(desk, 'at last', to)
    await desk.until(() => texts(desk).length === 2)
    expect(desk.conversations.attention().takenOver).toBe(1)
  })

  it('are dropped where WhatsApp names somebody else, or does not answer', async () => {
    const desk = new Desk()
    desk.transport.answerQuestion = () => Promise.resolve(identity(LID, STRANGER))
    writes(desk, 'one', claimed(ALICE))
    await desk.until(() => asked(desk) === 1)
    desk.transport.answerQuestion = () => Promise.reject(new Error('no answer'))
    writes(desk, 'two', claimed(ALICE))
    await desk.until(() => asked(desk) === 2)
    await desk.settle()
    expect(texts(desk)).toEqual([])
    expect(desk.conversations.attention().takenOver).toBe(0)
  })

  it('ask nobody where the message names a stranger', async () => {
    const desk = new Desk()
    writes(desk, 'private', claimed(STRANGER))
    await desk.settle()
    expect([asked(desk), texts(desk)]).toEqual([0, []])
  })
})
