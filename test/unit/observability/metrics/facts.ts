import { AccountCounts, AgentCounts } from '../../../../src/observability/metrics/account-counts.ts'
import type { MetricFacts } from '../../../../src/observability/metrics/metric-facts.ts'

export const NOW = Date.UTC(2026, 0, 2)

type Account = MetricFacts['accounts'][number]

/** A connected account with nothing to do. */
export function accountFacts(overrides: Partial<Account> = {}): Account {
  return {
    account: 'default',
    directory: '/state/accounts/default',
    transport: 'linked-device',
    state: 'connected',
    reason: null,
    lastFrameAt: NOW - 1_500,
    decryptFailures: 0,
    canSend: true,
    backlog: { queued: 0, oldestQueuedAt: null, failed: 0, held: 0, openTurns: 0 },
    counts: new AccountCounts(),
    ...overrides,
  }
}

/** One such account with one agent. */
export function metricFacts(overrides: Partial<MetricFacts> = {}): MetricFacts {
  return {
    now: NOW,
    accounts: [accountFacts()],
    agents: [{ account: 'default', agent: 'ada', ok: true, counts: new AgentCounts() }],
    disks: [{ account: null, availableBytes: 5, sizeBytes: 10 }],
    process: {
      version: '1.2.3',
      webSocketClients: 2,
      config: { errors: 0, entries: 1, notices: 2, needsRestart: 0 },
      cpuSeconds: 1.5,
      startedAtSeconds: 1_700_000_000,
      residentBytes: 1_000,
      heapBytes: 500,
      loopLagSeconds: 0.001,
      loopActiveSeconds: 0.5,
    },
    ...overrides,
  }
}
