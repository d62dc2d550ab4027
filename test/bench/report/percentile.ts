/** The value below which this share (0 to 1) of the samples lies, by the nearest rank; `NaN` without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const rank = Math.max(1, Math.ceil(share * sorted.length))
  return sorted[rank - 1] ?? Number.NaN
}

/** The middle one; of an even number, the mean of the two in the middle. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN
  return (lower + upper) / 2
}

/** Half of the range that holds the middle half of the samples, as a share of their median; `NaN` of less than two. */
export function spread(samples: readonly number[]): number {
  const middle = median(samples)
  if (samples.length < 2) return Number.NaN
  if (middle === 0) return 0
  return (percentile(samples, 0.75) - percentile(samples, 0.25)) / 2 / Math.abs(middle)
}
