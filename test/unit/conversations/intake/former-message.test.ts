import { expect, it } from 'vitest'
import { identity } from '../../../support/identity.ts'
import { ALICE, Desk } from '../desk.ts'

const LID = '777000777@lid'
const ALICE_ADDRESS = '15550001111@s.whatsapp.net'

/** As versions up to schema 12 wrote it. */
const former = (id: string, sender: object): string =>
  JSON.stringify({
    chat: LID,
    chatKind: 'direct',
    id,
    sender: { address: LID, conflict: false, ...sender },
    senderName: 'Alice',
    content: { kind: 'text', text: `said in ${id}`, quoted: { id: 'Q', text: 'before' } },
    mentionsUs: false,
    sentAt: new Date().toISOString(),
    arrival: 'live',
  })

it('a message that an earlier version held is answered once its sender is known, as what it said', async () => {
  const desk = new Desk()
  const hold = desk.database.prepare(
    `INSERT INTO held (address, message_id, kind, message, expires_at, alternate) VALUES (?, ?, 'text', ?, ?, ?)`,
  )
  const later = Date.now() + 3_600_000
  const claim = { alternate: ALICE_ADDRESS, phoneNumber: ALICE }
  desk.database.transaction(() => {
    hold.run(LID, 'BARE', former('BARE', { phoneNumber: null }), later, null)
    // With a claim, `phoneNumber` was the claimed number: it must not count as proven.
    hold.run(LID, 'CLAIM', former('CLAIM', { phoneNumber: ALICE, claim }), later, ALICE_ADDRESS)
  })
  desk.transport.answerQuestion = () => Promise.reject(new Error('no answer'))
  desk.conversations.start()
  await desk.settle()
  expect(desk.transport.sent).toEqual([])
  desk.transport.numbers.set(LID, identity(LID, ALICE))
  desk.conversations.senderResolved(identity(LID, ALICE))
  await desk.until(() => desk.named('message.sent').length === 2)
  expect(desk.transport.texts()).toEqual(['said in BARE', 'said in CLAIM'])
  expect(desk.named('message.received')).toMatchObject([
    { messageId: 'BARE', phoneNumber: ALICE, name: 'Alice' },
    { messageId: 'CLAIM', phoneNumber: ALICE, name: 'Alice' },
  ])
})
