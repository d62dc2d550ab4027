import { RequestError } from './request-error.ts'

const MAX_PENDING = 256

export interface Settle {
  resolve: (result: unknown) => void
  reject: (error: RequestError) => void
}

interface PendingRequest extends Settle {
  timer: ReturnType<typeof setTimeout>
}

/**
 * Requests that wait for their answer, at most 256, each with a deadline. Settling is synchronous: what a result
 * changes is in place before the next frame is read.
 */
export class PendingRequests {
  readonly #pending = new Map<number, PendingRequest>()
  #lastId = 0

  /** Registers a request and answers with its id; `settle.reject` gets `timeout` after `timeoutMs`. */
  add(timeoutMs: number, settle: Settle): number {
    if (this.#pending.size >= MAX_PENDING) {
      throw new RequestError('rate_limited', 'Too many requests are waiting for an answer.', {
        retryable: true,
      })
    }
    const id = ++this.#lastId
    const timer = setTimeout(() => {
      this.#pending.delete(id)
      settle.reject(new RequestError('timeout', 'The daemon did not answer in time.', { retryable: true }))
    }, timeoutMs)
    this.#pending.set(id, { ...settle, timer })
    return id
  }

  resolve(id: unknown, result: unknown): void {
    this.#take(id)?.resolve(result)
  }

  reject(id: unknown, error: RequestError): void {
    this.#take(id)?.reject(error)
  }

  rejectAll(error: RequestError): void {
    for (const id of this.#pending.keys()) this.reject(id, error)
  }

  #take(id: unknown): PendingRequest | undefined {
    if (typeof id !== 'number') return undefined
    const request = this.#pending.get(id)
    if (request === undefined) return undefined
    clearTimeout(request.timer)
    this.#pending.delete(id)
    return request
  }
}
