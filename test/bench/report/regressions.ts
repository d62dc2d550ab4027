import type { Figure, FigureDefinition } from './figures.ts'

/** What a figure may be worse by at any rate. */
const TOLERANCE = 0.1
/** How many times the spread is no regression. */
const SPREADS = 2

/** A figure as it was recorded: a ratio or a count, which are the same on every machine. */
export interface Recorded {
  value: number
  /** See `Figure.spread`. */
  spread: number
}

export interface Regression {
  name: string
  recorded: number
  now: number
  /** Share by which it is worse. */
  by: number
  /** The least share that counts. */
  limit: number
}

/** What is recorded of these figures. */
export function toRecord(
  definitions: Readonly<Record<string, FigureDefinition>>,
  figures: Readonly<Record<string, Figure>>,
): Record<string, Recorded> {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, figure]) => {
      const { checked } = definitions[name] ?? {}
      const value = checked === undefined ? null : figure[checked]
      return value === null || value === undefined ? [] : [[name, { value, spread: figure.spread ?? 0 }]]
    }),
  )
}

/**
 * The figures that are worse than recorded, by more than 10 % and by more than twice the recorded spread. What was zero may not be more. A
 * recorded figure that was to be measured and was not counts as infinitely worse.
 */
export function regressions(
  definitions: Readonly<Record<string, FigureDefinition>>,
  recorded: Readonly<Record<string, Recorded>>,
  figures: Readonly<Record<string, Figure>>,
): Regression[] {
  const now = toRecord(definitions, figures)
  return Object.entries(recorded).flatMap(([name, { value, spread }]) => {
    const definition = definitions[name]
    if (definition === undefined || definition.checked === undefined) return []
    const limit = Math.max(TOLERANCE, SPREADS * spread)
    const measured = now[name]?.value
    const by = measured === undefined ? Number.POSITIVE_INFINITY : worseBy(definition, value, measured)
    return by > limit ? [{ name, recorded: value, now: measured ?? Number.NaN, by, limit }] : []
  })
}

function worseBy({ worse }: FigureDefinition, before: number, after: number): number {
  const change = worse === 'less' ? before - after : after - before
  if (change <= 0) return 0
  return before === 0 ? Number.POSITIVE_INFINITY : change / before
}

/** Those of the second run that the first one had too: what only one run saw was chance. */
export function confirmed(first: readonly Regression[], second: readonly Regression[]): Regression[] {
  const before = new Set(first.map(({ name }) => name))
  return second.filter(({ name }) => before.has(name))
}
