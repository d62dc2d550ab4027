import { expect, it } from 'vitest'
import { boundedTurnJson } from '../../../../src/agents/turn-json/bounded-turn-json.ts'
import { toTurnJson } from '../../../../src/agents/turn-json/turn-json.ts'
import { turnOf } from '../../../support/turn-of.ts'

const MAX_BYTES = 10_000
const history = Array.from({ length: 100 }, (_, index) => ({
  from: 'person' as const,
  text: `${index} ${'ü'.repeat(200)}`,
  at: new Date(0),
}))

it('leaves out the oldest of the history, and no more than it must', () => {
  const json = boundedTurnJson(turnOf({ text: 'hello', history }), MAX_BYTES)
  const bytes = Buffer.byteLength(JSON.stringify(json))
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES)
  expect(bytes).toBeGreaterThan(MAX_BYTES - 600)
  expect(json.history.at(-1)).toMatchObject({ text: expect.stringMatching(/^99 /) })
  expect(json.messages).toMatchObject([{ text: 'hello' }])
})

it('leaves a turn as it is that fits', () => {
  const turn = turnOf({ history: history.slice(0, 3) })
  expect(boundedTurnJson(turn, MAX_BYTES)).toEqual(toTurnJson(turn))
})

it('says so where the question alone does not fit', () => {
  expect(() => boundedTurnJson(turnOf({ text: 'x'.repeat(MAX_BYTES) }), MAX_BYTES)).toThrow(
    expect.objectContaining({ code: 'turn_too_large' }),
  )
})
