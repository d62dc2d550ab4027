import type { AccountCounts, AgentCounts } from './account-counts.ts'

/** What waits in an account's file. Times in milliseconds since 1970. */
export interface Backlog {
  queued: number
  /** Of what is queued. */
  oldestQueuedAt: number | null
  failed: number
  held: number
  /** Questions that are not answered yet, whether an agent has them or not. */
  openTurns: number
}

/** How an account is. */
export interface AccountFigures {
  account: string
  directory: string
  transport: string
  state: string
  /** The code of the reason. */
  reason: string | null
  /** Of the open connection; `null` without one. Milliseconds since 1970. */
  lastFrameAt: number | null
  decryptFailures: number
  /** Whether WhatsApp answered the latest message; `null` while that is not known. */
  canSend: boolean | null
  /** `null` while the account's files cannot be read. */
  backlog: Backlog | null
}

/** How an agent is. */
export interface AgentFigures {
  account: string
  agent: string
  ok: boolean
}

/** How the process is. */
export interface ProcessFigures {
  version: string
  webSocketClients: number
  config: { errors: number; entries: number; notices: number; needsRestart: number }
  /** Since the process started, in seconds. */
  cpuSeconds: number
  startedAtSeconds: number
  residentBytes: number
  heapBytes: number
  /** How long the event loop kept a callback waiting that was due at once, now. */
  loopLagSeconds: number
  /** How long the event loop has been at work since the process started. */
  loopActiveSeconds: number
}

/** Room on the file system of a directory. */
export interface DiskFigures {
  /** `null`: the state directory. */
  account: string | null
  availableBytes: number
  sizeBytes: number
}

/** Everything that a scrape shows. Ids are fit to be shown. */
export interface MetricFacts {
  /** Milliseconds since 1970. */
  now: number
  accounts: readonly (AccountFigures & { counts: AccountCounts })[]
  agents: readonly (AgentFigures & { counts: AgentCounts })[]
  disks: readonly DiskFigures[]
  process: ProcessFigures
}
