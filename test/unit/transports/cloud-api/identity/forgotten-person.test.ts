import { expect, it } from 'vitest'
import { ALICE } from '../../../conversations/desk.ts'
import { ALICE_ID, envelope, InboundDesk } from '../inbound-desk.ts'

const STRANGER = { from: '4366499999', userId: 'AT.77Zz' }

/** Every row of the tables of Business numbers, as text. */
function rowsOf(desk: InboundDesk): Record<string, string> {
  const tables = desk.database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'business\\_%' ESCAPE '\\'`)
    .all() as { name: string }[]
  return Object.fromEntries(
    tables.map(({ name }) => [name, JSON.stringify(desk.database.prepare(`SELECT * FROM ${name}`).all())]),
  )
}
const forget = (desk: InboundDesk, people: readonly string[]): void =>
  desk.database.transaction(() => desk.inbound.directory.forget(people))

// What somebody said was erased, and when they had said it was not.
it('of who is forgotten no table says when they wrote; who may write stays known', async () => {
  const desk = new InboundDesk()
  const at = 1_790_000_000
  const status = {
    id: 'wamid.OUT',
    status: 'sent',
    timestamp: String(at),
    recipient_id: ALICE.slice(1),
    recipient_user_id: ALICE_ID,
  }
  await desk.post(envelope(desk.wrote({ type: 'text', text: { body: 'hi' }, timestamp: String(at) })))
  await desk.post(envelope({ statuses: [status] }))
  // By the number alone, too: another address of theirs.
  await desk.post(
    envelope(desk.wrote({ type: 'text', text: { body: 'hi' }, timestamp: String(at) }, { userId: null })),
  )
  expect(rowsOf(desk)['business_windows']).toContain(ALICE_ID)
  expect(desk.inbound.directory.keepsWordsOf([ALICE])).toBe(true)
  forget(desk, [ALICE])
  const { business_people: people, ...others } = rowsOf(desk)
  expect(JSON.stringify(others)).not.toContain(ALICE_ID)
  expect(JSON.stringify(others)).not.toContain(ALICE.slice(1))
  expect(people).toContain(ALICE_ID)
  expect(people).not.toContain(String(at))
  expect(desk.inbound.directory.keepsWordsOf([ALICE])).toBe(false)
  expect(desk.inbound.directory.identify(`bsuid:${ALICE_ID}`).phoneNumber?.value).toBe(ALICE)
})

it('of a stranger nothing stays', async () => {
  const desk = new InboundDesk()
  await desk.post(envelope(desk.text('hi', STRANGER)))
  expect(Object.values(rowsOf(desk)).join()).toContain(STRANGER.from)
  forget(desk, [`+${STRANGER.from}`])
  expect(Object.values(rowsOf(desk)).join()).not.toContain(STRANGER.from)
  expect(Object.values(rowsOf(desk)).join()).not.toContain(STRANGER.userId)
})

it('of an update that was worked on nobody reads whose it was', async () => {
  const desk = new InboundDesk()
  await desk.post(envelope(desk.text('hi')))
  expect(rowsOf(desk)['business_updates']).not.toContain(ALICE_ID)
})

// A person whose number is hidden was known by their row alone, and lost it to 50,000 strangers: they could not write any more.
it('strangers take no place from somebody who may write', async () => {
  const desk = new InboundDesk()
  await desk.post(envelope(desk.wrote({ type: 'text', text: { body: 'hi' }, timestamp: '1790000000' })))
  desk.database
    .prepare(
      `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 50100)
       INSERT INTO business_people (address, phone_number, business, seen_at) SELECT 'wa:4360' || n, '+4360' || n, '', 1800000000000 + n FROM numbers`,
    )
    .run()
  const values = Array.from({ length: 210 }, (_, index) =>
    desk.text('x', { from: `43670${1_000 + index}`, userId: `AT.s${index}` }),
  )
  for (const value of values) await desk.post(envelope(value))
  const { people } = desk.database.prepare('SELECT count(*) AS people FROM business_people').get() as {
    people: number
  }
  expect(people).toBeLessThanOrEqual(50_201)
  await desk.post(envelope(desk.text('by id alone', { from: null })))
  expect(desk.texts(ALICE)).toContain('by id alone')
})
