/** What a figure must be. `ratio` compares with the bare bot, `ours` stands alone. */
export interface Budget {
  of: 'ratio' | 'ours'
  atMost?: number
  atLeast?: number
}

/** The budget, by figure: every figure that must keep a bound has its row here, and nowhere else. */
export const BUDGETS: Readonly<Record<string, Budget>> = {
  firstQrCold: { of: 'ratio', atMost: 1 },
  firstQrWarm: { of: 'ratio', atMost: 0.65 },
  roundTripP50: { of: 'ratio', atMost: 0.65 },
  roundTripP99: { of: 'ratio', atMost: 0.55 },
  cpuPerMessage: { of: 'ratio', atMost: 0.45 },
  throughput: { of: 'ratio', atLeast: 6 },
  undecryptable: { of: 'ours', atMost: 0 },
  unanswered: { of: 'ours', atMost: 0 },
  idleMemory: { of: 'ratio', atMost: 0.6 },
  idleAnonymous: { of: 'ratio', atMost: 0.5 },
  memoryAfterLoad: { of: 'ratio', atMost: 0.25 },
  growthAfterLongLoad: { of: 'ours', atMost: 25 },
  furtherAccount: { of: 'ours', atMost: 1.5 },
  idleWakeups: { of: 'ours', atMost: 2 },
  idleSystemCalls: { of: 'ours', atMost: 5 },
  idleCpu: { of: 'ours', atMost: 20 },
  largeConnected: { of: 'ours', atMost: 1_000 },
  longestStall: { of: 'ours', atMost: 50 },
  retentionStall: { of: 'ours', atMost: 20 },
  subscribeStall: { of: 'ours', atMost: 20 },
  fleetConnected: { of: 'ours', atMost: 45 },
  allowlistEditP99: { of: 'ours', atMost: 40 },
  longAllowlistEdit: { of: 'ours', atMost: 250 },
  qrAtDashboardsP99: { of: 'ours', atMost: 60 },
  slowestSearch: { of: 'ours', atMost: 200 },
  slowestList: { of: 'ours', atMost: 50 },
  installedSize: { of: 'ours', atMost: 55 },
}
