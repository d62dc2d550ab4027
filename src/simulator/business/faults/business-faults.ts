import { type ActiveFault, FaultRules, type FaultScope } from '../../faults/fault-rules.ts'
import type { DownloadFault } from '../../faults/media-faults.ts'

/** What a request wants from the Graph API. */
export type Operation =
  | 'send'
  | 'mark-read'
  | 'upload'
  | 'describe-media'
  | 'delete-media'
  | 'number'
  | 'account'
  | 'numbers'
  | 'register'
  | 'deregister'
  | 'verify'
  | 'subscriptions'
  | 'subscribe'
  | 'unsubscribe'
  | 'sync'
  | 'templates'
  | 'debug-token'
  | 'exchange'
  | 'me'
  | 'configure-webhook'

/** What goes wrong with a call. */
export type CallFault =
  /** Refused with a code of Meta's; nothing was done. */
  | {
      kind: 'error'
      code: number
      subcode?: number
      details?: string
      status?: number
      retryAfter?: number | string
      regainMinutes?: number
    }
  /** A page of a proxy, or of Meta's load balancer: HTML, and nothing was done. */
  | { kind: 'page'; status: number; retryAfter?: number | string }
  /** The connection ends before anything was done. */
  | { kind: 'reset' }
  /** No answer comes, and nothing was done. */
  | { kind: 'silence' }
  /** It was done, and the connection ends without an answer. */
  | { kind: 'lost-answer' }
  /** It was done, and no answer comes; the connection stays. */
  | { kind: 'silence-after' }
  /** It was done; the answer comes late. */
  | { kind: 'late-answer'; afterMs: number }
  /** It was done; another body comes, such as no JSON. */
  | { kind: 'body'; body: string; status?: number; contentType?: string }
  /** The client is sent elsewhere. */
  | { kind: 'redirect'; to: string }

/** How a webhook is signed. */
export type SignatureFault = 'missing' | 'wrong' | 'sha1-only' | 're-serialised' | 'truncated' | 'empty'

type CallScope = Pick<FaultScope, 'account' | 'times'>

/** Everything that can go wrong on Meta's side, switched on by tests. A scope's `account` is the business number, E.164. */
export class BusinessFaults {
  readonly downloads = new FaultRules<DownloadFault>()
  /** Accepted messages that fail later, with a code of Meta's. */
  readonly lateFailures = new FaultRules<{ code: number; details?: string | undefined }>()
  /** In front of the address of a file: another host than Meta's. */
  mediaHost: string | null = null
  /** Every person's number is hidden, whatever the business knows. */
  hidesNumbers = false
  /** Messages of one chat may reach the phone in another order than that of sending. */
  swapsMessages = false
  /** Webhooks wait until `releaseWebhooks`. */
  holdsWebhooks = false
  /** Each webhook comes so many times more. */
  repeatsWebhooks = 0
  /** Beside the usual delay. */
  webhookDelayMs = 0
  signature: SignatureFault | null = null
  readonly #calls = new Map<Operation | 'any', FaultRules<CallFault>>()
  readonly #released: (() => void)[] = []

  /** From now on `fault` strikes calls of this kind, `any`: every call. */
  strike(operation: Operation | 'any', fault: CallFault, scope: CallScope = {}): ActiveFault {
    const rules = this.#calls.get(operation) ?? new FaultRules<CallFault>()
    this.#calls.set(operation, rules)
    return rules.add(fault, scope)
  }

  /** The fault that strikes this call, counted as a hit. */
  struck(operation: Operation, phoneNumber: string | undefined): CallFault | undefined {
    return this.#calls.get(operation)?.strike(phoneNumber) ?? this.#calls.get('any')?.strike(phoneNumber)
  }

  /** Calls `listener` when webhooks that were held may go. */
  onRelease(listener: () => void): void {
    this.#released.push(listener)
  }

  /** Everything that was held goes out, in batches. */
  releaseWebhooks(): void {
    this.holdsWebhooks = false
    for (const listener of this.#released) listener()
  }

  /** All is well again. Webhooks that were held go out. */
  clear(): void {
    this.#calls.clear()
    this.downloads.clear()
    this.lateFailures.clear()
    this.mediaHost = null
    this.hidesNumbers = false
    this.swapsMessages = false
    this.repeatsWebhooks = 0
    this.webhookDelayMs = 0
    this.signature = null
    this.releaseWebhooks()
  }
}
