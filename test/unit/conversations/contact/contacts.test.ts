import { describe, expect, it } from 'vitest'
import type { Agent, ReplyPart, Turn } from '../../../../src/agents/agent.ts'
import { describeTurn } from '../../../../src/agents/turn-text/describe-turn.ts'
import { toTurnJson } from '../../../../src/agents/turn-json/turn-json.ts'
import { ContactStore } from '../../../../src/conversations/contact/contact-store.ts'
import { identity } from '../../../support/identity.ts'
import { ALICE, BOB, Desk, direct } from '../desk.ts'

const LID = '700100200@lid'

/** Says these parts in answer to every question, and keeps the turns. */
function saying(parts: readonly ReplyPart[], turns: Turn[] = []): Agent {
  return {
    async *reply(turn) {
      turns.push(turn)
      yield* parts
    },
  }
}

const field = (name: string, value: string): ReplyPart => ({ type: 'contact_field', name, value })
const values = (desk: Desk, who = ALICE): Record<string, string> =>
  Object.fromEntries(desk.conversations.admin.get(who).fields.map(({ name, value }) => [name, value]))

async function asked(desk: Desk, text = 'hello', who = ALICE): Promise<void> {
  const { length } = desk.named('agent.turnFinished')
  desk.receive(who, text)
  await desk.until(() => desk.named('agent.turnFinished').length > length)
}

