import type { ReplyPart, Turn } from '../../agent.ts'
import type { AgentError } from '../../agent-error.ts'
import { MAX_STEP_BYTES } from '../../answers/file-data.ts'
import { StepReader } from '../../answers/step-reader.ts'
import { readLines } from '../../programs/read-lines.ts'
import type { RunningProgram } from '../../programs/running-program.ts'
import { toTurnJson } from '../../turn-json/turn-json.ts'
import { type AnswerLine, AnswerLines, noAnswer } from './answer-lines.ts'
import { AnswerQueue } from './answer-queue.ts'
import { doesNotReact, endedEarly, reportedFailure, tooLong } from './program-failures.ts'

/** What it may write about questions that are over, in characters. */
const MAX_LATE_LENGTH = 2_000_000
/** What may wait for a program that reads nothing, in bytes: many questions with all of their history. */
const MAX_WAITING_BYTES = 8_000_000

/**
 * A program that answers several questions side by side, from its start to its end. Each has a number (`request`), which its answers
 * carry: no answer reaches another conversation.
 */
export class ProgramSession {
  /** Settles with why it is of no use any more, when it has ended. Never rejects. */
  readonly over: Promise<unknown>
  readonly #id: string
  readonly #program: RunningProgram
  readonly #pending = new Map<string, { queue: AnswerQueue; steps: StepReader }>()
  #requests = 0
  #lines = 0
  /** Of answers to questions that are over. */
  #lateLength = 0
  #givenUp: AgentError | null = null

  constructor(id: string, program: RunningProgram) {
    this.#id = id
    this.#program = program
    this.over = this.#readToEnd()
  }

  /** How many lines it has written. */
  get lines(): number {
    return this.#lines
  }

  /** Asks, and answers with what comes, until `ended` is aborted; then throws its reason. Throws `AgentError`. */
  async *ask(turn: Turn, ended: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    this.#requests += 1
    const request = String(this.#requests)
    const queue = new AnswerQueue()
    this.#pending.set(request, { queue, steps: new StepReader() })
    const abort = (): void => queue.fail(ended.reason)
    ended.addEventListener('abort', abort, { once: true })
    if (ended.aborted) abort()
    try {
      this.#send({ request, ...toTurnJson(turn) })
      yield* queue.read()
    } finally {
      ended.removeEventListener('abort', abort)
      // Still pending: nobody reads on.
      if (this.#pending.delete(request)) this.#send({ type: 'cancel', request })
    }
  }

  /** Ends it by force; whoever waits for an answer is told `why`. Never rejects. */
  async giveUp(why: AgentError): Promise<void> {
    this.#givenUp ??= why
    await this.#program.stop()
  }

  #send(message: object): void {
    const { stdin } = this.#program
    if (stdin.writableLength > MAX_WAITING_BYTES) void this.giveUp(doesNotReact(this.#id))
    else if (stdin.writable) stdin.write(`${JSON.stringify(message)}\n`)
  }

  async #readToEnd(): Promise<unknown> {
    const error = await this.#read().catch((thrown: unknown) => thrown)
    await this.#program.stop()
    const why = this.#givenUp ?? error ?? endedEarly(this.#id, await this.#program.exited)
    for (const { queue } of this.#pending.values()) queue.fail(why)
    this.#pending.clear()
    return why
  }

  async #read(): Promise<void> {
    const lines = new AnswerLines()
    for await (const line of readLines(this.#program.stdout, MAX_STEP_BYTES)) {
      this.#lines += 1
      for (const answer of lines.read(line)) this.#take(answer, line)
    }
  }

  #take(answer: AnswerLine, line: string): void {
    if (answer.request === null) throw noAnswer('an answer without its request')
    const { queue, steps } = this.#pending.get(answer.request) ?? {}
    if (queue === undefined || steps === undefined) this.#countLate(line)
    else if (answer.type === 'done' || answer.type === 'fail') {
      this.#pending.delete(answer.request)
      const rest = steps.end()
      if (rest !== null) queue.add(rest)
      if (answer.type === 'done') queue.complete()
      else queue.fail(reportedFailure(this.#id))
    } else this.#add(queue, answer.request, steps.read(answer))
  }

  #add(queue: AnswerQueue, request: string, part: ReplyPart | null): void {
    this.#lateLength = 0
    if (part !== null) queue.add(part)
    if (!queue.isTooLarge) return
    queue.fail(tooLong(this.#id))
    this.#pending.delete(request)
    this.#send({ type: 'cancel', request })
  }

  /** It may not have read yet that a question was cancelled; one that never stops is ended. */
  #countLate(line: string): void {
    this.#lateLength += line.length
    if (this.#lateLength > MAX_LATE_LENGTH) throw tooLong(this.#id)
  }
}
