import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { inTurns } from '../../../src/timing/in-turns.ts'

describe('a list that is gone through over several turns of the event loop', () => {
  it('is visited whole and in order, a part in each turn', async () => {
    const visited: number[] = []
    const numbers = [1, 2, 3, 4, 5, 6, 7]
    const done = inTurns(numbers, 3, (number) => visited.push(number))
    expect(visited).toEqual([1, 2, 3])
    await nextTurn()
    expect(visited).toHaveLength(6)
    await done
    expect(visited).toEqual(numbers)
  })

  it('rejects with what the visit throws', async () => {
    const fail = (): void => {
      throw new Error('no')
    }
    await expect(inTurns([1], 1, fail)).rejects.toThrow('no')
  })
})
