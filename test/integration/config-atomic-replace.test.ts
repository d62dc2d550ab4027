import { afterEach, expect, it } from 'vitest'
import { ALICE, allowing, BOB, CAROL, ConfigPlace } from './config-place.ts'

let place: ConfigPlace
afterEach(() => place.stop())

it('puts every atomic replace in force, again and again', async () => {
  place = await ConfigPlace.with(allowing(ALICE))
  expect(place.allowed).toEqual([ALICE])
  for (const numbers of [[BOB], [BOB, CAROL], [], [ALICE]]) {
    const before = place.allowed
    place.replace(allowing(...numbers))
    expect(place.allowed).toEqual(before)
    await place.untilAllowed(...numbers)
  }
  expect(place.rejected).toEqual([])
  expect(place.applied.map(({ changed }) => changed)).toEqual(
    Array.from({ length: 4 }, () => ['accounts.default.allowFrom']),
  )
  expect(new Set(place.applied.map(({ config }) => config.revision)).size).toBe(4)
})

it('puts saves in place in force as well, and says nothing of a save that changes nothing', async () => {
  place = await ConfigPlace.with(allowing(ALICE))
  place.write(allowing(ALICE))
  place.write(allowing(BOB))
  await place.untilAllowed(BOB)
  place.write(allowing(BOB))
  place.replace(allowing(BOB))
  place.write(allowing(CAROL))
  await place.untilAllowed(CAROL)
  expect(place.applied).toHaveLength(2)
})

it('has most of a hundred saves in force long before it would look by itself', async () => {
  place = await ConfigPlace.with(allowing(ALICE))
  const milliseconds: number[] = []
  for (let round = 0; round < 100; round += 1) {
    const number = `+1555555${String(1000 + round)}`
    if (round % 2 === 0) place.replace(allowing(number))
    else place.write(allowing(number))
    milliseconds.push(await place.untilAllowed(number))
  }
  const median = milliseconds.toSorted((left, right) => left - right)[50]
  expect(median).toBeLessThan(800)
})

it('ends in the last state of a burst of saves, and never shows a mixture', async () => {
  place = await ConfigPlace.with(allowing(ALICE))
  for (let round = 0; round < 50; round += 1) {
    place.replace(allowing(BOB, CAROL))
    place.replace(allowing(CAROL))
  }
  await place.untilAllowed(CAROL)
  for (const { config } of place.applied) {
    expect([[BOB, CAROL], [CAROL]]).toContainEqual(config.accounts['default']?.access.allowFrom)
  }
})
