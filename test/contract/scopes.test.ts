import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { METHODS, METHOD_NAMES } from '../../src/protocol/methods.ts'
import { SCOPES } from '../../src/protocol/tokens/scopes.ts'
import { startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import { QR, accountView, qrOffer } from './support/fake-ports.ts'

describe('scopes', () => {
  let harness: Harness

  beforeEach(async () => {
    harness = await startHarness()
  })
  afterEach(() => harness.stop())

  it.each(METHOD_NAMES.filter((name) => METHODS[name].scope !== null))(
    '%s needs its scope and no other',
    async (name) => {
      const needed = METHODS[name].scope
      const others = await harness.ready(`scoped:${SCOPES.filter((scope) => scope !== needed).join(',')}`)
      const refused = await others.call(name)
      expect(refused.error?.data).toMatchObject({ code: 'forbidden', details: { scope: needed } })
      const holder = await harness.ready(`scoped:${needed}`)
      expect((await holder.call(name)).error?.data.code).not.toBe('forbidden')
    },
  )

  it('refuses before it looks at the parameters', async () => {
    const reader = await harness.ready('scoped:read')
    expect((await reader.call('config.addAllowFrom', { nonsense: 1 })).error?.data.code).toBe('forbidden')
  })

  it('shows QR codes and pairing codes only to scope link, as events and in the snapshot', async () => {
    harness.accounts.liveOffers = [qrOffer()]
    const reader = await harness.ready('scoped:read,config,send,agent')
    const linker = await harness.ready('scoped:link')
    const atReader = await reader.request('session.subscribe')
    const atLinker = await linker.request('session.subscribe')
    expect(atReader['snapshot']).toMatchObject({ offers: [] })
    expect(atLinker['snapshot']).toMatchObject({
      offers: [qrOffer()],
      accounts: [],
      config: null,
      blocked: [],
    })

    harness.hub.publish('account.qr', qrOffer({ sequence: 2 }))
    harness.hub.publish('account.linkCode', {
      account: 'default',
      method: 'code',
      code: 'ABCD1234',
      phoneNumber: '+15555550101',
      expiresAt: '2026-01-02T03:05:05.000Z',
    })
    harness.hub.publish('account.status', accountView())
    expect((await linker.event('account.qr')).params).toMatchObject({ eventId: null, qr: QR, sequence: 2 })
    await linker.event('account.linkCode')
    await reader.event('account.status')
    expect(reader.events.map((event) => event.method)).toEqual(['account.status'])
    expect(linker.events.map((event) => event.method)).toEqual(['account.qr', 'account.linkCode'])
    expect(JSON.stringify(reader.frames)).not.toMatch(/secret-adv|ABCD1234/)
  })
})
