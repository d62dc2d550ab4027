import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { ALICE, allowing, BOB, CAROL, ConfigPlace } from './config-place.ts'

let place: ConfigPlace
afterEach(async () => {
  await place.stop()
  vi.useRealTimers()
})

/** Changes are seen by their events alone from now on: the look once a second never comes. */
const withoutLooks = (): void => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })

/**
 * What a Kubernetes node does with a ConfigMap volume: the file is a link through `..data`, which is swapped by rename
 * for a link to a directory with the new content; the old directory is removed.
 */
class ConfigMap {
  readonly #directory: string
  #version = 0

  constructor(directory: string) {
    this.#directory = directory
  }

  mount(text: string): void {
    this.update(text)
    symlinkSync(join('..data', 'sandbox.config.json5'), join(this.#directory, 'sandbox.config.json5'))
  }

  update(text: string): void {
    const old = `..2026_11_21_${this.#version}`
    this.#version += 1
    const name = `..2026_11_21_${this.#version}`
    mkdirSync(join(this.#directory, name))
    writeFileSync(join(this.#directory, name, 'sandbox.config.json5'), text)
    symlinkSync(name, join(this.#directory, '..data_tmp'))
    renameSync(join(this.#directory, '..data_tmp'), join(this.#directory, '..data'))
    rmSync(join(this.#directory, old), { recursive: true, force: true })
  }
}

it('follows a ConfigMap through one swap after the other', async () => {
  withoutLooks()
  place = new ConfigPlace()
  const map = new ConfigMap(place.directory)
  map.mount(allowing(ALICE))
  await place.start()
  expect(place.allowed).toEqual([ALICE])
  for (const numbers of [[BOB], [BOB, CAROL], [ALICE], [], [CAROL]]) {
    const before = place.allowed
    map.update(allowing(...numbers))
    expect(place.allowed).toEqual(before)
    await place.untilAllowed(...numbers)
  }
  expect(place.rejected).toEqual([])
})

it('keeps the last valid config through a swap to a broken file, and recovers with the next', async () => {
  place = new ConfigPlace()
  const map = new ConfigMap(place.directory)
  map.mount(allowing(ALICE))
  await place.start()
  map.update('{ channels: ')
  await place.untilRejected()
  expect(place.allowed).toEqual([ALICE])
  map.update(allowing(BOB))
  await place.untilAllowed(BOB)
  expect(place.service.problems).toEqual([])
})

it('follows a link to a file elsewhere: saved in place, saved by rename, and pointed to another file', async () => {
  withoutLooks()
  place = new ConfigPlace()
  const elsewhere = join(place.root, 'dotfiles')
  mkdirSync(elsewhere)
  const target = join(elsewhere, 'sandbox.json5')
  writeFileSync(target, allowing(ALICE))
  symlinkSync(target, place.path)
  await place.start()
  expect(place.allowed).toEqual([ALICE])
  writeFileSync(target, allowing(BOB))
  await place.untilAllowed(BOB)
  writeFileSync(`${target}.new`, allowing(CAROL))
  renameSync(`${target}.new`, target)
  await place.untilAllowed(CAROL)
  writeFileSync(join(elsewhere, 'other.json5'), allowing(ALICE, BOB))
  unlinkSync(place.path)
  symlinkSync(join(elsewhere, 'other.json5'), place.path)
  await place.untilAllowed(ALICE, BOB)
})

it('keeps the last valid config while the link leads nowhere', async () => {
  place = new ConfigPlace()
  const target = join(place.root, 'target.json5')
  writeFileSync(target, allowing(ALICE))
  symlinkSync(target, place.path)
  await place.start()
  rmSync(target)
  await place.untilRejected()
  expect(place.allowed).toEqual([ALICE])
  expect(place.service.problems).toMatchObject([{ code: 'unreadable' }])
  writeFileSync(target, allowing(BOB))
  await place.untilAllowed(BOB)
})
