import { describe, expect, it } from 'vitest'
import type { Group, GroupSettings } from '../../bench/groups/group.ts'
import { runGroups } from '../../bench/groups/run-groups.ts'

const SETTINGS: GroupSettings = {
  program: 'dist/main.js',
  node: undefined,
  nodeFlags: [],
  load: { roundTrips: 1, burst: 1, edits: 1, settleMs: 0, idleMs: 0, messages: 1, conversations: 1 },
  progress: () => undefined,
}
const EVERYTHING = { rounds: undefined, only: undefined }

function group(measure: Group['measure'], o: Partial<Group> = {}): Group {
  const figures = { figure: { label: 'figure', unit: 'ms' } }
  return {
    summary: '',
    figures,
    subjects: ['ours', 'bare'],
    rounds: 2,
    limitMs: 60_000,
    isUsual: true,
    measure,
    ...o,
  }
}

describe('the groups of a benchmark', () => {
  it('measure both bots in each round, the other one first in every second round', async () => {
    const turns: string[] = []
    const measured = group(async (subject) => {
      turns.push(subject)
      return { figure: turns.length }
    })
    const { rounds, failures } = await runGroups({ measured }, EVERYTHING, SETTINGS)
    expect(turns).toEqual(['ours', 'bare', 'bare', 'ours'])
    expect(rounds).toEqual({ ours: [{ figure: 1 }, { figure: 4 }], bare: [{ figure: 2 }, { figure: 3 }] })
    expect(failures).toEqual([])
  })

  it('put the figures of one round side by side', async () => {
    const one = group(async () => ({ one: 1 }), { subjects: ['ours'], rounds: 1 })
    const two = group(async () => ({ two: 2 }), { subjects: ['ours'], rounds: 1 })
    const { rounds } = await runGroups({ one, two }, EVERYTHING, SETTINGS)
    expect(rounds.ours).toEqual([{ one: 1, two: 2 }])
  })

  it('end a step that hangs, stop what it started, name it, and go on', async () => {
    const stopped: string[] = []
    const hangs = group(
      async (_, __, measurement) => {
        measurement.own({ stop: () => void stopped.push('first') })
        measurement.own({ stop: () => void stopped.push('second') })
        return await measurement.step('the answer that never comes', new Promise<never>(() => undefined))
      },
      { subjects: ['ours'], rounds: 1, limitMs: 1 },
    )
    const goesOn = group(async () => ({ figure: 7 }), { subjects: ['ours'], rounds: 1 })
    const { rounds, failures } = await runGroups({ hangs, goesOn }, EVERYTHING, SETTINGS)
    expect(failures).toEqual([
      'hangs, round 1 of 1, ours: hangs, round 1 of 1, ours took longer than 1 ms: it was at "the answer that never comes";',
    ])
    expect(stopped).toEqual(['second', 'first'])
    expect(rounds.ours).toEqual([{ figure: 7 }])
  })

  it('say which step took too long', async () => {
    const hangs = group(
      (_, __, measurement) => measurement.step('linking', new Promise<never>(() => undefined), 1),
      { subjects: ['ours'], rounds: 1 },
    )
    const { failures } = await runGroups({ hangs }, EVERYTHING, SETTINGS)
    expect(failures).toEqual(['hangs, round 1 of 1, ours: linking took longer than 1 ms'])
  })

  it('leave out the rounds that failed', async () => {
    let round = 0
    const fails = group(
      async () => {
        round += 1
        if (round === 1) throw new Error('no luck')
        return { figure: round }
      },
      { subjects: ['ours'] },
    )
    const { rounds, failures } = await runGroups({ fails }, EVERYTHING, SETTINGS)
    expect(rounds.ours).toEqual([{}, { figure: 2 }])
    expect(failures).toEqual(['fails, round 1 of 2, ours: no luck'])
  })
})
