import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { ALICE, allowing, BOB, ConfigPlace } from './config-place.ts'

let place: ConfigPlace
afterEach(() => place.stop())

const UNREADABLE = { code: 'unreadable', path: '', line: null, column: null }

it('keeps the last valid config while the file is gone, and takes the new one', async () => {
  place = await ConfigPlace.with(allowing(ALICE))
  for (const [present, next] of [
    [ALICE, BOB],
    [BOB, ALICE],
  ] as const) {
    expect(place.allowed).toEqual([present])
    const reported = place.rejected.length
    rmSync(place.path)
    await place.untilRejected(reported + 1)
    expect(place.allowed).toEqual([present])
    expect(place.service.problems).toMatchObject([UNREADABLE])
    place.write(allowing(next))
    await place.untilAllowed(next)
    expect(place.service.problems).toEqual([])
  }
  expect(place.rejected).toHaveLength(2)
})

it('clears the problem when the same file comes back', async () => {
  place = await ConfigPlace.with(allowing(ALICE))
  renameSync(place.path, `${place.path}~`)
  await place.untilRejected()
  renameSync(`${place.path}~`, place.path)
  await place.until('no problems', () => place.service.problems.length === 0)
  expect(place.allowed).toEqual([ALICE])
})

it('survives delete and recreate at once, as some editors save', async () => {
  place = await ConfigPlace.with(allowing(ALICE))
  for (const number of [BOB, ALICE, BOB]) {
    rmSync(place.path)
    place.write(allowing(number))
    await place.untilAllowed(number)
  }
  expect(place.service.problems).toEqual([])
})

it('survives that its whole directory is removed and made again, twice', async () => {
  place = await ConfigPlace.with(allowing(ALICE))
  for (const [round, number] of [BOB, ALICE].entries()) {
    const present = [...place.allowed]
    rmSync(place.directory, { recursive: true })
    await place.untilRejected(round + 1)
    expect(place.allowed).toEqual(present)
    mkdirSync(place.directory)
    place.write(allowing(number))
    await place.untilAllowed(number)
  }
  // Events work again, not only the look once a second, after which the next one would come a second later.
  const milliseconds: number[] = []
  for (const number of [BOB, ALICE, BOB, ALICE]) {
    place.write(allowing(number))
    milliseconds.push(await place.untilAllowed(number))
  }
  expect(Math.min(...milliseconds.slice(1))).toBeLessThan(800)
})

it('survives that another directory takes the place of its own', async () => {
  place = await ConfigPlace.with(allowing(ALICE))
  mkdirSync(`${place.directory}.new`)
  renameSync(place.directory, `${place.directory}.old`)
  renameSync(`${place.directory}.new`, place.directory)
  place.write(allowing(BOB))
  await place.untilAllowed(BOB)
  place.replace(allowing(ALICE))
  await place.untilAllowed(ALICE)
})

it('keeps the last valid config while a directory stands where the file should', async () => {
  place = await ConfigPlace.with(allowing(ALICE))
  rmSync(place.path)
  mkdirSync(place.path)
  await place.untilRejected()
  expect(place.allowed).toEqual([ALICE])
  expect(place.service.problems).toMatchObject([UNREADABLE])
  rmSync(place.path, { recursive: true })
  place.write(allowing(BOB))
  await place.untilAllowed(BOB)
})

it('finds a file that did not exist at the start, also when its directory did not', async () => {
  place = new ConfigPlace()
  rmSync(place.directory, { recursive: true })
  await place.start()
  expect(place.allowed).toEqual([])
  expect(place.service.problems).toEqual([])
  mkdirSync(place.directory)
  place.write(allowing(ALICE))
  await place.untilAllowed(ALICE)
})
