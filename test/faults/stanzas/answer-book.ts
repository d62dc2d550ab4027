import type { Simulator } from '../../../src/simulator/simulator.ts'
import type { Stanza } from '../../../src/simulator/wire/stanza.ts'
import { withDeadline } from '../../../src/timing/deadline.ts'
import { dueAnswer } from './due-answer.ts'

const DEADLINE_MS = 60_000

/** What clients answer to stanzas, from now on. */
export class AnswerBook {
  /** Class and error of the acknowledgements, by the id of the stanza; `none` where it has no error. */
  readonly #answers = new Map<string, string[]>()
  #said = 0
  #noticed: () => void = () => {}

  constructor(simulator: Simulator) {
    simulator.onTrace(({ direction, node: { tag, attrs } }) => {
      if (direction === 'out') return
      this.#said += 1
      const { id = '', error = 'none' } = attrs
      // A message that is withheld from linked devices is read, as far as this one can.
      const isReceipt = tag === 'receipt' && attrs.type !== 'retry'
      if (tag === 'ack' || isReceipt) {
        const answer = `${isReceipt ? 'message' : attrs.class} ${error}`
        this.#answers.set(id, [...(this.#answers.get(id) ?? []), answer])
      }
      this.#noticed()
    })
  }

  /** Stanzas that came from clients. */
  get said(): number {
    return this.#said
  }

  /** Waits until each that wants an answer has one. Resolves with the first that has none in time, or with `undefined`. */
  untilAnswered(sent: readonly Stanza[]): Promise<Stanza | undefined> {
    const open = (): Stanza | undefined =>
      sent.find((each) => dueAnswer(each) !== null && !this.#answers.has(each.attrs.id ?? ''))
    const all = new Promise<undefined>((resolve) => {
      this.#noticed = () => {
        if (open() === undefined) resolve(undefined)
      }
      this.#noticed()
    })
    return withDeadline(all, DEADLINE_MS, open)
  }

  /** Those that got another answer than the one that is due, or more than one. */
  wrong(sent: readonly Stanza[]): Stanza[] {
    return sent.filter((each) => {
      const due = dueAnswer(each)
      return due !== null && this.#answers.get(each.attrs.id ?? '')?.join() !== `${each.tag} ${due.error}`
    })
  }
}
