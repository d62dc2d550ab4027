import type { BusinessNumber } from '../../../src/simulator/business/management/business-number.ts'
import type { BusinessPerson } from '../../../src/simulator/business/people/business-person.ts'
import type { Place, Question } from '../question.ts'
import { QuestionBook } from '../question-book.ts'
import { type BusinessCounts, noBusinessCounts } from './business-counts.ts'
import type { Customer } from './business-cast.ts'

const ALONE: Place = { group: null, chat: null, isAnswered: true }
/** Meta's code for what came beyond the 24 hours. */
const WINDOW_CLOSED = 131047

/** What was seen of one person's chat with one number. */
interface Watched {
  customer: Customer
  person: BusinessPerson
  number: BusinessNumber
  looked: number
  signs: number
}

/**
 * Counts at the phones of people who write to a business. Everything that an allowed person writes is made of words that nobody
 * wrote before, and the assistant repeats them: each must come back to its author once, from the number that was asked, and nothing else to
 * anybody.
 */
export class BusinessLedger {
  readonly #book = new QuestionBook()
  readonly #counts = noBusinessCounts()
  readonly #findings: string[] = []
  readonly #watched: Watched[] = []
  readonly #numbers: readonly BusinessNumber[]
  readonly #askedAt = new Map<Question, BusinessNumber>()
  readonly #outside = new Set<string>()
  #lastProgressMs = performance.now()
  #run = 0

  constructor(numbers: readonly BusinessNumber[]) {
    this.#numbers = numbers
  }

  watch(customer: Customer, person: BusinessPerson): void {
    for (const number of this.#numbers) this.#watched.push({ customer, person, number, looked: 0, signs: 0 })
  }

  beginRun(run: number): void {
    this.#run = run
    this.#lastProgressMs = performance.now()
  }

  /** A text of `length` new words, which this person is about to write to this number. */
  newText(author: Customer, length: number, number: BusinessNumber): string {
    this.#counts.messages++
    const text = this.#book.write({ author, place: ALONE, length, run: this.#run })
    const word = this.#book.word(text.split(' ')[0] ?? '')
    if (word !== undefined) this.#askedAt.set(word.question, number)
    return text
  }

  get outstanding(): number {
    return this.#book.open.size
  }

  /** Milliseconds since anything that was awaited came. */
  get quietMs(): number {
    return performance.now() - this.#lastProgressMs
  }

  /** Looks at what came to the phones since the last look. */
  look(): void {
    for (const watched of this.#watched) {
      const { customer, person, number } = watched
      const { messages, reactions, readIds } = person.chatWith(number)
      for (const { isOwn, text, type } of messages.slice(watched.looked))
        if (!isOwn) this.#received(watched, { text, type })
      watched.looked = messages.length
      const signs = reactions.length + readIds.length
      if (!customer.isAllowed && signs > watched.signs)
        this.#unauthorised(customer, 'a read mark or a reaction')
      watched.signs = signs
      if (!customer.isAllowed && person.seen(number).isTyping) this.#unauthorised(customer, 'typing')
    }
    for (const { id, direction, failedWith, type, person } of this.#numbers.flatMap(
      ({ messages }) => messages,
    )) {
      if (direction !== 'out' || failedWith !== WINDOW_CLOSED || this.#outside.has(id)) continue
      this.#outside.add(id)
      this.#counts.outsideWindow++
      this.#find(`outside the window: ${type} to ${person.name}`)
    }
  }

  /** The daemon shows these texts as not sent, or as unknown: nobody is left in the dark about them. */
  shown(texts: readonly string[]): void {
    for (const question of this.#book.open) {
      if (!texts.some((text) => text.split(/\s+/).includes(question.name))) continue
      this.#book.close(question)
      this.#counts.unconfirmed++
    }
  }

  /** Waiting is over for what is still outstanding. */
  giveUp(): void {
    for (const question of this.#book.open) {
      question.isOverdue = true
      this.#counts.lost++
      this.#find(`lost: ${question.name} of ${question.author.name}, written in run ${question.run}`)
      this.#book.close(question)
    }
  }

  killed(): void {
    this.#counts.kills++
  }

  corrupt(what: string): void {
    this.#counts.corrupt++
    this.#find(`corrupt: ${what}`)
  }

  crashed(what: string): void {
    this.#counts.crashes++
    this.#find(what)
  }

  get counts(): BusinessCounts {
    return { ...this.#counts }
  }

  /** Findings since the last question. */
  takeFindings(): string[] {
    return this.#findings.splice(0)
  }

  #received({ customer, number }: Watched, { text, type }: { text: string; type: string }): void {
    if (!customer.isAllowed) return this.#unauthorised(customer, `a ${type}`)
    for (const written of text.split(/\s+/).filter((each) => each !== '')) {
      const word = this.#book.word(written)
      if (word === undefined) this.corrupt(`${customer.name} got ${JSON.stringify(written.slice(0, 60))}`)
      else if (word.question.author !== customer)
        this.#unauthorised(customer, `an answer to ${word.question.author.name}`)
      else if (this.#askedAt.get(word.question) !== number)
        this.#unauthorised(customer, `an answer of ${number.name}, which was not asked`)
      else if (word.answeredBy.has(customer)) {
        this.#counts.twice++
        this.#find(`twice: ${written} at ${customer.name}, of run ${word.question.run}`)
      } else {
        word.answeredBy.set(customer, written)
        this.#lastProgressMs = performance.now()
        if (word.index === (word.question.lengths[0] ?? 1) - 1) this.#complete(word.question)
      }
    }
  }

  #complete(question: Question): void {
    this.#book.close(question)
    if (!question.isOverdue) return
    question.isOverdue = false
    this.#counts.lost--
    this.#find(`late: ${question.name} of run ${question.run} came after all`)
  }

  #unauthorised(customer: Customer, what: string): void {
    this.#counts.unauthorised++
    this.#find(`unauthorised: ${customer.name} got ${what}`)
  }

  #find(what: string): void {
    this.#findings.push(`run ${this.#run}: ${what}`)
  }
}
