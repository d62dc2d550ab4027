import { afterEach, describe, expect, it } from 'vitest'
import { NUMBERS_OF_COUNTRIES } from '../support/numbers-of-countries.ts'
import { Stack } from '../support/stack.ts'
import { ALICE, ConfigPlace } from './config-place.ts'

/** Notations by column: each file and each request has every country in one of them. */
const COLUMNS = Array.from({ length: 13 }, (_, column) =>
  NUMBERS_OF_COUNTRIES.map(({ reported, written }) => ({ reported, written: written[column] ?? reported })),
)
const REPORTED = NUMBERS_OF_COUNTRIES.map(({ reported }) => reported)

describe('a number of any country, in any notation', () => {
  let place: ConfigPlace
  afterEach(() => place.stop())

  it.each([...COLUMNS.entries()])('%i: is read from every list of the file', async (_column, numbers) => {
    const list = numbers.map(({ written }) => written)
    const whatsapp = {
      allowFrom: list,
      groupAllowFrom: list,
      senders: Object.fromEntries(list.map((written) => [written, { name: 'A' }])),
    }
    place = await ConfigPlace.with(JSON.stringify({ channels: { whatsapp } }))
    const { access, groupAccess, senders } = place.account
    expect(access.allowFrom).toEqual(REPORTED)
    expect(groupAccess.groupAllowFrom).toEqual(REPORTED)
    expect(Object.keys(senders)).toEqual(REPORTED)
    expect(place.service.current.badEntries).toBeUndefined()
  })

  it.each([...COLUMNS.entries()])(
    '%i: is added, set and removed by a dashboard',
    async (_column, numbers) => {
      place = await ConfigPlace.with(JSON.stringify({ channels: { whatsapp: { allowFrom: [ALICE] } } }))
      const list = numbers.map(({ written }) => written)
      expect((await place.service.addAllowFrom(list)).allowFrom).toEqual([ALICE, ...REPORTED])
      expect((await place.service.removeAllowFrom(list)).allowFrom).toEqual([ALICE])
      expect((await place.service.setAllowFrom(list)).allowFrom).toEqual(REPORTED)
      const changes = [
        { path: ['groupAllowFrom'], value: list },
        ...list.slice(0, 3).map((written) => ({ path: ['senders', written, 'name'], value: 'A' })),
      ]
      await place.service.update(changes)
      expect(place.account.groupAccess.groupAllowFrom).toEqual(REPORTED)
      expect(Object.keys(place.account.senders)).toEqual(REPORTED.slice(0, 3))
    },
  )

  it('is removed with its other form', async () => {
    const whatsapp = { allowFrom: [ALICE, '+525512345678', '+52 1 55 1234 5678', '+551187654321'] }
    place = await ConfigPlace.with(JSON.stringify({ channels: { whatsapp } }))
    expect((await place.service.removeAllowFrom(['+52 55 1234 5678'])).allowFrom).toEqual([
      ALICE,
      '+551187654321',
    ])
    expect((await place.service.removeAllowFrom(['+55 11 98765-4321'])).allowFrom).toEqual([ALICE])
  })

  it.each(['+1 555', '+15555550101123456', '+999 555 0100', '0555 0101', 'alice'])(
    'is none when it is %s, and the error says why',
    async (typed) => {
      place = await ConfigPlace.with(JSON.stringify({ channels: { whatsapp: { allowFrom: [ALICE] } } }))
      await expect(place.service.addAllowFrom([typed])).rejects.toMatchObject({
        code: 'invalid_phone_number',
      })
      expect(place.allowed).toEqual([ALICE])
    },
  )
})

it.each([
  ['+52 1 55 1234 5678', '+5215512345678'],
  ['00229 61 23 45 67', '+22961234567'],
  ['+٢٢٥ ٠٧ ١٢ ٣٤ ٥٦', '+22507123456'],
])('links the phone with the number %s by a code', async (typed, phoneNumber) => {
  const stack = await Stack.start({
    prepare: ({ simulator }) => simulator.createPhone({ phoneNumber, name: 'Owner' }),
  })
  try {
    const offer = await stack.accounts.link('default', { method: 'code', phoneNumber: typed })
    if (offer.method !== 'code') throw new Error('no code')
    expect(offer.phoneNumber).toBe(phoneNumber)
    // WhatsApp hears of the code a moment after we do.
    await expect.poll(() => stack.phone(phoneNumber).isAskedForCode).toBe(true)
    await stack.phone(phoneNumber).enterCode(offer.code)
    await stack.untilState('connected')
    expect(stack.accounts.list()).toMatchObject([{ phoneNumber }])
  } finally {
    await stack.stop()
  }
})
