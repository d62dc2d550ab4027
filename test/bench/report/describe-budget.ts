import type { Budget } from './budgets.ts'
import type { Figure } from './figures.ts'

/** Such as `≤ 0.6×: met`; empty without a budget. */
export function describeBudget(budget: Budget | undefined, figure: Pick<Figure, 'ours' | 'ratio'>): string {
  if (budget === undefined) return ''
  const { of, atMost, atLeast } = budget
  const limits = [
    ...(atMost === undefined ? [] : [`≤ ${atMost}`]),
    ...(atLeast === undefined ? [] : [`≥ ${atLeast}`]),
  ]
  const value = figure[of]
  const text = `${limits.join(', ')}${of === 'ratio' ? '×' : ''}`
  if (value === null) return `${text}: unknown`
  const met = value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? Number.NEGATIVE_INFINITY)
  return `${text}: ${met ? 'met' : 'not met'}`
}
