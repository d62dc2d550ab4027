import type { WebhookView } from '../../protocol/webhook-view.ts'
import type { Endpoint } from './endpoint.ts'
import { sentence } from '../../text/sentence.ts'
import type { EndpointRecord } from './webhook-queue.ts'

export interface WebhookFacts {
  endpoint: Endpoint
  record: EndpointRecord
  /** Milliseconds since 1970, as the other times. */
  nextDueAt: number | null
  /** Why nothing can be posted, whatever the receiver says. */
  problem: string | null
  pausedUntil: number
  /** Of the config in force. */
  revision: string
  now: number
}

/** An endpoint as `webhooks.list` shows it. */
export function webhookView(facts: WebhookFacts): WebhookView {
  const { endpoint, record, problem, pausedUntil, nextDueAt, now } = facts
  const state = stateOf(facts)
  const found = problem ?? (state === 'ok' || state === 'idle' ? null : record.problem)
  return {
    webhook: endpoint.id,
    place: endpoint.place,
    target: endpoint.shownUrl,
    events: [...endpoint.events],
    accounts: endpoint.accounts && [...endpoint.accounts],
    texts: endpoint.texts,
    state,
    problem: found === null ? null : sentence(found),
    lastDeliveredAt: iso(record.deliveredAt),
    failingSince: iso(record.failingSince),
    nextAttemptAt: nextDueAt === null || state === 'gone' ? null : iso(Math.max(nextDueAt, pausedUntil, now)),
    queued: record.queued,
    dead: record.dead,
    dropped: record.dropped,
  }
}

function stateOf({ record, problem, revision }: WebhookFacts): WebhookView['state'] {
  if (problem !== null) return 'misconfigured'
  if (record.goneRevision === revision) return 'gone'
  if (record.failingSince !== null) return 'failing'
  return record.deliveredAt === null ? 'idle' : 'ok'
}

function iso(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString()
}
