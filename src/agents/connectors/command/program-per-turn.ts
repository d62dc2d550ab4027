import type { FileHandle } from 'node:fs/promises'
import { withDeadline } from '../../../timing/deadline.ts'
import { untilAborted } from '../../../timing/until-aborted.ts'
import type { Agent, ReplyPart, Turn } from '../../agent.ts'
import type { AgentCheck } from '../../agent-check.ts'
import { AnswerSize } from '../../answers/answer-size.ts'
import { MAX_STEP_BYTES } from '../../answers/file-data.ts'
import { StepReader } from '../../answers/step-reader.ts'
import { withTimeLimit } from '../../answers/with-time-limit.ts'
import { readLines } from '../../programs/read-lines.ts'
import { readText } from '../../programs/read-text.ts'
import type { RunningProgram } from '../../programs/running-program.ts'
import { judgeProgram, startProgram } from '../../programs/start-program.ts'
import { toTurnJson } from '../../turn-json/turn-json.ts'
import { AnswerLines, noAnswer } from './answer-lines.ts'
import type { CommandOptions } from './command-options.ts'
import { endedEarly, reportedFailure, tooLong } from './program-failures.ts'

/** Of an answer in plain text: many times the longest reply that is sent on. */
const MAX_TEXT_LENGTH = 2_000_000
/** How long a program may go on after it said that its answer is complete: some store what they learned. */
const AFTERWARDS_MS = 10_000

/** Runs the program for each question: the turn as JSON on its input, the answer on its output. `reply` throws `AgentError`. */
export class ProgramPerTurn implements Agent {
  readonly textFormat: 'plain' | 'markdown'
  readonly timeoutMs: number
  /** The program is handed the file. */
  readonly hears = (): boolean => true
  readonly checks: readonly AgentCheck[]
  readonly #options: CommandOptions & { output: 'text' | 'jsonl' }
  /** Programs that are not over yet. */
  readonly #running = new Set<RunningProgram>()

  constructor(options: CommandOptions & { output: 'text' | 'jsonl' }) {
    this.#options = options
    this.textFormat = options.textFormat
    this.checks = options.checks
    this.timeoutMs = options.timeoutSeconds * 1_000
  }

  /** Looks at the program and at its secrets: what is wrong with them is known before the first question. */
  // oxlint-disable-next-line typescript/require-await -- what it throws must be a rejection
  async start(): Promise<void> {
    judgeProgram(this.#options.request(), this.#options.host, { create: true })
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running].map((program) => program.stop()))
  }

  openFile(path: string): Promise<FileHandle> {
    return this.#options.openFile(path)
  }

  async *reply(turn: Turn, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    signal.throwIfAborted()
    const { host, timeoutSeconds } = this.#options
    yield* withTimeLimit((ended) => this.#answer(turn, ended), { signal, timeoutSeconds, agent: host.id })
  }

  async *#answer(turn: Turn, ended: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    const { host, request, output } = this.#options
    const program = await startProgram(request(), host)
    this.#running.add(program)
    void program.exited.then(() => this.#running.delete(program))
    const hangUp = (): void => void program.stdout.destroy()
    ended.addEventListener('abort', hangUp, { once: true })
    if (ended.aborted) hangUp()
    let isComplete = false
    try {
      program.stdin.end(`${JSON.stringify(toTurnJson(turn))}\n`)
      yield* output === 'text' ? this.#text(program, ended) : this.#lines(program, ended)
      isComplete = true
    } finally {
      ended.removeEventListener('abort', hangUp)
      // Nobody waits for a program that takes its time to end.
      void (isComplete ? endLater(program) : program.stop())
    }
  }

  /** Everything that it writes, but for line ends at the end. Exit code 0 says that it is the answer. */
  async *#text(program: RunningProgram, ended: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    let length = 0
    for await (const text of readText(program.stdout)) {
      length += text.length
      if (length > MAX_TEXT_LENGTH) throw tooLong(this.#options.host.id)
      yield { type: 'delta', text }
    }
    await this.#requireSuccess(program, ended)
  }

  async *#lines(program: RunningProgram, ended: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    const { id } = this.#options.host
    const answers = new AnswerLines()
    const steps = new StepReader()
    const size = new AnswerSize()
    let hasAnswered = false
    // It may still write something when its answer is complete.
    for await (const line of readLines(program.stdout.iterator({ destroyOnReturn: false }), MAX_STEP_BYTES)) {
      for (const answer of answers.read(line)) {
        hasAnswered = true
        if (answer.type === 'done') return yield* restOf(steps)
        if (answer.type === 'fail') throw reportedFailure(id)
        const part = steps.read(answer)
        if (part === null) continue
        size.add(part)
        if (size.isTooLarge) throw tooLong(id)
        yield part
      }
    }
    await this.#requireSuccess(program, ended)
    yield* restOf(steps)
    if (!hasAnswered && answers.hasStray) throw noAnswer('text that is no line of JSON')
  }

  /** A program may close its output long before it ends. */
  async #requireSuccess(program: RunningProgram, ended: AbortSignal): Promise<void> {
    const exit = await untilAborted(program.exited, ended)
    if (exit.code !== 0) throw endedEarly(this.#options.host.id, exit)
  }
}

function* restOf(steps: StepReader): Generator<ReplyPart, void, void> {
  const rest = steps.end()
  if (rest !== null) yield rest
}

async function endLater(program: RunningProgram): Promise<void> {
  // What it still writes goes nowhere, and does not hold it up.
  program.stdout.resume()
  await withDeadline(program.exited, AFTERWARDS_MS, () => null)
  await program.stop()
}
