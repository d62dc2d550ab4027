import { statfs } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Counts } from './account-counts.ts'
import type {
  AccountFigures,
  AgentFigures,
  DiskFigures,
  MetricFacts,
  ProcessFigures,
} from './metric-facts.ts'
import { shownId } from './shown-id.ts'

/** Where the figures are; each is asked at a scrape alone. */
export interface MetricsSources {
  counts: Counts
  accounts: () => readonly AccountFigures[]
  agents: () => readonly AgentFigures[]
  process: () => Pick<ProcessFigures, 'webSocketClients' | 'config'>
  stateDirectory: string
  version: string
  /** Milliseconds since 1970. */
  now: () => number
}

/**
 * What `/metrics` shows. Nothing is measured between two scrapes but by plain increments where things happen, and no timer runs; what
 * renders is loaded with the first scrape.
 */
export class MetricsPage {
  readonly #sources: MetricsSources
  #rendering: Promise<string> | null = null

  constructor(sources: MetricsSources) {
    this.#sources = sources
  }

  /** In Prometheus' text format. Scrapes at the same time share one answer. */
  read(): Promise<string> {
    this.#rendering ??= this.#render().finally(() => (this.#rendering = null))
    return this.#rendering
  }

  async #render(): Promise<string> {
    const { renderMetrics } = await import('./render-metrics.ts')
    const loopLagSeconds = await loopLag()
    const { accounts: figures, agents: listed, counts, stateDirectory, now } = this.#sources
    const accounts = figures()
    const agents = listed()
    keepOnly(counts, accounts, agents)
    const shown = new Map(
      accounts.map(({ account }, index) => [account, shownId(account, 'account', index + 1)]),
    )
    const nameOf = (account: string): string => shown.get(account) ?? 'account-0'
    const directories = [
      { account: null, directory: stateDirectory },
      ...accounts.map(({ account, directory }) => ({ account: nameOf(account), directory })),
    ]
    const facts: MetricFacts = {
      now: now(),
      accounts: accounts.map((each) => ({
        ...each,
        account: nameOf(each.account),
        counts: counts.of(each.account),
      })),
      agents: agents.map((each, index) => ({
        ...each,
        account: nameOf(each.account),
        agent: shownId(each.agent, 'agent', index + 1),
        counts: counts.of(each.account).agent(each.agent),
      })),
      disks: (await Promise.all(directories.map(roomIn))).flat(),
      process: { ...this.#process(), loopLagSeconds },
    }
    return renderMetrics(facts)
  }

  #process(): Omit<ProcessFigures, 'loopLagSeconds'> {
    const { user, system } = process.cpuUsage()
    const { rss, heapUsed } = process.memoryUsage()
    return {
      ...this.#sources.process(),
      version: this.#sources.version,
      cpuSeconds: (user + system) / 1e6,
      startedAtSeconds: performance.timeOrigin / 1_000,
      residentBytes: rss,
      heapBytes: heapUsed,
      loopActiveSeconds: performance.eventLoopUtilization().active / 1_000,
    }
  }
}

/** What an account or agent did that the config does not name any more is forgotten. */
function keepOnly(
  counts: Counts,
  accounts: readonly AccountFigures[],
  agents: readonly AgentFigures[],
): void {
  counts.keep(new Set(accounts.map(({ account }) => account)))
  for (const { account } of accounts) {
    const ids = agents.filter((each) => each.account === account).map(({ agent }) => agent)
    counts.of(account).keepAgents(new Set(ids))
  }
}

/** How long something that is due at once waits, in seconds. */
async function loopLag(): Promise<number> {
  const began = performance.now()
  await nextTurn()
  return (performance.now() - began) / 1_000
}

/** None where the directory cannot be read: the account says so itself. */
async function roomIn({
  account,
  directory,
}: {
  account: string | null
  directory: string
}): Promise<DiskFigures[]> {
  try {
    const { bavail, blocks, bsize } = await statfs(directory)
    return [{ account, availableBytes: bavail * bsize, sizeBytes: blocks * bsize }]
  } catch {
    return []
  }
}
