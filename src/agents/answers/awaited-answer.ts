import type { AnswerJson } from '../../protocol/agent/answer-json.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { AgentError } from '../agent-error.ts'
import type { ReplyPart } from '../agent.ts'

/** Characters that wait to be read. They are read as they come: more means that the reader is stuck. */
const MAX_UNREAD = 2_000_000

/** The answer to one turn, as it comes from outside, step by step. */
export class AwaitedAnswer {
  readonly turn: string
  #unread: string[] = []
  #length = 0
  #end: 'open' | 'done' | AgentError = 'open'
  #isComplete = false
  #hasBegun = false
  #drained: () => void = () => {}
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

  /** Resolves when everything that came is read, or nobody reads it any more. */
  async drained(): Promise<void> {
    if (this.#unread.length > 0) await new Promise<void>((resolve) => (this.#drained = resolve))
  }

  /** Throws `DaemonError` (`turn_answered`, `rate_limited`, and `turn_not_found` of one that was abandoned). */
  take(answer: AnswerJson): void {
    const details = { turn: this.turn }
    if (this.#isComplete) throw new DaemonError('turn_answered', { details })
    if (this.#end !== 'open') throw new DaemonError('turn_not_found', { details })
    this.#hasBegun = true
    if (answer.type !== 'delta') this.#isComplete = true
    if (answer.type === 'done') this.#end = 'done'
    // Its words may quote a key or a question.
    else if (answer.type === 'fail')
      this.#end = new AgentError('server_error', 'the assistant said that it failed')
    else this.#add(answer.text)
    this.#wake()
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

  /** What comes, to be read once. Throws the error that ended it, or the reason of the signal. */
  async *parts(signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    for (;;) {
      signal.throwIfAborted()
      if (this.#unread.length > 0) {
        const text = this.#unread.join('')
        this.#unread = []
        this.#length = 0
        yield { type: 'delta', text }
        this.#drained()
      } else if (this.#end === 'done') return
      else if (this.#end === 'open') await this.#news(signal)
      else throw this.#end
    }
  }

  #add(text: string): void {
    if (text === '') return
    if (this.#length + text.length > MAX_UNREAD) throw new DaemonError('rate_limited')
    this.#length += text.length
    this.#unread.push(text)
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
