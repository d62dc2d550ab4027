import type { AnswerJson } from '../../protocol/agent/answer-json.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { AwaitedAnswer } from './awaited-answer.ts'

/** Turns that are over, of which a late answer is told so. */
const MAX_REMEMBERED = 2_000

/** Who may answer a turn: the client that it was handed to, or anybody who may answer what was posted. */
export type Answerer = object | 'posted'

interface Awaited {
  answer: AwaitedAnswer
  from: Answerer
}

/** The turns whose answers come from outside, each from the one that it was handed to. */
export class AwaitedAnswers {
  readonly #awaited = new Map<string, Awaited>()
  /** The oldest first. */
  readonly #over = new Map<string, 'turn_answered' | 'turn_over'>()

  /** The turn is handed to `from` now. */
  open(turn: string, from: Answerer): AwaitedAnswer {
    const answer = new AwaitedAnswer(turn)
    this.#over.delete(turn)
    this.#awaited.set(turn, { answer, from })
    return answer
  }

  /** Nobody reads this answer any more; `again`: the turn will be handed out again. */
  close(answer: AwaitedAnswer, { again }: { again: boolean }): void {
    const { turn } = answer
    if (this.#awaited.get(turn)?.answer !== answer) return
    this.#awaited.delete(turn)
    if (again) return
    this.#over.set(turn, answer.isComplete ? 'turn_answered' : 'turn_over')
    if (this.#over.size <= MAX_REMEMBERED) return
    for (const oldest of this.#over.keys()) {
      this.#over.delete(oldest)
      return
    }
  }

  /**
   * One step of an answer. Throws `DaemonError`: `turn_not_found`, `turn_not_yours`, `turn_answered` (a second answer), `turn_over` (a
   * late one).
   */
  take(turn: string, from: Answerer, answer: AnswerJson): void {
    const awaited = this.#awaited.get(turn)
    const details = { turn }
    if (awaited === undefined) throw new DaemonError(this.#over.get(turn) ?? 'turn_not_found', { details })
    if (awaited.from !== from) throw new DaemonError('turn_not_yours', { details })
    awaited.answer.take(answer)
  }
}
