import type { RoundFigures } from './measure-round.ts'
import { median, percentile } from './percentile.ts'

/** The figures of the benchmark, in the order in which they are shown. */
export const FIGURES = {
  idleMemory: {
    label: 'resident memory, idle',
    unit: 'MiB',
    read: (round) => round.idleMemoryMib,
    budget: { of: 'ratio', atMost: 0.6 },
  },
  firstQr: {
    label: 'spawn to first QR',
    unit: 'ms',
    read: (round) => round.firstQrMs,
    budget: { of: 'ratio', atMost: 0.5 },
  },
  roundTripP50: {
    label: 'round trip, median',
    unit: 'ms',
    read: (round) => percentile(round.roundTripsMs, 0.5),
    budget: { of: 'ratio', atMost: 0.5 },
  },
  roundTripP99: {
    label: 'round trip, p99',
    unit: 'ms',
    read: (round) => percentile(round.roundTripsMs, 0.99),
    budget: { of: 'ratio', atMost: 0.5 },
  },
  throughput: {
    label: 'throughput of the burst',
    unit: 'replies/s',
    read: ({ burst }) => burst.arrived / burst.seconds,
    budget: { of: 'ratio', atLeast: 4 },
  },
  undecryptable: {
    label: 'burst: replies the peer could not decrypt',
    unit: 'replies',
    read: ({ burst }) => burst.undecryptable,
    budget: { of: 'ours', atMost: 0 },
  },
  cpuPerMessage: {
    label: 'CPU per message, both loads',
    unit: 'ms',
    read: (round) => round.cpuPerMessageMs,
    budget: { of: 'ratio', atMost: 0.45 },
  },
  allowlistEditP50: {
    label: 'allowlist edit in force, median',
    unit: 'ms',
    read: (round) => percentile(round.editsMs, 0.5),
  },
  allowlistEditP99: {
    label: 'allowlist edit in force, p99',
    unit: 'ms',
    read: (round) => percentile(round.editsMs, 0.99),
    budget: { of: 'ours', atMost: 250 },
  },
} as const satisfies Record<string, FigureDefinition>

/** Shown in the table only. */
export const FURTHER_FIGURES = {
  memoryAfterBurst: {
    label: 'resident memory, 2 s after the burst',
    unit: 'MiB',
    read: (round) => round.memoryAfterBurstMib,
    budget: { of: 'ratio', atMost: 0.4 },
  },
  cpuPerRoundTrip: {
    label: 'CPU per message, one at a time',
    unit: 'ms',
    read: (round) => round.cpuPerRoundTripMs,
  },
  unreadable: {
    label: 'burst: messages without a readable reply',
    unit: 'messages',
    read: ({ burst }) => burst.unreadable,
  },
  firstReply: {
    label: 'burst: until the first reply',
    unit: 's',
    read: ({ burst }) => burst.firstReplySeconds,
  },
  unanswered: { label: 'round trips without a reply', unit: 'messages', read: (round) => round.unanswered },
  simulatorLoad: {
    label: "simulator's share of a core in the burst",
    unit: 'cores',
    read: ({ burst }) => burst.simulatorLoad,
  },
} as const satisfies Record<string, FigureDefinition>

export interface FigureDefinition {
  label: string
  unit: string
  read: (round: RoundFigures) => number
  /** What the design allows. */
  budget?: Budget
}

export interface Budget {
  /** `ratio` compares with the bare bot, `ours` stands alone. */
  of: 'ratio' | 'ours'
  atMost?: number
  atLeast?: number
}

export interface Figure {
  ours: number | null
  bare: number | null
  /** `ours / bare`; `null` where that says nothing. */
  ratio: number | null
  unit: string
}

export interface MeasuredRounds {
  ours: readonly RoundFigures[]
  bare: readonly RoundFigures[]
}

/** The medians of the rounds. */
export function summarise<Name extends string>(
  definitions: Record<Name, FigureDefinition>,
  rounds: MeasuredRounds,
): Record<Name, Figure> {
  const entries = Object.entries<FigureDefinition>(definitions).map(([name, { unit, read }]) => {
    const ours = middle(rounds.ours, read)
    const bare = middle(rounds.bare, read)
    const ratio = ours === null || bare === null || bare === 0 ? null : rounded(ours / bare)
    return [name, { ours, bare, ratio, unit }]
  })
  // Built from the entries of a record with these names.
  return Object.fromEntries(entries) as Record<Name, Figure>
}

function middle(rounds: readonly RoundFigures[], read: FigureDefinition['read']): number | null {
  const value = median(rounds.map(read))
  return Number.isFinite(value) ? rounded(value) : null
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
