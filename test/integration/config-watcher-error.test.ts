import { once } from 'node:events'
import { FSWatcher } from 'chokidar'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { ALICE, allowing, BOB, CAROL, ConfigPlace } from './config-place.ts'

/** The real watchers that were armed, so that a test can have one fail as the kernel would. */
const armed: FSWatcher[] = []
const ready = new WeakSet<FSWatcher>()
const { add } = FSWatcher.prototype
beforeAll(() => {
  FSWatcher.prototype.add = function (this: FSWatcher, ...parameters) {
    armed.push(this)
    this.once('ready', () => ready.add(this))
    return add.apply(this, parameters)
  }
})
afterAll(() => {
  FSWatcher.prototype.add = add
})

let place: ConfigPlace
beforeEach(async () => {
  armed.length = 0
  place = await ConfigPlace.with(allowing(ALICE))
})
afterEach(() => place.stop())

function fail(code: string): void {
  armed.at(-1)?.emit('error', Object.assign(new Error(code), { code }))
}

it('keeps what is in force, and takes the next save, when its watcher fails', async () => {
  expect(armed.length).toBeGreaterThan(0)
  fail('EMFILE')
  expect(place.allowed).toEqual([ALICE])
  expect(place.service.problems).toEqual([])
  place.write(allowing(BOB))
  expect(await place.untilAllowed(BOB)).toBeLessThan(15_000)
})

it('arms its watcher again, each time it fails', async () => {
  for (const [code, number] of [
    ['ENOSPC', BOB],
    ['EMFILE', CAROL],
    ['EPERM', ALICE],
  ] as const) {
    const failed = armed.at(-1)
    fail(code)
    await expect.poll(() => armed.at(-1) === failed).toBe(false)
    expect(failed?.closed).toBe(true)
    const watcher = armed.at(-1)
    if (watcher === undefined) throw new Error('none is armed')
    await expect.poll(() => ready.has(watcher)).toBe(true)
    // It hears of the save: that is not left to the look once a second.
    const heard = once(watcher, 'all')
    place.replace(allowing(number))
    await heard
    await place.untilAllowed(number)
  }
})

it('finds saves with a watcher that has gone deaf without a word', async () => {
  await armed.at(-1)?.close()
  place.write(allowing(BOB))
  expect(await place.untilAllowed(BOB)).toBeLessThan(15_000)
  place.replace(allowing(CAROL))
  expect(await place.untilAllowed(CAROL)).toBeLessThan(15_000)
})

it('is at rest after a stop, also in the middle of a failure', async () => {
  fail('EMFILE')
  const { service } = place
  await service.stop()
  await service.stop()
  const count = armed.length
  place.write(allowing(BOB))
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  expect(service.current.accounts['default']?.access.allowFrom).toEqual([ALICE])
  expect(armed).toHaveLength(count)
})
