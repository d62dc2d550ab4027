import { beforeEach, describe, expect, it } from 'vitest'
import { DirectRoutes } from '../../../../../src/transports/linked-device/outbound/direct-routes.ts'
import { TtlCache } from '../../../../../src/transports/linked-device/signal/ttl-cache.ts'

const LID = '100200300@lid'
const NUMBER = '15550000002@s.whatsapp.net'
const PERSON = '+15550000002'
const BY_LID = { namespace: 'lid', to: LID, attributes: { peer_recipient_pn: NUMBER } }
const BY_NUMBER = { namespace: 'number', to: NUMBER, attributes: {} }
const DAY_MS = 86_400_000

describe('the address of a direct message', () => {
  let now = 0
  let lids: Map<string, string>
  let asked: string[]
  let routes: DirectRoutes
  let misses: TtlCache

  const ask = (jid: string): Promise<unknown> => {
    asked.push(jid)
    return Promise.resolve()
  }
  const open = (): void => {
    routes = new DirectRoutes({
      lids: {
        ownNumber: '15550000001',
        isChanged: () => false,
        lidOf: (number) => lids.get(number) ?? null,
        numberOf: (lid) => [...lids].find(([, each]) => each === lid)?.[0] ?? null,
      },
      namespace: new TtlCache({ limit: 10, ttlMs: DAY_MS, now: () => now }),
      misses,
    })
  }

  beforeEach(() => {
    now = 0
    asked = []
    lids = new Map([['15550000002', '100200300']])
    misses = new TtlCache({ limit: 10, ttlMs: DAY_MS, now: () => now })
    open()
  })

  it.each([
    ['the number', NUMBER, PERSON],
    ['the number, of somebody who is filed without one', NUMBER, null],
    ['the LID', LID, PERSON],
    ['the LID, of somebody who is filed without a number', LID, null],
    ['a hosted address', '100200300:99@hosted.lid', PERSON],
    ["another person's LID", '999@lid', PERSON],
  ])(
    'is the LID with the number beside it, where the chat is known by %s',
    async (_what, address, person) => {
      expect(await routes.first({ address, person }, ask)).toEqual(BY_LID)
      expect(asked).toEqual([])
    },
  )

  it('is one of all that are known, whichever goes first', () => {
    routes.took({ namespace: 'number', to: NUMBER, attributes: {} })
    expect(routes.addressesOf({ address: NUMBER, person: PERSON })).toEqual([LID, NUMBER])
    lids.clear()
    expect(routes.addressesOf({ address: NUMBER, person: PERSON })).toEqual([NUMBER])
  })

  it('is asked for where it is not known, and is the number where there is none', async () => {
    lids.clear()
    expect(await routes.first({ address: NUMBER, person: PERSON }, ask)).toEqual(BY_NUMBER)
    expect(asked).toEqual([NUMBER])
  })

  it('names no number where none is known', async () => {
    lids.clear()
    const route = await routes.first({ address: LID, person: null }, ask)
    expect(route).toEqual({ namespace: 'lid', to: LID, attributes: {} })
    expect(asked).toEqual([])
  })

  it('is the number after a 400, for a day and for everybody', async () => {
    lids.set('15550000003', '300')
    const recipient = { address: LID, person: PERSON }
    const other = await routes.other(recipient, { route: routes.preferred(recipient), error: '400' }, ask)
    expect(other).toEqual(BY_NUMBER)
    if (other !== null) routes.took(other)
    expect(routes.preferred({ address: '300@lid', person: null }).to).toBe('15550000003@s.whatsapp.net')
    now += DAY_MS
    expect(routes.preferred(recipient)).toEqual(BY_LID)
  })

  it('is the LID again as soon as WhatsApp takes one, or says that the account was migrated', () => {
    const recipient = { address: LID, person: PERSON }
    routes.took({ namespace: 'number', to: NUMBER, attributes: {} })
    expect(routes.preferred(recipient)).toEqual(BY_NUMBER)
    routes.took({ namespace: 'lid', to: LID, attributes: {} })
    expect(routes.preferred(recipient)).toEqual(BY_LID)
    routes.took({ namespace: 'number', to: NUMBER, attributes: {} })
    routes.migrated()
    expect(routes.preferred(recipient)).toEqual(BY_LID)
  })

  it('is asked for anew, whatever was remembered, when a number is refused with 463', async () => {
    const recipient = { address: NUMBER, person: PERSON }
    lids.clear()
    misses.set(NUMBER, true)
    const route = routes.preferred(recipient)
    const answer = (jid: string): Promise<unknown> => {
      lids.set('15550000002', '100200300')
      return ask(jid)
    }
    expect(await routes.other(recipient, { route, error: '463' }, answer)).toEqual(BY_LID)
    expect(asked).toEqual([NUMBER])
    expect(misses.get(NUMBER)).toBeUndefined()
  })

  it.each(['463', '475', '479', '500'])(
    'is not another one after a LID was refused with %s',
    async (error) => {
      const recipient = { address: LID, person: PERSON }
      expect(await routes.other(recipient, { route: routes.preferred(recipient), error }, ask)).toBeNull()
    },
  )
})