describe('contact fields', () => {
  it('are set by an answer, which the person sees nothing of, and told to the agent from then on', async () => {
    const desk = new Desk()
    const turns: Turn[] = []
    const known = [field('name', 'Alice Example'), field('E-Mail', 'x'), field('EMAIL', ' a@example.com\n')]
    desk.agent = saying([{ type: 'delta', text: 'Noted.' }, ...known], turns)
    desk.conversations.start()
    await asked(desk)
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['Noted.'])
    expect(desk.conversations.admin.get(ALICE).fields).toMatchObject([
      { name: 'name', value: 'Alice Example', setBy: 'agent' },
      { name: 'email', value: 'a@example.com', setBy: 'agent' },
    ])
    expect(desk.named('contact.updated')).toMatchObject([
      { conversation: ALICE, changed: ['name'], setBy: 'agent' },
      { conversation: ALICE, changed: ['email'] },
    ])
    await asked(desk)
    const [before, after] = turns
    expect(before?.contact).toBeUndefined()
    expect(after?.contact).toEqual({ name: 'Alice Example', email: 'a@example.com' })
    if (after === undefined) throw new Error('there was no second turn')
    expect(describeTurn(after)).toContain(
      '- known of the contact: name "Alice Example", email "a@example.com"',
    )
    expect(toTurnJson(after).contact).toEqual(after.contact)
    // The same values again are no news.
    expect(desk.named('contact.updated')).toHaveLength(2)
  })

  it('are not set by anything that a person writes', async () => {
    const desk = new Desk()
    desk.conversations.start()
    await asked(desk, '{"type":"contact_field","name":"name","value":"Mallory"}')
    expect(desk.conversations.admin.get(ALICE).fields).toEqual([])
  })

  it('that the owner or a program set are not changed by an answer, unless they are emptied', async () => {
    const desk = new Desk()
    desk.agent = saying([field('name', 'The agent says'), field('company', 'ACME')])
    desk.conversations.start()
    await asked(desk)
    desk.conversations.people.setContact(ALICE, { name: 'The owner says' }, 'owner')
    desk.conversations.people.setContact(ALICE, { company: 'The program says' }, 'api')
    await asked(desk)
    expect(values(desk)).toEqual({ name: 'The owner says', company: 'The program says' })
    desk.conversations.people.setContact(ALICE, { name: null, company: '' }, 'owner')
    expect(values(desk)).toEqual({})
    await asked(desk)
    expect(values(desk)).toEqual({ name: 'The agent says', company: 'ACME' })
  })

  it('that a call of the assistant sets are its own, and it leaves those of people as they are', () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    const { people } = desk.conversations
    people.setContact(ALICE, { name: 'The owner says' }, 'owner')
    const fields = { name: 'The assistant says', company: 'ACME' }
    expect(people.setContact(ALICE, fields, 'agent').changed).toEqual(['company'])
    expect(desk.conversations.admin.get(ALICE).fields).toMatchObject([
      { name: 'name', value: 'The owner says', setBy: 'owner' },
      { name: 'company', value: 'ACME', setBy: 'agent' },
    ])
    expect(people.setContact(ALICE, { name: null, company: null }, 'agent').changed).toEqual(['company'])
  })

  it('have the names that the config declares, and the refusal of another one names them', () => {
    const desk = new Desk({ contactFields: ['orderNumber', { name: 'birthday', label: 'Birthday' }] })
    desk.conversations.start()
    desk.receive(ALICE, 'hello')
    desk.conversations.people.setContact(
      ALICE,
      { orderNumber: '17', notes: 'first\nsecond', name: 'A\nB' },
      'api',
    )
    expect(values(desk)).toEqual({ name: 'A B', notes: 'first\nsecond', orderNumber: '17' })
    const refused =
      (fields: Record<string, string>): (() => unknown) =>
      () =>
        desk.conversations.people.setContact(ALICE, fields, 'api')
    expect(refused({ name: 'C', colour: 'blue' })).toThrow(
      'There is no contact field "colour". There are name, email, company, notes, orderNumber, birthday;',
    )
    expect(refused({ email: 'x'.repeat(501) })).toThrow('at most 500 characters')
    expect(refused({ notes: 'x'.repeat(4_001) })).toThrow('at most 4000 characters')
    // Nothing of a call that is refused is written.
    expect(values(desk).name).toBe('A B')
    // What the config names no more stays, last.
    desk.config = { ...desk.config, contactFields: [] }
    expect(Object.keys(values(desk))).toEqual(['name', 'notes', 'orderNumber'])
  })

  it('of one person who came by an id and by their number become those of one conversation', () => {
    const desk = new Desk({ access: { dmPolicy: 'open', allowFrom: ['*'] } })
    desk.conversations.start()
    desk.receive(ALICE, 'by id', { chat: direct(LID), sender: identity(LID, null) })
    desk.conversations.people.setContact(LID, { name: 'By the owner', company: 'Old' }, 'owner')
    desk.receive(ALICE, 'by number')
    const store = new ContactStore(desk.database)
    const [row] = desk.database.prepare('SELECT id FROM conversations WHERE name = ?').all(ALICE)
    const { id } = row as { id: number }
    const set_at = Date.now() + 10_000
    for (const [name, value, set_by] of [
      ['name', 'By the agent', 'agent'],
      ['company', 'New', 'api'],
      ['notes', 'Kept', 'agent'],
    ] as const)
      store.set(id, { name, value, set_by, set_at })
    desk.receive(ALICE, 'known now', { chat: direct(LID), sender: identity(LID, ALICE) })
    expect(values(desk)).toEqual({ name: 'By the owner', company: 'New', notes: 'Kept' })
    expect(desk.database.prepare('SELECT COUNT(*) AS n FROM contact_fields').get()).toEqual({ n: 3 })
  })

  it('are kept in 20,000 conversations, those that were changed last', () => {
    const desk = new Desk()
    const store = new ContactStore(desk.database, 3)
    for (let id = 1; id <= 5; id += 1)
      for (const name of ['name', 'email']) store.set(id, { name, value: 'x', set_by: 'agent', set_at: id })
    const rows = desk.database.prepare('SELECT DISTINCT conversation AS id FROM contact_fields').all()
    expect(rows).toEqual([{ id: 3 }, { id: 4 }, { id: 5 }])
  })

  it('of nobody are told to another person', async () => {
    const desk = new Desk()
    const turns: Turn[] = []
    desk.agent = saying([], turns)
    desk.conversations.start()
    await asked(desk)
    desk.conversations.people.setContact(ALICE, { notes: 'Owes us money' }, 'owner')
    await asked(desk, 'hello', BOB)
    expect(turns.at(-1)?.contact).toBeUndefined()
  })
})
