import { describe, expect, it } from 'vitest'
import { ALICE, STRANGER } from '../../../conversations/desk.ts'
import { ALICE_ID, envelope, InboundDesk } from '../inbound-desk.ts'

const OTHER_ID = 'AT.11bB'
const byIdAlone = { from: null } as const
const byNumberAlone = { userId: null } as const

const names = (desk: InboundDesk): string[] =>
  desk.conversations.admin
    .list({ limit: 50, filter: 'all' })
    .conversations.map(({ conversation }) => conversation)

describe('a person on a Business number', () => {
  it.each([
    ['number first, the id alone later', [byNumberAlone, {}, byIdAlone]],
    ['id alone first, the number later', [byIdAlone, {}, byNumberAlone]],
    ['both from the first message on', [{}, byIdAlone, byNumberAlone]],
  ])('has one conversation: %s', async (_case, whos) => {
    const desk = new InboundDesk()
    desk.allow(ALICE, `bsuid:${ALICE_ID}`)
    for (const [index, who] of whos.entries()) await desk.post(envelope(desk.text(`message ${index}`, who)))
    expect(names(desk)).toEqual([ALICE])
    expect(desk.texts(ALICE)).toEqual(expect.arrayContaining(['message 0', 'message 1', 'message 2']))
    await desk.until(() => desk.transport.sent.length === 3)
  })

  it('is allowed by number, by id, or by the id for the company, and by no name', async () => {
    const verdictsOf = async (...allowFrom: string[]): Promise<number> => {
      const desk = new InboundDesk()
      desk.allow(...allowFrom)
      const { messages, contacts } = desk.text('hi', { name: ALICE })
      const [contact] = contacts as object[]
      const profile = { name: ALICE, username: 'alice' }
      const named = { ...contact, profile, parent_user_id: 'AT.ENT.77' }
      await desk.post(envelope({ messages, contacts: [named] }))
      return desk.named('message.received').length
    }
    expect(await verdictsOf(ALICE)).toBe(1)
    expect(await verdictsOf(`bsuid:${ALICE_ID}`)).toBe(1)
    expect(await verdictsOf('bsuid:AT.ENT.77')).toBe(1)
    expect(await verdictsOf(`bsuid:${OTHER_ID}`, STRANGER, 'lid:98')).toBe(0)
  })

  it('without a number is a stranger who can be allowed by id', async () => {
    const desk = new InboundDesk()
    await desk.post(envelope(desk.text('hi', byIdAlone)))
    expect(desk.named('message.blocked')).toMatchObject([
      { phoneNumber: null, id: `bsuid:${ALICE_ID}`, reason: 'not_allowed' },
    ])
    // Nothing of it is kept, neither held.
    const { held } = desk.database.prepare('SELECT count(*) AS held FROM held').get() as {
      held: number
    }
    expect(held).toBe(0)
    desk.allow(`bsuid:${ALICE_ID}`)
    await desk.post(envelope(desk.text('again', byIdAlone)))
    expect(names(desk)).toEqual([`bsuid:${ALICE_ID}`])
  })

  it('with the number of somebody else is answered once somebody allows them, and never gets their history', async () => {
    const desk = new InboundDesk()
    await desk.post(envelope(desk.text('my secret')))
    await desk.until(() => desk.transport.sent.length === 1)
    await desk.post(envelope(desk.text('who was here?', { userId: OTHER_ID })))
    expect(desk.named('message.blocked')).toMatchObject([{ phoneNumber: ALICE, reason: 'person_changed' }])
    expect(desk.inbound.people.changed.numbers).toEqual([ALICE])
    expect(desk.conversations.allows(ALICE)).toBe(false)
    // Nor by leaving the id out.
    await desk.post(envelope(desk.text('hello?', { userId: null })))
    expect(desk.named('message.received')).toHaveLength(1)
    desk.inbound.people.changed.allow([ALICE])
    await desk.post(envelope(desk.text('now?', { userId: OTHER_ID })))
    expect(desk.named('message.received')).toHaveLength(2)
    expect(desk.texts(ALICE)).not.toContain('my secret')
    expect(desk.texts(`bsuid:${ALICE_ID}`)).toContain('my secret')
  })

  it('keeps their number when a late message of its former owner comes, who is not allowed by it any more', async () => {
    const desk = new InboundDesk()
    await desk.post(
      envelope(desk.wrote({ type: 'text', text: { body: 'old' }, timestamp: desk.seconds(600) })),
    )
    await desk.post(envelope(desk.text('new', { userId: OTHER_ID })))
    desk.inbound.people.changed.allow([ALICE])
    await desk.post(
      envelope(desk.wrote({ type: 'text', text: { body: 'late' }, timestamp: desk.seconds(300) })),
    )
    expect(desk.inbound.people.identify(ALICE).address).toBe(`bsuid:${OTHER_ID}`)
    expect(desk.inbound.people.changed.numbers).toEqual([])
    expect(desk.named('message.received')).toHaveLength(1)
  })

  it('is the same person for another account of WhatsApp, whose ids are others', async () => {
    const desk = new InboundDesk()
    await desk.post(envelope(desk.text('one')))
    const elsewhere = envelope(desk.text('two', { userId: OTHER_ID })) as { entry: { id: string }[] }
    for (const entry of elsewhere.entry) entry.id = 'ANOTHER'
    await desk.post(elsewhere)
    expect(desk.inbound.people.changed.numbers).toEqual([])
    expect(names(desk)).toEqual([ALICE])
  })

  it.each([
    ['with the former id', { previous_user_id: ALICE_ID }],
    ['without it', {}],
  ])('who changes the number is a new person, and the number nobody’s: %s', async (_case, previous) => {
    const desk = new InboundDesk()
    desk.allow(ALICE, `bsuid:${ALICE_ID}`)
    await desk.post(envelope(desk.text('hi')))
    const system = {
      type: 'user_changed_number',
      body: 'Alice changed',
      wa_id: STRANGER.slice(1),
      user_id: OTHER_ID,
      ...previous,
    }
    const message = { from: ALICE.slice(1), id: 'wamid.S', timestamp: desk.seconds(), type: 'system', system }
    await desk.post(envelope({ messages: [message] }))
    expect(desk.named('message.blocked')).toMatchObject([{ phoneNumber: STRANGER, reason: 'not_allowed' }])
    await desk.post(envelope(desk.text('it is me', { from: STRANGER.slice(1), userId: OTHER_ID })))
    await desk.post(envelope(desk.text('I got this number', { userId: 'AT.22cC' })))
    expect(desk.named('message.received')).toHaveLength(1)
    expect(desk.inbound.people.changed.numbers).toEqual([ALICE])
    // Who comes back to their own number with their own id is who they were.
    await desk.post(envelope(desk.text('back again')))
    expect(desk.inbound.people.changed.numbers).toEqual([])
    expect(desk.named('message.received')).toHaveLength(2)
  })

  it('with another id for the same number is a new person, too', async () => {
    const desk = new InboundDesk()
    await desk.post(envelope(desk.text('hi')))
    const system = { type: 'user_changed_user_id', user_id: OTHER_ID, previous_user_id: ALICE_ID }
    const message = { from: ALICE.slice(1), id: 'wamid.S', timestamp: desk.seconds(), type: 'system', system }
    await desk.post(envelope({ messages: [message] }))
    expect(desk.inbound.people.changed.numbers).toEqual([ALICE])
    expect(desk.named('message.blocked')).toMatchObject([{ phoneNumber: ALICE, reason: 'person_changed' }])
  })

  it('is not known by a number in a contact card, also where it was asked for', async () => {
    const desk = new InboundDesk()
    desk.allow(`bsuid:${ALICE_ID}`)
    const contacts = [{ origin: 'contact_request', name: {}, phones: [{ wa_id: STRANGER.slice(1) }] }]
    await desk.post(envelope(desk.wrote({ type: 'contacts', contacts }, byIdAlone)))
    expect(desk.inbound.people.identify(`bsuid:${ALICE_ID}`).phoneNumber).toBe(undefined)
    // It is theirs once an envelope has both.
    await desk.post(envelope(desk.text('hi', { from: STRANGER.slice(1) })))
    expect(names(desk)).toEqual([STRANGER])
  })

  it('is read, found and forgotten by id as by number', async () => {
    const desk = new InboundDesk()
    desk.allow(ALICE, `bsuid:${ALICE_ID}`)
    await desk.post(envelope(desk.text('a rare word', byIdAlone)))
    const { admin, people } = desk.conversations
    expect(admin.get(`bsuid:${ALICE_ID}`)).toMatchObject({ sessionId: `wa_${ALICE_ID}`, phoneNumber: null })
    await desk.post(envelope(desk.text('and my number')))
    for (const named of [`bsuid:${ALICE_ID}`, ALICE])
      expect(admin.get(named)).toMatchObject({ conversation: ALICE, sessionId: `wa_${ALICE.slice(1)}` })
    await people.forget(`bsuid:${ALICE_ID}`, true)
    expect(names(desk)).toEqual([])
  })

  it('is found by a status that names number and id', async () => {
    const desk = new InboundDesk()
    desk.allow(ALICE, `bsuid:${ALICE_ID}`)
    await desk.post(envelope(desk.text('hi', byIdAlone)))
    const status = {
      id: 'wamid.OUT',
      status: 'delivered',
      recipient_id: ALICE.slice(1),
      recipient_user_id: ALICE_ID,
    }
    await desk.post(envelope({ statuses: [{ ...status, timestamp: desk.seconds() }] }))
    expect(names(desk)).toEqual([ALICE])
  })

  it('writes in the form of a number that WhatsApp knows, where the config has the other', async () => {
    const desk = new InboundDesk()
    const written = '+5511987654321'
    const known = '+551187654321'
    desk.allow(written)
    const { people } = desk.inbound
    expect(people.registered.of(written)).toEqual({ isAsked: false })
    const before = people.registered.version
    await desk.post(envelope(desk.text('oi', { from: known.slice(1) })))
    expect(people.registered.of(written)).toEqual({ isAsked: true, registered: known })
    expect(people.registered.version).toBeGreaterThan(before)
  })

  it('can be forgotten by each of their names, and what was not worked on goes with the rest', async () => {
    const desk = new InboundDesk()
    await desk.post(envelope(desk.text('hi')))
    const { address } = desk.inbound.directory.identify(ALICE)
    desk.database
      .prepare(`INSERT INTO business_updates (name, author, content, kept_at) VALUES (x'00', ?, '{}', 0)`)
      .run(address)
    expect(desk.inbound.directory.keepsWordsOf([ALICE, address])).toBe(true)
    desk.database.transaction(() => desk.inbound.directory.forget([ALICE, address]))
    expect(desk.inbound.directory.keepsWordsOf([ALICE, address])).toBe(false)
  })
})
