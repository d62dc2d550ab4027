import { DaemonError } from '../../protocol/errors.ts'
import { OfferedFiles } from '../turn-files/offered-files.ts'
import { AwaitedAnswer } from './awaited-answer.ts'
import type { AnswerStep } from './written-steps.ts'

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
  /** What whoever answers may fetch. */
  readonly files = new OfferedFiles()
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
   * One step of an answer. Answers why it cannot be used, as a sentence; the answer goes on without it. Throws `DaemonError`:
   * `turn_not_found`, `turn_not_yours`, `turn_answered` (a second answer), `turn_over` (a late one).
   */
  take(turn: string, from: Answerer, answer: AnswerStep): string | null {
    const awaited = this.#awaited.get(turn)
    const details = { turn }
    if (awaited === undefined) throw new DaemonError(this.#over.get(turn) ?? 'turn_not_found', { details })
    if (awaited.from !== from) throw new DaemonError('turn_not_yours', { details })
    return awaited.answer.take(answer)
  }

  /** As `take`, and waits for room: whoever sends several steps at once would repeat those that were taken. */
  async takeWhenRoom(turn: string, from: Answerer, step: AnswerStep): Promise<void> {
    for (;;) {
      const answer = this.#awaited.get(turn)?.answer
      try {
        this.take(turn, from, step)
        return
      } catch (error) {
        const isFull = error instanceof DaemonError && error.code === 'rate_limited'
        if (!isFull || answer === undefined) throw error
        await answer.drained()
      }
    }
  }
}
