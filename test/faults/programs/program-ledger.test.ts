import { beforeEach, describe, expect, it } from 'vitest'
import { CONTACTS, type Person, STRANGERS } from '../cast.ts'
import { type Counts, noCounts } from '../counts.ts'
import type { Place } from '../question.ts'
import { ProgramLedger } from './program-ledger.ts'
import type { PlannedSend } from './plan-sends.ts'
import type { Request } from './send-book.ts'

const [ANNA, BORIS] = CONTACTS as [Person, Person]
const [XAVER] = STRANGERS as [Person]
const ALONE: Place = { group: null, chat: null, isAnswered: true }
const NOTHING_STORED = { inbox: [], outbox: [], waiting: [] }

// What this ledger does not see, no round of faults finds.
describe('the ledger of what programs are promised', () => {
  let ledger: ProgramLedger
  let counts: Counts
  let taken: Set<Person>
  let isExcused: boolean
  beforeEach(() => {
    counts = noCounts()
    taken = new Set()
    isExcused = false
    ledger = new ProgramLedger({
      found: (count) => void counts[count]++,
      progressed: () => undefined,
      ownerSent: (person) => void taken.add(person),
      wasTakenOver: (person) => taken.has(person),
      isExcused: () => isExcused,
    })
  })

  const counted = (): Partial<Counts> =>
    Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
  const to = (person: Person, as: PlannedSend['as'] = 'assistant'): PlannedSend => {
    return { afterMs: 0, to: { person }, words: 2, as, queues: true, repeats: 0 }
  }
  const write = (plan: PlannedSend): Request => ledger.newRequest(plan, ALONE)
  const arrives = (request: Request, person: Person, id = 'M1'): boolean =>
    ledger.received(person, request.words, { chat: null, id })

  it('is content with one message for each accepted request', () => {
    const request = write(to(ANNA))
    ledger.accepted(request, to(ANNA), 'M1')
    ledger.accepted(request, to(ANNA), 'M1')
    expect(ledger.outstanding).toHaveLength(1)
    expect(arrives(request, ANNA)).toBe(true)
    expect(ledger.outstanding).toEqual([])
    expect(counted()).toEqual({})
  })

  it('is content with one that arrives before its request is answered', () => {
    const request = write(to(ANNA))
    arrives(request, ANNA)
    ledger.accepted(request, to(ANNA), 'M1')
    ledger.giveUp()
    expect(counted()).toEqual({})
  })

  it('sees what was accepted and never came', () => {
    ledger.accepted(write(to(ANNA)), to(ANNA), 'M1')
    ledger.giveUp()
    expect(counted()).toEqual({ lost: 1 })
  })

  it('sees one request that becomes two messages', () => {
    const request = write(to(ANNA))
    ledger.accepted(request, to(ANNA), 'M1')
    ledger.accepted(request, to(ANNA), 'M2')
    arrives(request, ANNA)
    arrives(request, ANNA, 'M2')
    expect(counted()).toEqual({ duplicated: 2 })
  })

  it('sees what comes although it was refused, before and after', () => {
    const [before, after] = [write(to(ANNA)), write(to(ANNA))]
    arrives(before, ANNA)
    for (const request of [before, after]) ledger.refused(request, to(ANNA), 'not_connected')
    arrives(after, ANNA)
    expect(counted()).toEqual({ refusedSent: 2 })
  })

  it('sees refusals without a reason, and strangers who are written to', () => {
    ledger.refused(write(to(ANNA)), to(ANNA), 'recipient_not_allowed')
    ledger.refused(write(to(ANNA)), to(ANNA), 'not_on_whatsapp')
    expect(counted()).toEqual({ lost: 2 })
    ledger.accepted(write(to(XAVER)), to(XAVER), 'M1')
    arrives(write(to(ANNA)), BORIS)
    expect(counted()).toEqual({ lost: 2, unauthorised: 2 })
  })

  it('lets the owner take a chat over, whose assistant is then refused and loses what it had to say', () => {
    const [queued, owners, late] = [write(to(ANNA)), write(to(ANNA, 'owner')), write(to(ANNA))]
    ledger.accepted(queued, to(ANNA), 'M1')
    ledger.accepted(owners, to(ANNA, 'owner'), 'M2')
    expect(ledger.isOwners('M2')).toBe(true)
    ledger.refused(late, to(ANNA), 'recipient_not_allowed')
    ledger.ended(queued, 'discarded')
    expect(counted()).toEqual({})
    ledger.ended(owners, 'discarded')
    expect(counted()).toEqual({ lost: 1 })
  })

  it('takes it that WhatsApp refuses a message for good, only where it may', () => {
    for (isExcused of [true, false]) {
      const request = write(to(ANNA))
      ledger.accepted(request, to(ANNA), 'M1')
      ledger.ended(request, 'failed')
      expect(counted()).toEqual(isExcused ? {} : { lost: 1 })
    }
  })

  it('sees messages of one chat out of order', () => {
    const [first, second] = [write(to(ANNA)), write(to(ANNA))]
    arrives(second, ANNA, 'M2')
    arrives(first, ANNA, 'M1')
    expect(counted()).toEqual({ disordered: 1 })
  })

  const post = (
    type: string,
    messageId: string,
    eventId: number,
    o: { id?: string; isSigned?: boolean } = {},
  ) =>
    ledger.events.posted({
      id: o.id ?? `evt_${eventId}`,
      body: JSON.stringify({ type, data: { eventId, messageId, conversationId: '1' } }),
      isSigned: o.isSigned ?? true,
    })

  it('is content with events that are told, more than once, or still wait', () => {
    ledger.events.written('Q1')
    ledger.events.shown('M1')
    post('message.received', 'Q1', 1)
    post('message.received', 'Q1', 1)
    ledger.compare({
      inbox: [{ messageId: 'Q1', author: 'person' }],
      outbox: [{ messageId: 'M1', state: 'delivered' }],
      waiting: ['message.sent', 'message.delivered'].map((name) => ({ name, messageId: 'M1' })),
    })
    expect(counted()).toEqual({})
  })

  it('misses events of what people wrote, of what came to them, and of every stored state', () => {
    ledger.events.written('Q1')
    ledger.events.shown('M1')
    ledger.compare(NOTHING_STORED)
    expect(counted()).toEqual({ webhookMissing: 2 })
    ledger.compare({
      inbox: [
        { messageId: 'Q2', author: 'person' },
        { messageId: 'Q3', author: 'owner' },
      ],
      outbox: ['acknowledged', 'failed', 'discarded'].map((state) => ({ messageId: state, state })),
      waiting: [],
    })
    expect(counted()).toEqual({ webhookMissing: 9 })
  })

  it('sees posts without a signature, of strangers, under the id of another, and out of order', () => {
    post('message.received', 'Q1', 5, { isSigned: false })
    expect(counted()).toEqual({ webhookWrong: 1 })
    ledger.events.forbid('Q2')
    post('message.received', 'Q2', 6)
    post('message.received', 'Q3', 7)
    ledger.events.forbid('Q3')
    expect(counted()).toEqual({ webhookWrong: 3 })
    post('message.sent', 'M1', 8, { id: 'evt_7' })
    post('message.sent', 'M2', 4)
    expect(counted()).toEqual({ webhookWrong: 5 })
  })
})
