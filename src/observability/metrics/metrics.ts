import { LINK_METRICS, MESSAGE_METRICS, TURN_METRICS } from './account-metrics.ts'
import { AGENT_METRICS, PROCESS_METRICS } from './process-metrics.ts'
import type { Metric } from './metric.ts'

/** Every metric, by what it is about: the source of `/metrics` and of the table in `docs/operations.md`. */
export const METRICS: Readonly<Record<string, readonly Metric[]>> = {
  'The link': LINK_METRICS,
  Messages: MESSAGE_METRICS,
  'Turns and the disk': TURN_METRICS,
  Agents: AGENT_METRICS,
  'The process': PROCESS_METRICS,
}
