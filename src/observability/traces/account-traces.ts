/** Of a span: words, numbers and ids of the config. Never a text, a name, a number or an address of people. */
export type TraceAttributes = Readonly<Record<string, string | number | boolean>>

/** A part of a message's way that is under way. */
export interface TraceSpan {
  /** W3C Trace Context: what a server is sent that carries on the trace. */
  readonly traceparent: string
  /** It ends now. With `error`, the code of what went wrong. Only the first call counts. */
  end(outcome?: { attributes?: TraceAttributes; error?: string }): void
}

export type SpanName = 'turn' | 'agent' | 'send' | 'ack'

/**
 * The traces of one account: one for each message of a person, from its stanza to the acknowledgement of its answer. A trace is found by the id
 * of its message, so that it goes on over a restart, and nothing has to be stored for it. No method throws.
 */
export interface AccountTraces {
  /** A message came from WhatsApp, encrypted. */
  arrived(message: string): void
  /** It is its turn to be decrypted. */
  decrypting(message: string): void
  /** It is readable, and judged now. Answers the call for the verdict. */
  judging(message: string): (verdict: string) => void
  /**
   * Begins a part of what becomes of it. `startedAt`: milliseconds since 1970; now without it. `also`: messages whose traces are linked to this
   * one. `within`: the part that it belongs to, as `traceparent`; without it, the whole trace.
   */
  begin(
    name: SpanName,
    message: string,
    options?: {
      startedAt?: number
      also?: readonly string[]
      within?: TraceSpan | undefined
      attributes?: TraceAttributes
    },
  ): TraceSpan
  /** For a line of the log. */
  ids(message: string): { traceId: string }
  /** What a server is sent that carries on the trace of this message, wherever it has got to. */
  traceparent(message: string): string
}
