import { afterEach, expect, it } from 'vitest'
import { DaemonError } from '../../src/protocol/errors.ts'
import { ALICE, allowing, BOB, CAROL, ConfigPlace } from './config-place.ts'

/** One slip in a number kept the whole file out of force. It is now a problem of that number alone. */

let place: ConfigPlace
afterEach(() => place.stop())

const placesOf = (): string[] | undefined =>
  place.service.current.badEntries?.problems.map(
    ({ code, path, line, column }) => `${code} ${path} ${line}:${column}`,
  )

it('a save with a bad entry is in force without it, and names its place', async () => {
  place = await ConfigPlace.with(allowing(ALICE))
  place.replace(
    `{\n  channels: { whatsapp: { allowFrom: [\n    '${BOB}',\n    '+1 555',\n    [7],\n  ] } },\n}\n`,
  )
  await place.untilAllowed(BOB)
  expect(placesOf()).toEqual([
    'too_short channels.whatsapp.allowFrom[1] 4:5',
    'wrong_type channels.whatsapp.allowFrom[2] 5:5',
  ])
  expect(place.service.problems).toEqual([])
  expect(place.rejected).toEqual([])
  expect(place.applied).toHaveLength(1)
})

it('it is the same after a restart, also behind a file that is broken by then', async () => {
  const text = allowing(BOB, '12')
  place = await ConfigPlace.with(text)
  expect(placesOf()).toHaveLength(1)
  await place.restart()
  expect(place.allowed).toEqual([BOB])
  await place.restart(() => place.write('{'))
  expect(place.allowed).toEqual([BOB])
  expect(place.service.problems).toHaveLength(1)
})

it('a slip in what is forbidden, or in a policy, keeps the last valid file in force', async () => {
  place = await ConfigPlace.with(allowing(ALICE))
  place.replace(
    `{ channels: { whatsapp: { allowFrom: ['${BOB}', '12'] } }, whatsappd: { auth: { revoked: [7] } } }`,
  )
  await place.untilRejected()
  expect(place.allowed).toEqual([ALICE])
  expect(place.service.problems.map(({ path }) => path)).toEqual([
    'whatsappd.auth.revoked[0]',
    'channels.whatsapp.allowFrom[1]',
  ])
})

it('a dashboard goes on editing beside it, adds none, and takes it out with the list', async () => {
  place = await ConfigPlace.with(allowing(BOB, '12'))
  const added = await place.service.addAllowFrom([CAROL])
  expect(added.allowFrom).toEqual([BOB, CAROL])
  expect(place.text).toContain('"12"')
  const refused = place.service.update([{ path: ['groupAllowFrom'], value: [BOB, 'The family'] }])
  await expect(refused).rejects.toMatchObject({ code: 'config_invalid' })
  await expect(place.service.update([{ path: ['groups', 'family'], value: {} }])).rejects.toBeInstanceOf(
    DaemonError,
  )
  await expect(place.service.addAllowFrom(['12'])).rejects.toMatchObject({ code: 'invalid_phone_number' })
  await place.service.setAllowFrom([BOB, CAROL])
  expect(place.text).not.toContain('12"]')
  expect(placesOf()).toBeUndefined()
})
