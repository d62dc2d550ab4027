import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import { lengthOf } from '../include/config-text.ts'
import type { ConnectorTable } from '../settings/connector-settings.ts'
import { type EvaluationAnswer, questionOf, valueOf } from './evaluation-message.ts'
import { type EvaluatedText, Evaluation, type EvaluationRequest } from './evaluation.ts'

/** Up to this length a text is read in a few milliseconds; a longer one would hold up everything else meanwhile. */
const LONGEST_AT_ONCE = 32_768
/** Many times what the longest file takes on a slow machine. */
const TIMEOUT_MS = 60_000
const LATE = new Error('reading the config took too long')
/** Of `editCost`, for edits of short texts: some milliseconds as well. */
const MOST_EDIT_AT_ONCE = 131_072

const IS_SOURCE = import.meta.url.endsWith('.ts')
/** A thread of Node 20 reads TypeScript only after it has registered a loader itself. */
const FROM_SOURCE = `import('tsx/esm/api').then(({ register }) => {
  register()
  return import('${new URL('../../evaluation-worker.ts', import.meta.url).href}')
})`

interface Pending {
  worker: Worker
  timer: NodeJS.Timeout
  resolve: (answer: EvaluationAnswer) => void
  reject: (error: Error) => void
}

/**
 * Reads texts and works out edits. What takes longer than a moment is done in another thread, which stays as long as the
 * texts are long: it remembers what it has read. One call at a time. Where that thread cannot be started, or ends, this thread does
 * the work, which is logged: a stall is better than to allow somebody who was removed.
 */
export class Evaluator {
  readonly #logger: Logger
  /** Reads short texts, in this thread. */
  readonly #here: Evaluation
  #worker: Worker | null = null
  #pending: Pending | null = null
  #stopped = false

  /** `connectors` are those that the thread brings with it, too. */
  constructor(logger: Logger, connectors: ConnectorTable) {
    this.#logger = logger
    this.#here = new Evaluation(connectors)
  }

  /** Throws as `Evaluation.run`, and an `Error` once it is stopped or where the other thread takes too long. */
  async run(request: EvaluationRequest): Promise<EvaluatedText | null> {
    if (this.#stopped) throw new Error('the config is no longer followed')
    const isShort = lengthOf(request.content) <= LONGEST_AT_ONCE
    if (isShort) void this.#end()
    if (isShort && editCost(request) <= MOST_EDIT_AT_ONCE) return this.#here.run(request)
    this.#here.clear()
    let answer: EvaluationAnswer
    try {
      answer = await this.#ask(request)
    } catch (error) {
      // What took too long there would hold up everything here.
      if (this.#stopped || error === LATE) throw error
      this.#logger.warn(
        { err: error },
        'the thread that reads long config files failed; the main thread reads them',
      )
      return this.#here.run(request)
    }
    if (isShort) void this.#end()
    return valueOf(answer)
  }

  /** Ends the other thread, and what it is at: the call is rejected. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#end()
  }

  async #end(): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    await worker?.terminate()
  }

  async #ask(request: EvaluationRequest): Promise<EvaluationAnswer> {
    const worker = (this.#worker ??= this.#start())
    worker.ref()
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        void this.#end()
        this.#settle(worker, (pending) => pending.reject(LATE))
      }, TIMEOUT_MS)
      this.#pending = { worker, timer, resolve, reject }
      worker.postMessage(questionOf(request), [])
    })
  }

  #settle(worker: Worker, settle: (pending: Pending) => void): void {
    const pending = this.#pending
    if (pending?.worker !== worker) return
    this.#pending = null
    clearTimeout(pending.timer)
    // A thread that has nothing to do must not keep the process alive.
    worker.unref()
    settle(pending)
  }

  #start(): Worker {
    // Of the daemon's own flags none is meant for it. JSON5 writes warnings to its outputs.
    const options = { execArgv: [], stdout: true, stderr: true }
    const worker = IS_SOURCE
      ? new Worker(FROM_SOURCE, { ...options, eval: true })
      : new Worker(new URL('../evaluation-worker.js', import.meta.url), options)
    // Without a reader they would fill up.
    worker.stdout.resume()
    worker.stderr.resume()
    worker.on('message', (answer: EvaluationAnswer) => this.#settle(worker, ({ resolve }) => resolve(answer)))
    const failed = (error: Error): void => {
      if (this.#worker === worker) this.#worker = null
      this.#settle(worker, ({ reject }) => reject(error))
    }
    worker.on('error', failed)
    worker.on('exit', (code) => failed(new Error(`the thread that reads the config ended (${code})`)))
    return worker
  }
}

/** Characters that are read to make an edit, roughly: every change reads the text, and a value that holds many counts as many. */
function editCost(request: EvaluationRequest): number {
  if (request.kind === 'resolve' || request.edit.edit !== 'settings') return 0
  const { changes } = request.edit.request
  const values = changes.map(({ value }) => (value === undefined ? 1 : countValues(value)))
  const written = JSON.stringify(changes).length
  return (lengthOf(request.content) + written) * values.reduce((sum, count) => sum + count, 0)
}

function countValues(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce<number>((sum, inner) => sum + countValues(inner), 1)
}
