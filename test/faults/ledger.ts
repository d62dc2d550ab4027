import type { RecordedFailure, RecordedMessage } from '../../src/simulator/records.ts'
import type { SimulatedPhone } from '../../src/simulator/phone.ts'
import { EVERYBODY, OWNER, type Person } from './cast.ts'
import { type Counts, noCounts } from './counts.ts'

/** Longer than any campaign. */
const WATCH_MS = 20 * 24 * 3_600_000
/** What WhatsApp itself tells a sender about every message: it arrived, or it could not be read. */
const PROTOCOL_RECEIPTS: ReadonlySet<string> = new Set(['delivery', 'inactive', 'retry', ''])

/** Something that an allowed person wrote. */
interface Question {
  owner: Person
  /** Its first word, which no other text has. */
  name: string
  index: number
  run: number
  /** Words that have not come back. */
  missing: number
  isOverdue: boolean
  isDisordered: boolean
}

interface Word {
  question: Question
  index: number
  /** Id of the first message that brought it back. */
  answeredBy: string | null
}

/**
 * Counts at the phones. Everything that an allowed person writes is made of words that nobody wrote before, and the
 * assistant repeats what it is told: each word must come back to its person once, in order, and nothing else to anybody.
 */
export class Ledger {
  readonly #words = new Map<string, Word>()
  readonly #open = new Set<Question>()
  readonly #serials = new Map<Person, number>()
  /** The latest word that came back, by person. */
  readonly #reached = new Map<Person, Word>()
  readonly #texts = new Map<string, string>()
  readonly #findings: string[] = []
  readonly #counts = noCounts()
  #lastProgressMs = performance.now()
  #run = 0
  #note: (what: string) => void = () => {}

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

  /** What happens from now on belongs to this run; harmless oddities go to `note`. */
  beginRun(run: number, note: (what: string) => void): void {
    this.#run = run
    this.#note = note
    this.#lastProgressMs = performance.now()
  }

  /** A text of `length` new words, which its person is about to write; an answer to an allowed person's is due. */
  newText(person: Person, length: number): string {
    const index = (this.#serials.get(person) ?? 0) + 1
    this.#serials.set(person, index)
    this.#counts.messages++
    const name = `${person.letter}${index}`
    const words = Array.from({ length }, (_, word) => (word === 0 ? name : `${name}.${word}`))
    if (!person.isAllowed) return words.join(' ')
    const status = { isOverdue: false, isDisordered: false }
    const question: Question = { owner: person, name, index, run: this.#run, missing: length, ...status }
    for (const [at, word] of words.entries()) this.#words.set(word, { question, index: at, answeredBy: null })
    this.#open.add(question)
    return words.join(' ')
  }

  /** How many texts are not answered, or not to the end. */
  get outstanding(): number {
    return this.#open.size
  }

  /** Milliseconds since anything that was awaited came. */
  get quietMs(): number {
    return performance.now() - this.#lastProgressMs
  }

  /** Waiting is over for what is still outstanding: lost, unless it comes after all. */
  giveUp(): void {
    for (const question of this.#open) {
      question.isOverdue = true
      this.#counts.lost++
      this.#find(`lost: ${question.name}, written in run ${question.run}`)
    }
    this.#open.clear()
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
    const repeated = new Set<Question>()
    for (const text of message.text.split(/\s+/)) {
      const word = this.#words.get(text)
      if (word === undefined) this.corrupt(`${person.name} got ${JSON.stringify(text.slice(0, 60))}`)
      else if (word.question.owner !== person)
        this.#unauthorised(person, `what was meant for ${word.question.owner.name}`)
      else if (word.answeredBy !== null) repeated.add(word.question)
      else this.#answered(person, word, message.id)
    }
    for (const { name, run } of repeated) {
      this.#counts.duplicated++
      this.#find(`duplicated: ${name} of run ${run}, again in ${message.id}`)
    }
  }

  #answered(person: Person, word: Word, messageId: string): void {
    const { question } = word
    word.answeredBy = messageId
    this.#lastProgressMs = performance.now()
    const reached = this.#reached.get(person)
    if (reached === undefined || isAfter(word, reached)) this.#reached.set(person, word)
    else if (!question.isDisordered) {
      question.isDisordered = true
      this.#counts.disordered++
      this.#find(`disordered: ${question.name} of run ${question.run} after ${reached.question.name}`)
    }
    question.missing--
    if (question.missing > 0) return
    this.#open.delete(question)
    if (!question.isOverdue) return
    this.#counts.late++
    this.#find(`late: ${question.name} of run ${question.run} came after all`)
  }

  /** The same id again: phones show it once, so it does no harm as long as it says the same. */
  #again(person: Person, message: RecordedMessage): void {
    if (!person.isAllowed) return this.#unauthorised(person, 'a message')
    if (this.#texts.get(message.id) === message.text) {
      this.#counts.resent++
      this.#note(`${person.name} got ${message.id} again, which the phone does not show`)
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

function isAfter(one: Word, other: Word): boolean {
  if (one.question === other.question) return one.index > other.index
  return one.question.index > other.question.index
}

/** Everybody's phone, watched. Throws when one is missing. */
export function watchEverybody(ledger: Ledger, phoneOf: (phoneNumber: string) => SimulatedPhone): void {
  for (const person of EVERYBODY) ledger.watch(person, phoneOf(person.phoneNumber))
}
