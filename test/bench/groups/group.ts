import type { Bot } from '../bots/bot.ts'
import type { FigureDefinition, RoundValues } from '../report/figures.ts'
import type { Measurement } from './measurement.ts'

/** How much is measured. */
export interface Load {
  roundTrips: number
  burst: number
  edits: number
  /** How long a bot is left alone before its memory is read, milliseconds. */
  settleMs: number
  /** How long it is watched while it is idle, milliseconds. */
  idleMs: number
  /** Of the large state. */
  messages: number
  conversations: number
}

/** What a group needs to know besides whom it measures. */
export interface GroupSettings {
  /** The built daemon. */
  program: string
  /** The Node that runs what is measured; this one without it. */
  node: string | undefined
  nodeFlags: readonly string[]
  load: Load
  progress: (line: string) => void
}

/** Figures that are measured together. */
export interface Group {
  summary: string
  figures: Readonly<Record<string, FigureDefinition>>
  /** Who is measured, in turns. */
  subjects: readonly Bot['name'][]
  /** In how many rounds, unless something else is asked for. */
  rounds: number
  /** One measurement of one bot takes no longer, milliseconds: it is ended then, and what it did last is said. */
  limitMs: number
  /** Whether it belongs to the table that is measured without `--groups`. */
  isUsual: boolean
  measure: (subject: Bot['name'], settings: GroupSettings, measurement: Measurement) => Promise<RoundValues>
}
