import type { Distribution } from './distribution.ts'
import type { MetricFacts } from './metric-facts.ts'

export interface Sample<Value> {
  /** By the names of `labels`, all of them. */
  labels: Readonly<Record<string, string>>
  value: Value
}

interface Declared {
  /** As Prometheus names it. */
  name: string
  /** One sentence, without its full stop. */
  help: string
  labels: readonly string[]
}

/** One metric: its declaration, from which the documents are made, and where its samples come from. */
export type Metric = Declared &
  (
    | { type: 'gauge' | 'counter'; read: (facts: MetricFacts) => readonly Sample<number>[] }
    | { type: 'histogram'; read: (facts: MetricFacts) => readonly Sample<Distribution>[] }
  )
