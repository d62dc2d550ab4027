import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import type { SendOptions } from '../../src/simulator/phones/phone-writer.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

/** What the directory has from before: the truth, nothing, the number with a LID of another, the LID with a number of another. */
const KNOWLEDGE = ['known', 'unknown', 'number of another LID', 'LID of another number'] as const
const PLACES = ['direct', 'group'] as const

type Knowledge = (typeof KNOWLEDGE)[number]

/** What the envelope says. `by` an allowed person, or somebody who is not and wants to be taken for them. */
interface Form {
  name: string
  addressing: 'lid' | 'pn'
  by: 'person' | 'forger'
  /** The other name of the sender, in the form that the mode has; `undefined` leaves the honest one. */
  other: ((people: { person: SimulatedPhone; owner: SimulatedPhone }) => string) | undefined
  isAllowed: (known: Knowledge) => boolean
}

const always = (): boolean => true
const never = (): boolean => false
/**
 * A LID alone is somebody where the directory knows it, or is asked because it has no LID for an allowed number. An allowed number
 * that WhatsApp says has another LID than before is another person.
 */
const whereNothingIsWrong = (known: Knowledge): boolean => known !== 'number of another LID'
const hosted = (jid: string): string =>
  jid.replace('@s.whatsapp.net', ':99@hosted').replace('@lid', ':99@hosted.lid')

const FORMS: readonly Form[] = [
  { name: 'both', addressing: 'lid', by: 'person', other: undefined, isAllowed: whereNothingIsWrong },
  { name: 'both', addressing: 'pn', by: 'person', other: undefined, isAllowed: whereNothingIsWrong },
  { name: 'alone', addressing: 'lid', by: 'person', other: () => '', isAllowed: whereNothingIsWrong },
  { name: 'alone', addressing: 'pn', by: 'person', other: () => '', isAllowed: always },
  {
    name: 'with letters',
    addressing: 'lid',
    by: 'person',
    other: () => 'somebody@s.whatsapp.net',
    isAllowed: whereNothingIsWrong,
  },
  {
    name: 'with a group',
    addressing: 'lid',
    by: 'person',
    other: () => '120363000000000001@g.us',
    isAllowed: whereNothingIsWrong,
  },
  {
    name: 'with a group',
    addressing: 'pn',
    by: 'person',
    other: () => '120363000000000001@g.us',
    isAllowed: always,
  },
  {
    name: 'with a hosted number',
    addressing: 'lid',
    by: 'person',
    other: ({ person }) => hosted(person.jid),
    isAllowed: whereNothingIsWrong,
  },
  { name: 'forged', addressing: 'lid', by: 'forger', other: ({ person }) => person.jid, isAllowed: never },
  { name: 'forged', addressing: 'pn', by: 'forger', other: ({ person }) => person.lid, isAllowed: never },
  {
    name: 'forged, hosted',
    addressing: 'lid',
    by: 'forger',
    other: ({ person }) => hosted(person.jid),
    isAllowed: never,
  },
  {
    name: "forged, the owner's",
    addressing: 'lid',
    by: 'forger',
    other: ({ owner }) => owner.jid,
    isAllowed: never,
  },
  {
    name: "forged, the owner's",
    addressing: 'pn',
    by: 'forger',
    other: ({ owner }) => owner.lid,
    isAllowed: never,
  },
]

interface Case {
  title: string
  form: Form
  known: Knowledge
  place: (typeof PLACES)[number]
  person: SimulatedPhone
  forger: SimulatedPhone
  group: SimulatedGroup | undefined
  /** Its message's. */
  sentId: string
}

const SCENARIOS = KNOWLEDGE.flatMap((known) =>
  PLACES.flatMap((place) => FORMS.map((form) => ({ known, place, form }))),
)
const allowedNumber = (index: number): string => `+1555100${String(1_000 + index)}`
const forgersNumber = (index: number): string => `+1555200${String(1_000 + index)}`

