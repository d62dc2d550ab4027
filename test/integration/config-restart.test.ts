import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ALICE, allowing, BOB, ConfigPlace } from './config-place.ts'

let place: ConfigPlace
afterEach(() => place.stop())

const BROKEN = '{ channels: { whatsapp: { dmPolicy: "open", allowFrom: ["*"] '

describe('a start', () => {
  it('without a file lets nobody in, and has nothing to complain about', async () => {
    place = await ConfigPlace.with(null)
    expect(place.account).toMatchObject({
      id: 'default',
      enabled: true,
      access: { dmPolicy: 'allowlist', allowFrom: [] },
    })
    expect(place.service.problems).toEqual([])
    expect(place.service.current.daemon.listen).toEqual({ host: '127.0.0.1', port: 8765 })
  })

  it('with a broken file lets nobody in when nothing was valid before', async () => {
    place = await ConfigPlace.with(BROKEN)
    expect(place.account.access).toEqual({ dmPolicy: 'allowlist', allowFrom: [] })
    expect(place.service.problems).toMatchObject([{ code: 'syntax' }])
    place.write(allowing(ALICE))
    await place.untilAllowed(ALICE)
    expect(place.service.problems).toEqual([])
  })

  it.each([
    ['is broken', () => place.write(BROKEN)],
    ['has a bad value', () => place.write(allowing(BOB).replace('{ allow', "{ dmPolicy: 'friends', allow"))],
    ['is empty', () => place.write('')],
    ['is gone', () => rmSync(place.path)],
    [
      'is a directory',
      () => {
        rmSync(place.path)
        mkdirSync(place.path)
      },
    ],
  ])('on a file that %s takes what was valid last', async (_name, change) => {
    place = await ConfigPlace.with(allowing(ALICE))
    place.write(allowing(BOB))
    await place.untilAllowed(BOB)
    await place.restart(change)
    expect(place.allowed).toEqual([BOB])
    expect(place.service.problems).toHaveLength(1)
    await place.restart()
    expect(place.allowed).toEqual([BOB])
  })

  it('takes the file, not what was valid last, when the file is valid', async () => {
    place = await ConfigPlace.with(allowing(ALICE))
    await place.restart(() => place.write(allowing(BOB)))
    expect(place.allowed).toEqual([BOB])
    expect(place.service.problems).toEqual([])
  })

  it('keeps a copy that only this user can read, and lets nobody in when the copy is damaged too', async () => {
    place = await ConfigPlace.with(allowing(ALICE))
    const [copy] = readdirSync(place.stateDir).map((name) => join(place.stateDir, name))
    if (copy === undefined) throw new Error('no copy was kept')
    expect(statSync(copy).mode & 0o777).toBe(0o600)
    expect(readFileSync(copy, 'utf8')).toBe(allowing(ALICE))
    await place.restart(() => {
      place.write(BROKEN)
      writeFileSync(copy, BROKEN)
    })
    expect(place.account.access).toEqual({ dmPolicy: 'allowlist', allowFrom: [] })
    expect(place.service.problems).not.toEqual([])
  })

  it('with a copy of everybody let in, and a broken file, is the last valid config and no more', async () => {
    place = await ConfigPlace.with('{ channels: { whatsapp: { dmPolicy: "open", allowFrom: ["*"] } } }')
    expect(place.account.access.dmPolicy).toBe('open')
    place.write(allowing(ALICE))
    await place.untilAllowed(ALICE)
    await place.restart(() => place.write(BROKEN))
    expect(place.account.access).toEqual({ dmPolicy: 'allowlist', allowFrom: [ALICE] })
  })

  it('does not fail when the state dir cannot be written', async () => {
    place = new ConfigPlace()
    place.write(allowing(ALICE))
    chmodSync(place.stateDir, 0o500)
    rmSync(place.stateDir, { recursive: true })
    writeFileSync(place.stateDir, 'not a directory')
    await place.start()
    expect(place.allowed).toEqual([ALICE])
    place.write(allowing(BOB))
    await place.untilAllowed(BOB)
  })
})
