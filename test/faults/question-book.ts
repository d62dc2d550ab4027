import type { Person } from './cast.ts'
import type { Place, Question, Word } from './question.ts'

/** Every text that people write, made of words that nobody wrote before, and what is still to be answered. */
export class QuestionBook {
  readonly #words = new Map<string, Word>()
  readonly #open = new Set<Question>()
  readonly #serials = new Map<Person, number>()

  /** A text of `length` new words. An answer is due where the assistant answers, to those who may talk to it. */
  write(o: { author: Person; place: Place; length: number; run: number }): string {
    const { author, place, length, run } = o
    const index = (this.#serials.get(author) ?? 0) + 1
    this.#serials.set(author, index)
    const question: Question = {
      author,
      place,
      name: `${author.letter}${index}`,
      index,
      run,
      lengths: [],
      audience: author.isAllowed && place.isAnswered ? (place.group?.members ?? [author]) : [],
      answers: new Map(),
      isOverdue: false,
      isDisordered: false,
    }
    if (question.audience.length > 0) this.#open.add(question)
    return this.#addVersion(question, length)
  }

  /** The new words of a text that is edited: they or the old ones come back, never both. */
  edit(text: string, length: number): string {
    return this.#addVersion(this.#questionOf(text), length)
  }

  /** A text that is deleted need not be answered any more. */
  revoke(text: string): void {
    this.#open.delete(this.#questionOf(text))
  }

  word(text: string): Word | undefined {
    return this.#words.get(text)
  }

  /** Questions that are not answered, or not to the end. */
  get open(): ReadonlySet<Question> {
    return this.#open
  }

  close(question: Question): void {
    this.#open.delete(question)
  }

  #questionOf(text: string): Question {
    const word = this.#words.get(text.split(' ')[0] ?? '')
    if (word === undefined) throw new Error(`nobody wrote ${text}`)
    return word.question
  }

  #addVersion(question: Question, length: number): string {
    const version = question.lengths.push(length) - 1
    const name = version === 0 ? question.name : `${question.name}e${version}`
    const words = Array.from({ length }, (_, index) => (index === 0 ? name : `${name}.${index}`))
    for (const [index, word] of words.entries())
      this.#words.set(word, { question, version, index, answeredBy: new Map() })
    return words.join(' ')
  }
}
