import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { METHODS, METHOD_NAMES } from '../../src/protocol/methods.ts'
import { SCOPES } from '../../src/protocol/tokens/scopes.ts'
import { startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import { QR, accountView, qrOffer } from './support/fake-ports.ts'

const LATER = '2026-01-02T03:05:05.000Z'

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

  it('shows a passkey ceremony only to scope link: as event, in the snapshot, and in every account', async () => {
    const passkey = {
      step: 'code',
      ceremonyId: 'secret-ceremony',
      expiresAt: LATER,
      code: 'ZDETSM4S',
    } as const
    const options = { challenge: 'c'.repeat(2_000), rpId: 'whatsapp.com', unknown: [{ deep: true }] }
    const challenge = { account: 'default', ...passkey, step: 'challenge', options } as const
    harness.accounts.views = [accountView({ state: 'passkey_required', passkey })]
    harness.accounts.livePasskeys = [challenge]
    const reader = await harness.ready('scoped:read,config,send,agent')
    const linker = await harness.ready('scoped:read,link')
    expect((await reader.request('session.subscribe'))['snapshot']).toMatchObject({ passkeys: [] })
    expect((await linker.request('session.subscribe'))['snapshot']).toMatchObject({
      passkeys: [challenge],
      accounts: [{ passkey }],
    })
    await reader.request('accounts.list')
    expect(await linker.request('accounts.list')).toMatchObject({ accounts: [{ passkey }] })
    expect(await linker.request('accounts.passkey.get')).toEqual({ passkey: challenge })

    harness.hub.publish('account.passkey', challenge)
    harness.hub.publish('account.status', accountView({ state: 'passkey_required', passkey }))
    // Not a text of it is cut, or the browser would sign something else.
    expect((await linker.event('account.passkey')).params).toMatchObject({ eventId: null, options })
    expect((await linker.event('account.status')).params).toMatchObject({ passkey })
    expect((await reader.event('account.status')).params).toMatchObject({ state: 'passkey_required' })

    const late = await harness.ready('scoped:read,link')
    await late.request('session.subscribe', { since: 0 })
    expect((await late.event('account.status')).params).not.toHaveProperty('passkey')
    const shown = JSON.stringify([reader.frames, late.events])
    expect(shown).not.toMatch(/secret-ceremony|ZDETSM4S|cccc/)
  })
})
