import { createHash } from 'node:crypto'

/** The log masks so many digits in a row: an id that has them could not be found there. */
const MASKED = /\d{7}/
const TRACE_ID_LENGTH = 32
const SPAN_ID_LENGTH = 16

/** The ids of a message's trace and of the span that all others are below, hexadecimal (W3C Trace Context). */
export interface TraceIds {
  traceId: string
  rootSpanId: string
}

/**
 * The ids of the trace of this message: always the same ones, in every process that has `key`, which nobody else knows. Without it an id of
 * a message that is known elsewhere could be told from the trace.
 */
export function traceIdsOf(key: Uint8Array, account: string, message: string): TraceIds {
  for (let attempt = 0; ; attempt += 1) {
    const hash = createHash('sha256')
      .update(key)
      .update(JSON.stringify([account, message, attempt]))
      .digest('hex')
    const traceId = hash.slice(0, TRACE_ID_LENGTH)
    const rootSpanId = hash.slice(TRACE_ID_LENGTH, TRACE_ID_LENGTH + SPAN_ID_LENGTH)
    if (!MASKED.test(traceId) && /[1-9a-f]/.test(traceId) && /[1-9a-f]/.test(rootSpanId))
      return { traceId, rootSpanId }
  }
}

/** The header of W3C Trace Context. `isSampled`: whether this span is kept; a server that carries on the trace decides by it. */
export function traceparent(traceId: string, spanId: string, isSampled: boolean): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`
}