/** Each case has its own two people, so that what is learnt in one is unknown in the others. */
describe('whom the assistant takes for an allowed person, by what is said and what is known of the sender', () => {
  let stack: Stack
  const cases: Case[] = []
  const taken = new Set<string>()

  beforeAll(async () => {
    stack = await Stack.start({ allowFrom: [ALICE, ...SCENARIOS.map((_, index) => allowedNumber(index))] })
    for (const [index, { known, place, form }] of SCENARIOS.entries()) {
      const person = stack.simulator.createPhone({
        phoneNumber: allowedNumber(index),
        name: `Person ${index}`,
      })
      const forger = stack.simulator.createPhone({
        phoneNumber: forgersNumber(index),
        name: `Forger ${index}`,
      })
      const members = [stack.owner, person, forger]
      const { addressing } = form
      const group =
        place === 'group'
          ? stack.simulator.createGroup({ subject: `Group ${index}`, members, addressing })
          : undefined
      const title = `${form.by}, ${form.name}, by ${addressing}, ${place}, ${known}`
      cases.push({ title, form, known, place, person, forger, group, sentId: '' })
    }
    await stack.link()
    await stack.stopDaemon()
    writeDirectory()
    await stack.startDaemon()
    await stack.untilState('connected')
    for (const each of cases) await write(each)
    const expected = cases.filter(({ form, known }) => form.isAllowed(known))
    const isTaken = ({ sentId, person }: Case): boolean =>
      stack
        .published('message.received')
        .some(({ messageId, phoneNumber }) => messageId === sentId && phoneNumber === person.phoneNumber)
    await stack.until('every expected message', () => expected.every(isTaken), 120_000).catch(() => undefined)
    // What was held and asked for has its verdict before this is answered.
    for (const text of ['one', 'two']) {
      await stack.alice.sendText(OWNER, text)
      await stack.alice.waitForText(text, 60_000)
    }
    for (const each of cases) if (isTaken(each)) taken.add(each.title)
  }, 180_000)
  afterAll(() => stack.stop())

  const writeDirectory = (): void => {
    const database = new DatabaseSync(join(stack.stateDir, 'accounts', 'default', 'account.db'))
    database.prepare('DELETE FROM lid_directory').run()
    const insert = database.prepare(
      'INSERT INTO lid_directory (phone_number, lid, confirmed_at) VALUES (?, ?, ?)',
    )
    for (const { known, person } of cases) {
      const { user, lidUser } = person.account
      const now = Date.now()
      if (known === 'known') insert.run(user, lidUser, now)
      if (known === 'number of another LID') insert.run(user, `9${lidUser}`, now)
      if (known === 'LID of another number') insert.run(`9${user}`, lidUser, now)
    }
    database.close()
  }

  const write = async (each: Case): Promise<void> => {
    const { title, form, person, forger, group } = each
    const phone = form.by === 'person' ? person : forger
    const { addressing } = form
    const other = form.other?.({ person, owner: stack.owner })
    const attribute = `${group === undefined ? 'sender' : 'participant'}_${addressing === 'lid' ? 'pn' : 'lid'}`
    const options: SendOptions = { addressing, attributes: other === undefined ? {} : { [attribute]: other } }
    const sent =
      group === undefined
        ? await phone.sendText(OWNER, title, options)
        : await phone.sendGroupText(group, title, { ...options, mention: OWNER })
    each.sentId = sent.id
  }

  it.each(
    SCENARIOS.map(({ known, place, form }) => ({
      title: `${form.by}, ${form.name}, by ${form.addressing}, ${place}, ${known}`,
      expected: form.isAllowed(known),
    })),
  )('$title: $expected', ({ title, expected }) => {
    expect(taken.has(title)).toBe(expected)
  })

  it('and no forger sees or changes anything', () => {
    for (const { forger, person } of cases) {
      const shown = forger.received.filter(({ from, chat }) => from === OWNER && !chat.endsWith('@g.us'))
      const receipts = forger.receipts.filter(
        ({ type }) => !['delivery', 'inactive', 'retry', ''].includes(type),
      )
      expect([...shown, ...forger.undecryptable, ...receipts]).toEqual([])
      expect(person.undecryptable).toEqual([])
    }
  })
})
