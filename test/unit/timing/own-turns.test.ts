import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { OwnTurns } from '../../../src/timing/own-turns.ts'

describe('turns of the event loop for work of several callers', () => {
  it('are one for each of them, in order, with others in between', async () => {
    const turns = new OwnTurns()
    const seen: string[] = []
    const work = ['first', 'second', 'third'].map((name) => turns.next().then(() => void seen.push(name)))
    const counts = [seen.length]
    while (seen.length < work.length) {
      await nextTurn()
      if (seen.length !== counts.at(-1)) counts.push(seen.length)
    }
    expect(counts).toEqual([0, 1, 2, 3])
    await Promise.all(work)
    expect(seen).toEqual(['first', 'second', 'third'])
  })

  it('are not those of a caller whose work fails', async () => {
    const turns = new OwnTurns()
    const failed = turns.next().then(() => {
      throw new Error('no')
    })
    const next = turns.next()
    await expect(failed).rejects.toThrow('no')
    await expect(next).resolves.toBeUndefined()
  })
})
