import { Counter, Gauge, type Metric as RegisteredMetric, Registry } from 'prom-client'
import type { Distribution } from './distribution.ts'
import type { Metric, Sample } from './metric.ts'
import type { MetricFacts } from './metric-facts.ts'
import { METRICS } from './metrics.ts'

/** Everything in Prometheus' text format. Stateless: the figures are kept where they arise. */
export function renderMetrics(facts: MetricFacts): Promise<string> {
  const registry = new Registry()
  for (const metric of Object.values(METRICS).flat()) register(registry, metric, facts)
  return registry.metrics()
}

function register(registry: Registry, metric: Metric, facts: MetricFacts): void {
  const { name, help, labels } = metric
  if (metric.type === 'histogram') {
    registry.registerMetric(histogram(metric, metric.read(facts)))
    return
  }
  const settings = { name, help, labelNames: [...labels], registers: [registry] }
  if (metric.type === 'gauge') {
    const gauge = new Gauge(settings)
    for (const sample of metric.read(facts)) gauge.set(sample.labels, sample.value)
    return
  }
  const counter = new Counter(settings)
  for (const sample of metric.read(facts)) counter.inc(sample.labels, sample.value)
}

/** The library's own histogram counts by itself; ours is counted already, and only printed by it. */
function histogram({ name, help }: Metric, samples: readonly Sample<Distribution>[]): RegisteredMetric {
  const values = samples.flatMap(({ labels, value }) => {
    const cumulative = value.cumulative()
    const count = cumulative.at(-1) ?? 0
    return [
      ...cumulative.map((below, index) => ({
        metricName: `${name}_bucket`,
        labels: { ...labels, le: value.bounds[index] ?? '+Inf' },
        value: below,
      })),
      { metricName: `${name}_sum`, labels, value: value.sum },
      { metricName: `${name}_count`, labels, value: count },
    ]
  })
  const printed = { name, help, type: 'histogram', aggregator: 'sum', values }
  // All that the registry asks of a metric.
  return { ...printed, get: () => Promise.resolve(printed) } as unknown as RegisteredMetric
}
