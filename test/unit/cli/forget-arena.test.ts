import { expect, it } from 'vitest'
import { forgetArena } from '../../../src/cli/forget-arena.ts'

it('takes out what the first lines of the program have set', () => {
  const env = { MALLOC_ARENA_MAX: '1', WHATSAPPD_SET_ARENA: '1', HOME: '/home/ann' }
  forgetArena(env)
  expect(env).toEqual({ HOME: '/home/ann' })
})

it("leaves the person's own setting", () => {
  const env = { MALLOC_ARENA_MAX: '4' }
  forgetArena(env)
  expect(env).toEqual({ MALLOC_ARENA_MAX: '4' })
})
