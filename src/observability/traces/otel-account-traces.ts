import {
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api'
import { type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace'
import type { AccountTraces, SpanName, TraceAttributes, TraceSpan } from './account-traces.ts'
import { traceIdsOf, traceparent, type TraceIds } from './trace-ids.ts'

/** Messages whose verdict has not fallen. */
const MAX_ARRIVALS = 1_000
const ACCOUNT = 'whatsappd.account'
const ROOT_SPAN = 'message'

/** Gives the next span these ids, once. */
export interface GivenIds {
  next: TraceIds | null
}

export interface OtelAccountTracesDependencies {
  tracer: Tracer
  ids: GivenIds
  /** Of this sandbox. */
  key: Uint8Array
  /** Of traces, which are kept: it goes by their id. */
  sampler: Sampler
  account: string
  /** The account's id as it may be seen elsewhere. */
  shown: string
}

interface Arrival {
  arrivedAt: number
  decryptingAt: number | null
}

type BeginOptions = NonNullable<Parameters<AccountTraces['begin']>[2]>

/** By OpenTelemetry. */
export class OtelAccountTraces implements AccountTraces {
  readonly #deps: OtelAccountTracesDependencies
  /** By message, the oldest first. */
  readonly #arrivals = new Map<string, Arrival>()

  constructor(deps: OtelAccountTracesDependencies) {
    this.#deps = deps
  }

  arrived(message: string): void {
    for (const oldest of this.#arrivals.keys()) {
      if (this.#arrivals.size < MAX_ARRIVALS) break
      this.#arrivals.delete(oldest)
    }
    this.#arrivals.set(message, { arrivedAt: Date.now(), decryptingAt: null })
  }

  decrypting(message: string): void {
    const arrival = this.#arrivals.get(message)
    if (arrival !== undefined) arrival.decryptingAt = Date.now()
  }

  judging(message: string): (verdict: string) => void {
    const readAt = Date.now()
    const { arrivedAt = readAt, decryptingAt = null } = this.#arrivals.get(message) ?? {}
    this.#arrivals.delete(message)
    const ids = this.#idsOf(message)
    const root = this.#root(ids, arrivedAt)
    if (decryptingAt !== null) {
      this.#start('stanza', ids, { startedAt: arrivedAt }).end(decryptingAt)
      this.#start('decrypt', ids, { startedAt: decryptingAt }).end(readAt)
    }
    const judging = this.#start('verdict', ids, { startedAt: readAt })
    return (verdict) => {
      judging.setAttribute('whatsappd.verdict', verdict)
      judging.end()
      root.setAttribute('whatsappd.verdict', verdict)
      root.end()
    }
  }

  begin(name: SpanName, message: string, options: BeginOptions = {}): TraceSpan {
    const ids = this.#idsOf(message)
    const span = this.#start(name, ids, options)
    const { spanId, traceFlags } = span.spanContext()
    let isOver = false
    return {
      traceparent: traceparent(ids.traceId, spanId, traceFlags === TraceFlags.SAMPLED),
      end: ({ attributes, error } = {}) => {
        if (isOver) return
        isOver = true
        if (attributes !== undefined) span.setAttributes(attributes)
        if (error !== undefined) {
          span.setAttribute('error.type', error)
          span.setStatus({ code: SpanStatusCode.ERROR })
        }
        span.end()
      },
    }
  }

  ids(message: string): { traceId: string } {
    return { traceId: this.#idsOf(message).traceId }
  }

  traceparent(message: string): string {
    const { traceId, rootSpanId } = this.#idsOf(message)
    const { decision } = this.#deps.sampler.shouldSample(
      ROOT_CONTEXT,
      traceId,
      ROOT_SPAN,
      SpanKind.CONSUMER,
      {},
      [],
    )
    return traceparent(traceId, rootSpanId, decision === SamplingDecision.RECORD_AND_SAMPLED)
  }

  #idsOf(message: string): TraceIds {
    const { key, account } = this.#deps
    return traceIdsOf(key, account, message)
  }

  #root(ids: TraceIds, startedAt: number): Span {
    const { tracer, shown } = this.#deps
    this.#deps.ids.next = ids
    try {
      return tracer.startSpan(
        ROOT_SPAN,
        { root: true, kind: SpanKind.CONSUMER, startTime: startedAt, attributes: { [ACCOUNT]: shown } },
        ROOT_CONTEXT,
      )
    } finally {
      this.#deps.ids.next = null
    }
  }

  #start(name: SpanName | 'stanza' | 'decrypt' | 'verdict', ids: TraceIds, options: BeginOptions): Span {
    const { startedAt = Date.now(), also = [], within, attributes } = options
    const links: Link[] = also.map((message) => {
      const other = this.#idsOf(message)
      return { context: contextOf(other.traceId, other.rootSpanId) }
    })
    return this.#deps.tracer.startSpan(
      name,
      {
        kind: name === 'agent' ? SpanKind.CLIENT : name === 'send' ? SpanKind.PRODUCER : SpanKind.INTERNAL,
        startTime: startedAt,
        links,
        attributes: this.#attributes(attributes),
      },
      parentOf(ids, within),
    )
  }

  #attributes(attributes: TraceAttributes = {}): TraceAttributes {
    return { [ACCOUNT]: this.#deps.shown, ...attributes }
  }
}

function parentOf({ traceId, rootSpanId }: TraceIds, within: TraceSpan | undefined): Context {
  const [, , parent = rootSpanId] = within?.traceparent.split('-') ?? []
  return trace.setSpanContext(ROOT_CONTEXT, contextOf(traceId, parent))
}

function contextOf(traceId: string, spanId: string): ReturnType<Span['spanContext']> {
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED }
}
