import type { Logger } from 'pino'
import type { z } from 'zod'
import { DaemonError } from '../../protocol/errors.ts'
import { errorObjectSchema } from '../../protocol/frames.ts'
import type {
  ErrorObject,
  ErrorResponse,
  RequestFrame,
  RequestId,
  SuccessResponse,
} from '../../protocol/frames.ts'
import { methodDefinition, METHODS } from '../../protocol/methods.ts'
import type { MethodName } from '../../protocol/methods.ts'
import { errorResponse } from '../frames/error-response.ts'
import { fitToFrame } from '../frames/fit-to-frame.ts'
import type { ClientSession, Handlers, Refusals } from '../handlers/handler.ts'
import { describeIssues } from '../frames/parse-request.ts'

/** What a frame to a client may have. */
const MAX_FRAME_BYTES = 256 * 1_024
/** Without the fields around a result: the version and the id. */
const MAX_ANSWER_BYTES = MAX_FRAME_BYTES - 1_024

/** An answer, ready for the wire. */
export interface Answer {
  text: string
  error: ErrorResponse['error'] | null
}

/** Runs requests against the table of methods. What arrives and what leaves is parsed by the method's schemas. */
export class Dispatcher {
  readonly #handlers: Handlers
  readonly #refusals: Refusals
  readonly #logger: Logger
  readonly #beforeResult: () => void

  /** `beforeResult` makes durable what a result tells; when it throws, the error is answered instead. */
  constructor(handlers: Handlers, refusals: Refusals, logger: Logger, beforeResult: () => void) {
    this.#handlers = handlers
    this.#refusals = refusals
    this.#logger = logger
    this.#beforeResult = beforeResult
  }

  /** Never rejects. When the handler does not await, `answer` is called before this returns. */
  async dispatch(
    request: RequestFrame,
    session: ClientSession,
    answer: (answer: Answer) => void,
  ): Promise<void> {
    const { id, method, params } = request
    let outcome: Answer
    try {
      const running = this.#run(method, params, session)
      const result = this.#finish(method, running instanceof Promise ? await running : running)
      const response: SuccessResponse = { jsonrpc: '2.0', id, result }
      outcome = { text: JSON.stringify(response), error: null }
    } catch (error) {
      outcome = this.refusal(id, error)
    }
    answer(outcome)
  }

  /** The same for a call that comes without a frame. Never rejects. */
  async call(
    method: MethodName,
    params: Record<string, unknown>,
    session: ClientSession,
  ): Promise<{ result: object } | { error: ErrorObject }> {
    try {
      return { result: this.#finish(method, await this.#run(method, params, session)) }
    } catch (error) {
      return { error: this.#toError(null, error).error }
    }
  }

  refusal(id: RequestId | null, error: unknown): Answer {
    const response = this.#toError(id, error)
    return { text: JSON.stringify(response), error: response.error }
  }

  #toError(id: RequestId | null, error: unknown): ErrorResponse {
    const response = errorResponse(id, error, this.#logger)
    const { value, truncated } = fitToFrame(response.error, errorObjectSchema, MAX_ANSWER_BYTES)
    if (truncated === null) return response
    const shortened = errorObjectSchema.parse(value)
    return { ...response, error: { ...shortened, data: { ...shortened.data, truncated } } }
  }

  #run(name: string, given: Record<string, unknown> | undefined, session: ClientSession): unknown {
    if (!isMethodName(name)) throw new DaemonError('method_not_found', { details: { method: name } })
    const definition = methodDefinition(name)
    if (definition.beforeAuthentication !== true) requireScope(session, definition.scope)
    const params = definition.params.safeParse(given ?? {})
    if (!params.success) {
      this.#refusals[name]?.(given ?? {}, session)
      throw invalidParams(params.error)
    }
    // The table ties params to handlers by name; the compiler cannot follow the tie through a lookup.
    const handler = this.#handlers[name] as (params: unknown, session: ClientSession) => unknown
    return handler(params.data, session)
  }

  /** What may leave of a result, once what it tells is durable. */
  #finish(name: string, result: unknown): object {
    this.#beforeResult()
    if (!isMethodName(name)) throw new DaemonError('method_not_found')
    const parsed = METHODS[name].result.safeParse(result)
    if (!parsed.success) {
      // Only the places: a value that does not fit may still be a secret.
      throw new Error(
        `${name} answered what its schema refuses: ${JSON.stringify(describeIssues(parsed.error))}`,
      )
    }
    const { value, truncated } = fitToFrame(parsed.data, METHODS[name].result, MAX_ANSWER_BYTES)
    // Every result is an object.
    return truncated === null ? (value as object) : { ...(value as object), truncated }
  }
}

function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name)
}

function requireScope(session: ClientSession, scope: string | null): void {
  if (session.identity === null) throw new DaemonError('unauthorized')
  if (scope !== null && !session.identity.scopes.some((held) => held === scope)) {
    throw new DaemonError('forbidden', {
      message: `The token does not carry the scope ${scope}.`,
      action: `Issue tokens with the scope ${scope}.`,
      details: { scope },
    })
  }
}

function invalidParams(error: z.ZodError): DaemonError {
  const issues = describeIssues(error)
  const [first] = issues
  const place = first === undefined ? '' : ` ${first.path || 'params'}: ${first.message}`
  return new DaemonError('invalid_params', {
    message: `The parameters do not fit the method.${place}`,
    details: { issues },
  })
}
