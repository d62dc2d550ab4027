import { AgentError } from '../../agents/agent-error.ts'
import type { Turn } from '../../agents/agent.ts'
import { shownId } from '../../observability/metrics/shown-id.ts'
import type { AccountTraces, TraceSpan } from '../../observability/traces/account-traces.ts'
import type { TurnToAnswer } from './answer-turn.ts'

/** A turn in the trace of the last message that it answers; linked to those of the others. Does nothing where there are no traces. */
export class TurnTrace {
  readonly #traces: AccountTraces | undefined
  readonly #message: string
  readonly #agent: string
  readonly #turn: TraceSpan | undefined
  #asked: TraceSpan | undefined

  constructor(
    traces: AccountTraces | undefined,
    { row, asked, id }: Pick<TurnToAnswer, 'row' | 'asked' | 'id'>,
  ) {
    const messages = asked.map(({ message_id }) => message_id)
    this.#traces = traces
    this.#message = messages.at(-1) ?? row.id
    this.#agent = shownId(id, 'agent', 0)
    this.#turn = traces?.begin('turn', this.#message, {
      startedAt: row.opened_at,
      also: messages.slice(0, -1),
      attributes: { 'whatsappd.agent': this.#agent, 'whatsappd.messages': messages.length },
    })
  }

  /** The agent is asked now; answers the turn with what carries the trace on to a server. */
  asked(turn: Turn): Turn {
    const span = this.#traces?.begin('agent', this.#message, {
      within: this.#turn,
      attributes: { 'whatsappd.agent': this.#agent },
    })
    this.#asked = span
    return span === undefined ? turn : { ...turn, traceparent: span.traceparent }
  }

  answered(): void {
    this.#asked?.end()
  }

  end(error?: unknown): void {
    const failure = error === undefined ? {} : { error: error instanceof AgentError ? error.code : 'failed' }
    this.#asked?.end(failure)
    this.#turn?.end(failure)
  }
}
