import type { RecordedFailure, RecordedMessage } from '../../src/simulator/records.ts'
import type { SimulatedPhone } from '../../src/simulator/phone.ts'
import { EVERYBODY, OWNER, type Person } from './cast.ts'
import { type Counts, noCounts } from './counts.ts'

/** Longer than any campaign. */
const WATCH_MS = 20 * 24 * 3_600_000
/** What WhatsApp itself tells a sender about every message: it arrived, or it could not be read. */
const PROTOCOL_RECEIPTS: ReadonlySet<string> = new Set(['delivery', 'inactive', 'retry', ''])

interface Word {
  owner: Person
  index: number
  run: number
  /** Id of the first message that brought it back. */
  answeredBy: string | null
  isOverdue: boolean
}

/**
 * Counts at the phones. Everything that an allowed person writes is made of words that nobody wrote before, and the
 * assistant repeats what it is told: each word must come back to its person once, in order, and nothing else to anybody.
 */
export class Ledger {
  readonly #words = new Map<string, Word>()
  readonly #serials = new Map<Person, number>()
  /** The highest index that came back, by person. */
  readonly #reached = new Map<Person, number>()
  readonly #texts = new Map<string, string>()
  readonly #findings: string[] = []
  readonly #counts = noCounts()
  #outstanding = 0
  #lastProgressMs = performance.now()
  #run = 0

  /** Watches a person's phone from now on. */
  watch(person: Person, phone: SimulatedPhone): void {
    // Conditions that never hold: they see everything that comes, also when the phone's records are full.
    const seen = <T>(look: (item: T) => void) => {
      return (item: T): boolean => {
        look(item)
        return false
      }
    }
    const isForUs = (message: RecordedMessage): boolean =>
      person !== OWNER ||
      (message.viaOwnAccount && message.chat === OWNER.phoneNumber && message.fromDevice !== 0)
    const watches: Promise<unknown>[] = [
      phone.waitForText(
        seen((message: RecordedMessage) => isForUs(message) && this.#received(person, message)),
        WATCH_MS,
      ),
      phone.waitForDuplicate(
        seen((message: RecordedMessage) => isForUs(message) && this.#again(person, message)),
        WATCH_MS,
      ),
      phone.waitForFailure(
        seen((failure: RecordedFailure) => this.#unreadable(person, failure)),
        WATCH_MS,
      ),
    ]
    if (!person.isAllowed) {
      watches.push(
        phone.waitForTyping(
          seen(() => this.#unauthorised(person, 'typing')),
          WATCH_MS,
        ),
        phone.waitForReceipt(
          seen(({ type }) => PROTOCOL_RECEIPTS.has(type) || this.#unauthorised(person, `a ${type} receipt`)),
          WATCH_MS,
        ),
      )
    }
    for (const watch of watches) watch.catch(() => undefined) // the simulator stops at the end
  }

  /** What happens from now on belongs to this run. */
  beginRun(run: number): void {
    this.#run = run
    this.#lastProgressMs = performance.now()
  }

  /** A text of `length` new words, which its person is about to write. An answer is due unless `isDue` is false. */
  newText(person: Person, length: number, isDue: boolean): string {
    const words: string[] = []
    for (let count = 0; count < length; count++) {
      const index = (this.#serials.get(person) ?? 0) + 1
      this.#serials.set(person, index)
      const word = `${person.letter}${index}`
      words.push(word)
      if (isDue) {
        this.#words.set(word, { owner: person, index, run: this.#run, answeredBy: null, isOverdue: false })
        this.#outstanding++
      }
    }
    this.#counts.messages++
    return words.join(' ')
  }

  /** Words whose answer is awaited. */
  get outstanding(): number {
    return this.#outstanding
  }

  /** Milliseconds since anything that was awaited came. */
  get quietMs(): number {
    return performance.now() - this.#lastProgressMs
  }

  /** Waiting is over for what is still outstanding: lost, unless it comes after all. */
  giveUp(): void {
    const overdue = [...this.#words].filter(([, word]) => word.answeredBy === null && !word.isOverdue)
    for (const [text, word] of overdue) {
      word.isOverdue = true
      this.#counts.lost++
      this.#find(`lost: ${text}, written in run ${word.run}`)
    }
    this.#outstanding = 0
  }

  corrupt(what: string): void {
    this.#counts.corrupt++
    this.#find(`corrupt: ${what}`)
  }

  crashed(what: string): void {
    this.#counts.crashes++
    this.#find(what)
  }

  get counts(): Counts {
    return { ...this.#counts }
  }

  /** Findings since the last question, each with the run in which it was made. */
  takeFindings(): string[] {
    return this.#findings.splice(0)
  }

  #received(person: Person, message: RecordedMessage): void {
    this.#texts.set(message.id, message.text)
    if (!person.isAllowed) return this.#unauthorised(person, 'a message')
    for (const text of message.text.split(/\s+/)) this.#word(person, text, message.id)
  }

  #word(person: Person, text: string, messageId: string): void {
    const word = this.#words.get(text)
    if (word === undefined) return this.corrupt(`${person.name} got ${JSON.stringify(text.slice(0, 60))}`)
    if (word.owner !== person) return this.#unauthorised(person, `what was meant for ${word.owner.name}`)
    if (word.answeredBy !== null) {
      this.#counts.duplicated++
      return this.#find(`duplicated: ${text} of run ${word.run}, in ${word.answeredBy} and ${messageId}`)
    }
    word.answeredBy = messageId
    this.#lastProgressMs = performance.now()
    if (word.isOverdue) {
      this.#counts.late++
      this.#find(`late: ${text} of run ${word.run} came after all`)
    } else this.#outstanding--
    const reached = this.#reached.get(person) ?? 0
    if (word.index < reached) {
      this.#counts.disordered++
      this.#find(`disordered: ${text} of run ${word.run} after ${person.letter}${reached}`)
    } else this.#reached.set(person, word.index)
  }

  /** The same id again: phones show it once, so it does no harm as long as it says the same. */
  #again(person: Person, message: RecordedMessage): void {
    if (!person.isAllowed) return this.#unauthorised(person, 'a message')
    if (this.#texts.get(message.id) === message.text) {
      this.#counts.resent++
      return
    }
    this.#counts.duplicated++
    this.#find(`duplicated: ${message.id} came again with other words`)
  }

  #unreadable(person: Person, { messageId, reason }: RecordedFailure): void {
    if (!person.isAllowed) return this.#unauthorised(person, 'a message that it could not read')
    this.#counts.unreadable++
    this.#find(`unreadable: ${messageId} at ${person.name} (${reason})`)
  }

  #unauthorised(person: Person, what: string): void {
    this.#counts.unauthorised++
    this.#find(`unauthorised: ${person.name} got ${what}`)
  }

  #find(what: string): void {
    this.#findings.push(`run ${this.#run}: ${what}`)
  }
}

/** Everybody's phone, watched. Throws when one is missing. */
export function watchEverybody(ledger: Ledger, phoneOf: (phoneNumber: string) => SimulatedPhone): void {
  for (const person of EVERYBODY) ledger.watch(person, phoneOf(person.phoneNumber))
}
