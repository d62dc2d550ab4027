import { DaemonError } from '../../protocol/errors.ts'
import { AgentError } from '../agent-error.ts'
import type { ReplyPart } from '../agent.ts'
import { AnswerSize } from './answer-size.ts'
import { joined } from './joined-parts.ts'
import { StepReader } from './step-reader.ts'
import type { AnswerStep } from './written-steps.ts'

/** Characters that wait to be read. They are read as they come: more means that the reader is stuck. */
const MAX_UNREAD = 2_000_000
/** Files and other items that wait to be read. */
const MAX_UNREAD_ITEMS = 100
/** Of these files together: two of the largest. */
const MAX_UNREAD_BYTES = 32 * 1_024 * 1_024

/** Steps that are words, or that a file is made of. */
const WITHOUT_PART: ReadonlySet<AnswerStep['type']> = new Set(['delta', 'data', 'badData', 'lostPiece'])

/** The answer to one turn, as it comes from outside, step by step. */
export class AwaitedAnswer {
  readonly turn: string
  #unread: ReplyPart[] = []
  #length = 0
  #items = 0
  #bytes = 0
  readonly #steps = new StepReader()
  #end: 'open' | 'done' | AgentError = 'open'
  #isComplete = false
  #hasBegun = false
  #waiting: (() => void)[] = []
  #wake: () => void = () => {}

  constructor(turn: string) {
    this.turn = turn
  }

  /** Whether whoever answers has ended it. */
  get isComplete(): boolean {
    return this.#isComplete
  }

  /** Whether a first step of it has come. */
  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /** Whether something of it waits to be read. */
  get hasUnread(): boolean {
    return this.#unread.length > 0
  }

  /** Resolves when everything that came is read, or nobody reads it any more. */
  async drained(): Promise<void> {
    if (this.hasUnread) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /**
   * Throws `DaemonError`: `turn_answered`, `rate_limited` (the same step may come again), `turn_not_found` of one that was abandoned. Answers why the step
   * cannot be used, as a sentence; it is a part of the answer then that says so.
   */
  take(answer: AnswerStep): string | null {
    const details = { turn: this.turn }
    if (this.#isComplete) throw new DaemonError('turn_answered', { details })
    if (this.#end !== 'open') throw new DaemonError('turn_not_found', { details })
    if (answer.type !== 'lostPiece') this.#hasBegun = true
    let why: string | null = null
    if (answer.type === 'done') {
      this.#isComplete = true
      const rest = this.#steps.end()
      if (rest !== null) this.#unread.push(rest)
      this.#end = 'done'
    } else if (answer.type === 'fail') {
      this.#isComplete = true
      // Its words may quote a key or a question.
      this.#end = new AgentError('server_error', 'the assistant said that it failed')
    } else {
      this.#makeRoom(answer)
      const part = this.#steps.read(answer)
      if (part !== null) this.#unread.push(part)
      why = part?.type === 'unusable' ? part.why : null
    }
    this.#wake()
    return why
  }

  /** Nothing follows, because of this; what came before is lost. */
  abandon(error: AgentError): void {
    if (this.#end === 'open') {
      this.#unread = []
      this.#end = error
      this.#wake()
    }
    this.#drained()
  }

  /** What comes, to be read once. Throws the error that ended it, `AgentError` where it is too large, or the reason of the signal. */
  async *parts(signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    const size = new AnswerSize()
    for (;;) {
      signal.throwIfAborted()
      if (this.#unread.length > 0) {
        const parts = this.#unread
        this.#unread = []
        this.#length = 0
        this.#items = 0
        this.#bytes = 0
        for (const part of parts) size.add(part)
        if (size.isTooLarge) throw tooLarge()
        yield* joined(parts)
        this.#drained()
      } else if (this.#end === 'done') return
      else if (this.#end === 'open') await this.#news(signal)
      else throw this.#end
    }
  }

  /** Before anything of the step is taken: the pieces of its file are kept where it is refused. */
  #makeRoom(step: Exclude<AnswerStep, { type: 'done' | 'fail' }>): void {
    const length = step.type === 'delta' ? step.text.length : 0
    const items = WITHOUT_PART.has(step.type) ? 0 : 1
    const bytes = step.type === 'media' ? this.#steps.sizeWith(step) : 0
    const isFull =
      this.#length + length > MAX_UNREAD ||
      this.#items + items > MAX_UNREAD_ITEMS ||
      this.#bytes + bytes > MAX_UNREAD_BYTES
    // A step that is too large by itself would never find room: its reader ends the answer.
    if (isFull && this.hasUnread) throw new DaemonError('rate_limited')
    this.#length += length
    this.#items += items
    this.#bytes += bytes
  }

  #drained(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake)
        this.#wake = () => {}
        resolve()
      }
      this.#wake = wake
      signal.addEventListener('abort', wake, { once: true })
    })
  }
}

function tooLarge(): AgentError {
  return new AgentError('bad_answer', 'the assistant wrote too much for one answer', {
    action: 'Look into the log of what answers there, and why its answers do not end.',
  })
}
