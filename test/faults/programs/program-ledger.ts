import type { Counts } from '../counts.ts'
import type { Person } from '../cast.ts'
import type { Place } from '../question.ts'
import { EventBook } from './event-book.ts'
import type { PlannedSend } from './plan-sends.ts'
import { type Request, type Seen, SendBook } from './send-book.ts'
import type { StoredMessages } from './stored-messages.ts'

/** With these an allowed recipient may be refused: there is no connection, or a person answers there. */
const REFUSALS: ReadonlySet<string> = new Set(['not_connected', 'recipient_not_allowed'])

export interface ProgramLedgerDeps {
  found: (count: keyof Counts, what: string) => void
  /** Something that was awaited came. */
  progressed: () => void
  /** The owner answers this person, by a dashboard. */
  ownerSent: (person: Person, messageId: string) => void
  /** Whether the owner has answered this person in this run. */
  wasTakenOver: (person: Person) => boolean
  /** Whether messages of this run may fail for good. */
  isExcused: () => boolean
}

/** What programs are promised: of requests to send, and of events that are posted to them. */
export class ProgramLedger {
  readonly events: EventBook
  readonly #deps: ProgramLedgerDeps
  readonly #sends = new SendBook()
  #run = 0

  constructor(deps: ProgramLedgerDeps) {
    this.#deps = deps
    this.events = new EventBook((what) => deps.found('webhookWrong', `webhook: ${what}`))
  }

  beginRun(run: number): void {
    this.#run = run
  }

  newRequest({ to, words, as }: PlannedSend, { chat, isAnswered }: Place): Request {
    const audience = 'person' in to ? [to.person] : to.group.members
    const isAllowed = 'person' in to ? to.person.isAllowed : isAnswered
    return this.#sends.write({
      length: words,
      run: this.#run,
      isOwners: as === 'owner',
      chat,
      audience: isAllowed ? audience : [],
    })
  }

  accepted(request: Request, { to }: PlannedSend, messageId: string): void {
    const { found, ownerSent } = this.#deps
    if (request.audience.length === 0)
      return found('unauthorised', `unauthorised: ${request.name} was accepted for somebody who may not talk`)
    if (request.messageId !== null && request.messageId !== messageId)
      found('duplicated', `duplicated: the same request ${request.name} became two messages`)
    if (request.state !== 'open') return
    request.state = 'accepted'
    request.messageId = messageId
    for (const [person, id] of request.shownBy)
      if (id !== messageId) found('duplicated', `duplicated: ${request.name} at ${person.name} in ${id}`)
    if (request.isOwners && 'person' in to) ownerSent(to.person, messageId)
  }

  /** `code`: of the error. */
  refused(request: Request, { to }: PlannedSend, code: string): void {
    const { found, wasTakenOver } = this.#deps
    if (request.state !== 'open') {
      // A person answers there by now.
      if (code !== 'recipient_not_allowed')
        found('lost', `lost: ${request.name} was accepted, and refused when it was asked for again (${code})`)
      return
    }
    request.state = 'refused'
    const isExpected =
      request.audience.length === 0 ||
      (code === 'recipient_not_allowed' ? 'person' in to && wasTakenOver(to.person) : REFUSALS.has(code))
    if (!isExpected) found('lost', `lost: ${request.name} was refused (${code})`)
    for (const person of request.shownBy.keys()) this.#yetSent(request, person)
  }

  /**
   * The daemon says so of a message that did not arrive. A chat that was taken over loses what the assistant had still to say, and WhatsApp
   * may refuse a message for good.
   */
  ended(request: Request, state: string): void {
    if (state !== 'discarded' && state !== 'failed') return
    request.state = 'ended'
    const [person] = request.audience
    const isWithdrawn = person !== undefined && !request.isOwners && this.#deps.wasTakenOver(person)
    const isRefused = state === 'failed' && this.#deps.isExcused()
    if (!isWithdrawn && !isRefused)
      this.#deps.found('lost', `lost: ${request.name} of run ${request.run} is ${state}`)
    this.#deps.progressed()
  }

  /** Accepted, and not seen by everybody yet. */
  get outstanding(): Request[] {
    return this.#sends.outstanding
  }

  giveUp(): void {
    for (const request of this.#sends.outstanding) {
      request.state = 'ended'
      this.#deps.found('lost', `lost: ${request.name}, which was accepted in run ${request.run}`)
    }
  }

  /** A message of ours came to somebody; whether it is one of a program. */
  received(person: Person, words: readonly string[], at: { chat: string | null; id: string }): boolean {
    const request = this.#sends.requestIn(words)
    if (request === undefined) return false
    const { found, progressed } = this.#deps
    const { name, run } = request
    const complaints: Readonly<Record<Seen, (() => void) | null>> = {
      awaited: null,
      again: () => found('duplicated', `duplicated: ${name} of run ${run} at ${person.name} in ${at.id}`),
      refused: () => this.#yetSent(request, person),
      'not-theirs': () => found('unauthorised', `unauthorised: ${person.name} got ${name}`),
      disordered: () => found('disordered', `disordered: ${name} of run ${run} at ${person.name}`),
    }
    complaints[this.#sends.seen(request, person, at)]?.()
    progressed()
    return true
  }

  /** Whether the owner sent it from a dashboard. */
  isOwners(messageId: string): boolean {
    return this.#sends.isOwners(messageId)
  }

  /** At the end of everything, with what the daemon left. */
  compare(stored: StoredMessages): void {
    for (const what of this.events.missing(stored))
      this.#deps.found('webhookMissing', `webhook missing: ${what}`)
  }

  #yetSent({ name, run }: Request, person: Person): void {
    this.#deps.found('refusedSent', `refused and sent: ${name} of run ${run} at ${person.name}`)
  }
}
