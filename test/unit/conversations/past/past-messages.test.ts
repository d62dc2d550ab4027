import { expect, it } from 'vitest'
import type { IncomingMessage } from '../../../../src/messaging/incoming-message.ts'
import { identity } from '../../../support/identity.ts'
import { ALICE, BOB, Desk, direct, group } from '../desk.ts'

const DAY_MS = 86_400_000
const LID = '700100200@lid'
const GROUP = group('120363000000000001@g.us')

function texts(desk: Desk): string[] {
  const rows = desk.database.prepare('SELECT text FROM inbox ORDER BY sequence').all()
  return (rows as { text: string }[]).map(({ text }) => text)
}

it('brings nothing back of people and groups that were forgotten, by whichever name, and takes what they write afterwards', async () => {
  const desk = new Desk({
    historySync: 'recent',
    groupAccess: { groupPolicy: 'open', groupAllowFrom: null, groups: {} },
  })
  desk.allow(ALICE, BOB)
  desk.conversations.start()
  const alice = identity(LID, ALICE)
  const past = (from: string, text: string, more: Partial<IncomingMessage> = {}): IncomingMessage =>
    desk.message(from, text, { arrival: 'offline', sentAt: new Date(Date.now() - DAY_MS), ...more })
  const handOver = (): void => {
    desk.conversations.linked()
    desk.conversations.past([
      past(ALICE, 'by number'),
      past(ALICE, 'by LID', { sender: alice, chat: direct(LID) }),
      past(ALICE, 'in a group', { chat: GROUP, sender: alice }),
      past(BOB, 'of Bob', { id: 'BOB' }),
    ])
  }
  desk.receive(ALICE, 'hello', { sender: alice })
  desk.receive(ALICE, 'hello, all', { chat: GROUP, sender: alice })
  await desk.conversations.people.forget(ALICE, true)
  handOver()
  expect(texts(desk)).toEqual(['of Bob'])
  desk.receive(ALICE, 'again')
  handOver()
  expect(texts(desk)).toEqual(['of Bob', 'again'])
  desk.conversations.past([past(ALICE, 'afterwards', { sentAt: new Date(Date.now() + 5) })])
  expect(texts(desk)).toContain('afterwards')
  const rows = desk.database.prepare('SELECT digest FROM forgotten_people').all() as { digest: string }[]
  expect(rows.map(({ digest }) => digest).filter((digest) => ALICE.includes(digest))).toEqual([])

  await desk.conversations.people.forget(GROUP.address, true)
  desk.conversations.linked()
  desk.conversations.past([past(BOB, 'of a forgotten group', { chat: GROUP })])
  expect(texts(desk)).not.toContain('of a forgotten group')
})
