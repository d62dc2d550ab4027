import { median, spread } from './percentile.ts'

/** One line of the table. */
export interface FigureDefinition {
  label: string
  unit: string
  /**
   * What `--check` compares with what was recorded: the ratio to the bare bot, or the value itself where it is a count that is the same on
   * every machine. Without it nothing.
   */
  checked?: 'ratio' | 'ours'
  /** Which direction is a regression; `more` is one unless this says `less`. */
  worse?: 'less'
}

/** The bots of a benchmark by name, and of each what every round measured. */
export interface MeasuredRounds {
  ours: readonly RoundValues[]
  bare: readonly RoundValues[]
}

/** Of one bot in one round, by figure. What could not be measured is not in it. */
export type RoundValues = Readonly<Record<string, number>>

export interface Figure {
  /** Median of the rounds. */
  ours: number | null
  bare: number | null
  /** `ours / bare` of the medians; `null` where that says nothing. */
  ratio: number | null
  /** How far apart the rounds are: half of the range that holds their middle half, as a share of the median. Of what is checked; else of ours. */
  spread: number | null
  unit: string
}

/** Medians and spread of the rounds, by figure. */
export function summarise(
  definitions: Readonly<Record<string, FigureDefinition>>,
  rounds: MeasuredRounds,
): Record<string, Figure> {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, figureOf(name, definition, rounds)]),
  )
}

function figureOf(name: string, { unit, checked }: FigureDefinition, rounds: MeasuredRounds): Figure {
  const [ours, bare] = [valuesOf(name, rounds.ours), valuesOf(name, rounds.bare)]
  const [middle, bareMiddle] = [median(ours), median(bare)]
  // Of one round both, so that a slow moment of the machine is in both.
  const ratios = rounds.ours.flatMap((values, round) => {
    const ratio = (values[name] ?? Number.NaN) / (rounds.bare[round]?.[name] ?? Number.NaN)
    return Number.isFinite(ratio) ? [ratio] : []
  })
  return {
    ours: rounded(middle),
    bare: rounded(bareMiddle),
    ratio: bareMiddle === 0 ? null : rounded(middle / bareMiddle),
    spread: rounded(spread(checked === 'ratio' ? ratios : ours)),
    unit,
  }
}

function valuesOf(name: string, rounds: readonly RoundValues[]): number[] {
  return rounds.flatMap((round) => {
    const value = round[name]
    return value === undefined || !Number.isFinite(value) ? [] : [value]
  })
}

/** To a thousandth; `null` where nothing was measured. */
function rounded(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 1000) / 1000 : null
}
