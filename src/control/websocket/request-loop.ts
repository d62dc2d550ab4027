import type { CloseReason } from '../../protocol/close-codes.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { RequestFrame } from '../../protocol/frames.ts'
import { parseRequest, requestIdOf } from '../frames/parse-request.ts'
import type { ClientSession } from '../handlers/handler.ts'
import type { ConnectionLimits } from '../limits/limits.ts'
import type { Answer, Dispatcher } from './dispatcher.ts'

/** Proofs for one socket without a token: a client needs one, and each costs more than its request. */
const MAX_PROOFS = 4

export interface RequestLoopDeps {
  dispatcher: Dispatcher
  session: ClientSession
  limits: Pick<ConnectionLimits, 'requestsInFlight' | 'refusalsBeforeClose'>
  /** False when this socket, or its holder on all sockets, sent too many requests lately. */
  takeRequest: () => boolean
  isOpen: () => boolean
  send: (text: string) => void
  close: (reason: CloseReason) => void
}

/**
 * The requests of one socket and their answers. The first one has to authenticate; those that arrive while a token is verified
 * wait, so that each is judged by the token that was sent before it.
 */
export class RequestLoop {
  readonly #deps: RequestLoopDeps
  #isVerifying = false
  #held: string[] = []
  #afterAnswer: (() => void) | null = null
  #closing: CloseReason | null = null
  #inFlight = 0
  #refusals = 0
  #proofs = 0

  constructor(deps: RequestLoopDeps) {
    this.#deps = deps
  }

  /** Handles one frame. Never throws: every frame gets an answer. */
  receive(text: string): void {
    const { limits, takeRequest } = this.#deps
    const pending = this.#inFlight + this.#held.length
    if (!takeRequest() || pending >= limits.requestsInFlight) return this.#refuse(text)
    this.#refusals = 0
    if (this.#isVerifying) this.#held.push(text)
    else this.#handle(text)
  }

  /** Called by a handler: `run` is called right after its answer went out, unless that is an error. */
  afterAnswer(run: () => void): void {
    this.#afterAnswer = run
  }

  /** Closes the socket after the next answer. */
  closeAfterAnswer(reason: CloseReason): void {
    this.#closing = reason
  }

  #handle(text: string): void {
    const { dispatcher, session } = this.#deps
    let request: RequestFrame
    try {
      request = parseRequest(text)
    } catch (error) {
      this.#closeUnlessAuthenticated()
      return this.#answer(dispatcher.refusal(requestIdOf(text), error))
    }
    const refusal = this.#refusalBeforeAuthentication(request)
    if (refusal !== null) return this.#answer(dispatcher.refusal(request.id, refusal))
    const authenticates = request.method === 'session.authenticate'
    this.#inFlight += 1
    if (authenticates) this.#isVerifying = true
    void dispatcher
      .dispatch(request, session, (answer) => {
        if (answer.error !== null) this.#closeUnlessAuthenticated()
        this.#answer(answer)
      })
      .finally(() => {
        this.#inFlight -= 1
        if (authenticates) this.#release()
      })
  }

  /** Only a token, or a few questions for a proof, come before authentication; anything else closes the socket. */
  #refusalBeforeAuthentication({ method }: RequestFrame): DaemonError | null {
    if (this.#deps.session.identity !== null || method === 'session.authenticate') return null
    if (method === 'session.prove') this.#proofs += 1
    else this.#closing = 'unauthorized'
    if (this.#proofs > MAX_PROOFS) this.#closing = 'too_many_attempts'
    if (this.#closing === null) return null
    return new DaemonError(this.#closing === 'unauthorized' ? 'unauthorized' : 'rate_limited')
  }

  /** Goes on with what was held; another token among it holds the rest back again. */
  #release(): void {
    const held = this.#held
    this.#held = []
    this.#isVerifying = false
    for (const text of held) {
      if (!this.#deps.isOpen()) return
      if (this.#isVerifying) this.#held.push(text)
      else this.#handle(text)
    }
  }

  #answer(answer: Answer): void {
    this.#deps.send(answer.text)
    const after = this.#afterAnswer
    this.#afterAnswer = null
    if (answer.error === null) after?.()
    if (this.#closing !== null) this.#deps.close(this.#closing)
  }

  /** A socket without a token has no second attempt. */
  #closeUnlessAuthenticated(): void {
    if (this.#deps.session.identity === null) this.#closing ??= 'unauthorized'
  }

  #refuse(text: string): void {
    const { dispatcher, limits } = this.#deps
    this.#refusals += 1
    if (this.#refusals > limits.refusalsBeforeClose) this.#closing = 'too_many_attempts'
    const error = new DaemonError('rate_limited', { action: 'Wait a second, then try again.' })
    this.#answer(dispatcher.refusal(requestIdOf(text), error))
  }
}
