import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { afterEach, expect, it, vi } from 'vitest'
import { withoutDescriptors } from '../support/descriptor-limit.ts'
import { ALICE, allowing, BOB, ConfigPlace } from './config-place.ts'

// A save fell into a moment in which the process could open nothing. The file was called unreadable, and since it did not change
// again, whoever was removed in that save stayed allowed for good.

let place: ConfigPlace
afterEach(async () => {
  vi.useRealTimers()
  await place.stop()
})

it('a file that could not be read is taken as soon as it can be, without another save', async () => {
  place = await ConfigPlace.with(allowing(ALICE))
  // No change is young enough to be looked at a second time for that.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
  const file = openSync(place.path, 'r+')
  await withoutDescriptors(async () => {
    ftruncateSync(file)
    writeSync(file, allowing(BOB), 0)
    await place.untilRejected()
  })
  closeSync(file)
  expect(place.rejected).toMatchObject([{ code: 'unreadable' }])
  await place.untilAllowed(BOB)
  expect(place.service.problems).toEqual([])
})
