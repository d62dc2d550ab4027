import type { AgentCounts } from './account-counts.ts'
import type { Distribution } from './distribution.ts'
import type { Metric, Sample } from './metric.ts'
import type { DiskFigures, MetricFacts, ProcessFigures } from './metric-facts.ts'

const AGENT = ['account', 'agent'] as const

const histogramOf =
  (of: (counts: AgentCounts) => Distribution) =>
  ({ agents }: MetricFacts): Sample<Distribution>[] =>
    agents.map(({ account, agent, counts }) => ({ labels: { account, agent }, value: of(counts) }))

const one =
  (value: (process: ProcessFigures) => number) =>
  (facts: MetricFacts): Sample<number>[] => [{ labels: {}, value: value(facts.process) }]

const disk =
  (value: (disk: DiskFigures) => number) =>
  ({ disks }: MetricFacts): Sample<number>[] =>
    disks.map((each) => ({ labels: { account: each.account ?? '' }, value: value(each) }))

/** How each agent is. */
export const AGENT_METRICS: readonly Metric[] = [
  {
    name: 'whatsappd_agent_up',
    type: 'gauge',
    help: '1 where the agent answered the last time, or was not asked yet; 0 where it failed, or is away',
    labels: AGENT,
    read: ({ agents }) =>
      agents.map(({ account, agent, ok }) => ({ labels: { account, agent }, value: Number(ok) })),
  },
  {
    name: 'whatsappd_agent_answer_seconds',
    type: 'histogram',
    help: 'From the question to the end of the answer, whatever became of it',
    labels: AGENT,
    read: histogramOf(({ answers }) => answers),
  },
  {
    name: 'whatsappd_agent_first_piece_seconds',
    type: 'histogram',
    help: 'From the question to the first piece of the answer',
    labels: AGENT,
    read: histogramOf(({ firstPieces }) => firstPieces),
  },
  {
    name: 'whatsappd_agent_failures_total',
    type: 'counter',
    help: 'Answers that failed, by the code of the failure',
    labels: [...AGENT, 'code'],
    read: ({ agents }) =>
      agents.flatMap(({ account, agent, counts }) =>
        counts.failures.entries().map(([code, value]) => ({ labels: { account, agent, code }, value })),
      ),
  },
]

/** The process, its disk and its config. */
export const PROCESS_METRICS: readonly Metric[] = [
  {
    name: 'whatsappd_build_info',
    type: 'gauge',
    help: '1, with the version that runs',
    labels: ['version'],
    read: ({ process }) => [{ labels: { version: process.version }, value: 1 }],
  },
  {
    name: 'whatsappd_websocket_clients',
    type: 'gauge',
    help: 'Open WebSockets of dashboards, command lines and attached programs',
    labels: [],
    read: one(({ webSocketClients }) => webSocketClients),
  },
  {
    name: 'whatsappd_config_problems',
    type: 'gauge',
    help: 'What is wrong with the config file: `error` (the file is not in force), `entry` (entries of lists that are ignored), `notice`',
    labels: ['kind'],
    read: ({ process: { config } }) => [
      { labels: { kind: 'error' }, value: config.errors },
      { labels: { kind: 'entry' }, value: config.entries },
      { labels: { kind: 'notice' }, value: config.notices },
    ],
  },
  {
    name: 'whatsappd_config_needs_restart',
    type: 'gauge',
    help: 'Settings that were changed and count from the next start',
    labels: [],
    read: one(({ config }) => config.needsRestart),
  },
  {
    name: 'whatsappd_disk_available_bytes',
    type: 'gauge',
    help: "Room on the file system of the state directory (`account` is empty) and of each account's directory",
    labels: ['account'],
    read: disk(({ availableBytes }) => availableBytes),
  },
  {
    name: 'whatsappd_disk_size_bytes',
    type: 'gauge',
    help: 'The size of these file systems',
    labels: ['account'],
    read: disk(({ sizeBytes }) => sizeBytes),
  },
  {
    name: 'whatsappd_event_loop_lag_seconds',
    type: 'gauge',
    help: 'How long a callback that was due at once had to wait, measured at the scrape',
    labels: [],
    read: one(({ loopLagSeconds }) => loopLagSeconds),
  },
  {
    name: 'whatsappd_event_loop_active_seconds_total',
    type: 'counter',
    help: 'How long the event loop was at work; its rate is the share of a processor core that is in use',
    labels: [],
    read: one(({ loopActiveSeconds }) => loopActiveSeconds),
  },
  {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'Processor time of the process, all threads',
    labels: [],
    read: one(({ cpuSeconds }) => cpuSeconds),
  },
  {
    name: 'process_start_time_seconds',
    type: 'gauge',
    help: 'When the process started, in seconds since 1970',
    labels: [],
    read: one(({ startedAtSeconds }) => startedAtSeconds),
  },
  {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    help: 'Memory of the process that is in RAM',
    labels: [],
    read: one(({ residentBytes }) => residentBytes),
  },
  {
    name: 'whatsappd_heap_used_bytes',
    type: 'gauge',
    help: 'Memory that JavaScript objects take',
    labels: [],
    read: one(({ heapBytes }) => heapBytes),
  },
]
