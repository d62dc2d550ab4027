import { expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { effectiveSettings } from '../../../../src/config/settings/effective-settings.ts'
import { member, setting } from '../../../../src/config/settings/setting.ts'

// One declaration is all that there is of each of these.
const declared = {
  volume: setting(z.number(), { description: 'How loud.', default: 5, example: 7 }),
  nickname: setting(z.string(), { description: 'Another name.', fallback: null, example: 'Al' }),
  hours: setting(
    z.strictObject({
      from: member(z.number(), { description: 'The first.', default: 8, example: 9 }),
      days: member(z.array(z.string()), { description: 'On these days.', default: ['mon'], example: [] }),
    }),
    { description: 'When.', example: {} },
  ),
}

it('has the declared defaults, with their types', () => {
  const effective = effectiveSettings(declared, [])
  expect(effective).toEqual({ volume: 5, nickname: null, hours: { from: 8, days: ['mon'] } })
  expectTypeOf(effective.volume).toEqualTypeOf<number>()
  expectTypeOf(effective.nickname).toEqualTypeOf<string | null>()
  expectTypeOf(effective.hours.from).toEqualTypeOf<number>()
})

it('takes the first layer that has a value; of an object each member for itself', () => {
  const own = { volume: 0, hours: { days: [] } }
  const shared = { volume: 9, nickname: '', hours: { from: 10, days: ['tue'] } }
  expect(effectiveSettings(declared, [own, shared])).toEqual({
    volume: 0,
    nickname: '',
    hours: { from: 10, days: [] },
  })
})
