import { describe, expect, it } from 'vitest'
import { type FigureDefinition, summarise } from '../../bench/report/figures.ts'
import { confirmed, type Recorded, regressions, toRecord } from '../../bench/report/regressions.ts'

const DEFINITIONS: Record<string, FigureDefinition> = {
  roundTrip: { label: 'round trip', unit: 'ms', checked: 'ratio' },
  throughput: { label: 'throughput', unit: 'replies/s', checked: 'ratio', worse: 'less' },
  commits: { label: 'commits', unit: 'commits', checked: 'ours' },
  lost: { label: 'lost', unit: 'messages', checked: 'ours' },
  firstReply: { label: 'first reply', unit: 's' },
}

/** The names of the figures that are worse than `recorded` when this was measured now, in one round. */
function worse(
  recorded: Record<string, Recorded>,
  ours: Record<string, number>,
  bare: Record<string, number>,
) {
  const figures = summarise(DEFINITIONS, { ours: [ours], bare: [bare] })
  return regressions(DEFINITIONS, recorded, figures).map(({ name }) => name)
}

describe('a figure against what was recorded', () => {
  const recorded = { roundTrip: { value: 0.5, spread: 0.02 }, throughput: { value: 6, spread: 0.02 } }

  it('is a regression beyond ten percent', () => {
    expect(worse(recorded, { roundTrip: 5.4, throughput: 60 }, { roundTrip: 10, throughput: 10 })).toEqual([])
    expect(worse(recorded, { roundTrip: 5.6, throughput: 60 }, { roundTrip: 10, throughput: 10 })).toEqual([
      'roundTrip',
    ])
  })

  it('is a regression only beyond twice the recorded spread', () => {
    const noisy = { roundTrip: { value: 0.5, spread: 0.1 } }
    expect(worse(noisy, { roundTrip: 5.9 }, { roundTrip: 10 })).toEqual([])
    expect(worse(noisy, { roundTrip: 6.1 }, { roundTrip: 10 })).toEqual(['roundTrip'])
  })

  it('is worse when there is less of it, where less is worse', () => {
    expect(worse(recorded, { roundTrip: 5, throughput: 53 }, { roundTrip: 10, throughput: 10 })).toEqual([
      'throughput',
    ])
    expect(worse(recorded, { roundTrip: 5, throughput: 200 }, { roundTrip: 10, throughput: 10 })).toEqual([])
  })

  it('is compared by the ratio: a machine that is twice as slow is no regression', () => {
    expect(worse(recorded, { roundTrip: 10, throughput: 30 }, { roundTrip: 20, throughput: 5 })).toEqual([])
  })

  it('is compared by itself where it is a count, and what was nothing must stay nothing', () => {
    const counts = { commits: { value: 4, spread: 0 }, lost: { value: 0, spread: 0 } }
    expect(worse(counts, { commits: 4.3, lost: 0 }, {})).toEqual([])
    expect(worse(counts, { commits: 5, lost: 1 }, {})).toEqual(['commits', 'lost'])
  })

  it('that could not be measured is a regression', () => {
    expect(worse(recorded, { roundTrip: 5 }, { roundTrip: 10, throughput: 10 })).toEqual(['throughput'])
  })

  it('is none when it was never recorded, or is not to be compared', () => {
    expect(worse({}, { roundTrip: 90 }, { roundTrip: 10 })).toEqual([])
    expect(worse({ firstReply: { value: 1, spread: 0 } }, { firstReply: 90 }, {})).toEqual([])
  })
})

describe('a regression', () => {
  const regression = (name: string) => ({ name, recorded: 1, now: 2, by: 1, limit: 0.1 })

  it('fails only when a second run sees it, too', () => {
    const first = [regression('roundTrip'), regression('commits')]
    const second = [regression('commits'), regression('throughput')]
    expect(confirmed(first, second).map(({ name }) => name)).toEqual(['commits'])
  })
})

describe('what is recorded', () => {
  it('is the median of the rounds, and how far the middle half of them is from it', () => {
    const ours = [8, 9, 10, 11, 20].map((roundTrip) => ({ roundTrip, firstReply: 1 }))
    const bare = Array.from({ length: 5 }, () => ({ roundTrip: 10 }))
    const figures = summarise(DEFINITIONS, { ours, bare })
    expect(toRecord(DEFINITIONS, figures)).toEqual({ roundTrip: { value: 1, spread: 0.1 } })
  })

  it('has ratios of both bots in the same round, whichever rounds failed', () => {
    const ours = [{}, { roundTrip: 5 }, { roundTrip: 50 }, { roundTrip: 20 }]
    const bare = [{}, { roundTrip: 10 }, { roundTrip: 100 }, { roundTrip: 40 }]
    expect(summarise(DEFINITIONS, { ours, bare })['roundTrip']?.spread).toBe(0)
  })
})
