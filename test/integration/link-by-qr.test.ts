import { afterEach, describe, expect, it } from 'vitest'
import { Stack } from '../support/stack.ts'

describe('linking by QR', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  it('is refused while nobody is allowed', async () => {
    stack = await Stack.start({ allowFrom: [] })
    expect(stack.account()).toMatchObject({
      state: 'unlinked',
      reason: { code: 'nobody_allowed' },
      linkRefusal: {
        code: 'allowlist_empty',
        action: 'Add at least one phone number to channels.whatsapp.allowFrom.',
      },
    })
    await expect(stack.accounts.link('default', { method: 'qr' })).rejects.toMatchObject({
      code: 'allowlist_empty',
    })
    expect(stack.simulator.connections).toHaveLength(0)
  })

  it.each([
    { dmPolicy: 'disabled' },
    { dmPolicy: 'closed' },
    { dmPolicy: 'disabled', groupPolicy: 'disabled' },
    { dmPolicy: 'disabled', groups: { '120363000000000001@g.us': {} }, groupPolicy: 'disabled' },
    { dmPolicy: 'disabled', groupAllowFrom: [] },
  ])('is refused with %j, whoever is on the list', async (channel) => {
    stack = await Stack.start({ channel })
    expect(stack.account()).toMatchObject({
      reason: { code: 'direct_messages_disabled' },
      linkRefusal: {
        code: 'allowlist_empty',
        action: expect.stringContaining('Set channels.whatsapp.dmPolicy'),
      },
    })
    await expect(stack.accounts.link('default', { method: 'qr' })).rejects.toMatchObject({
      code: 'allowlist_empty',
    })
  })

  it('leads from the scan to connected, with the number, over the restart that WhatsApp orders', async () => {
    stack = await Stack.start()
    expect(stack.account()).toMatchObject({
      state: 'unlinked',
      reason: { code: 'not_linked' },
      linked: false,
      linkRefusal: null,
    })
    const offer = await stack.qr()
    expect(offer).toMatchObject({ sequence: 1, remaining: 5 })
    expect(Date.parse(offer.expiresAt) - Date.now()).toBeGreaterThan(50_000)
    expect(stack.account().state).toBe('awaiting_scan')
    await stack.owner.scan(offer.qr)
    const account = await stack.untilState('connected')
    expect(account).toMatchObject({ linked: true, phoneNumber: stack.owner.phoneNumber, reason: null })
    expect(account.linkedSince).not.toBeNull()
    expect(account.health?.lastProbeAt).not.toBeNull()
    expect(account.linkRefusal?.code).toBe('already_linked')
    const states = stack.published('account.status').map(({ state }) => state)
    expect([...new Set(states)]).toEqual([
      'unlinked',
      'connecting',
      'awaiting_scan',
      'confirming',
      'connected',
    ])
    await expect(stack.accounts.link('default', { method: 'qr' })).rejects.toMatchObject({
      code: 'already_linked',
    })
  })

  it('offers six QRs, one after the other, then says that they expired; "Refresh" starts afresh', async () => {
    stack = await Stack.start({ timings: { qrTimeoutMs: 150 } })
    const first = await stack.qr()
    await stack.until('the end of the attempt', () => stack.account().reason?.code === 'link_expired')
    const offers = stack.published('account.qr')
    expect(offers.map(({ sequence, remaining }) => [sequence, remaining])).toEqual([
      [1, 5],
      [2, 4],
      [3, 3],
      [4, 2],
      [5, 1],
      [6, 0],
    ])
    expect(new Set(offers.map(({ qr }) => qr)).size).toBe(6)
    expect(stack.account().state).toBe('unlinked')
    await expect(stack.owner.scan(first.qr)).rejects.toThrow()
    const fresh = await stack.qr()
    expect(fresh.sequence).toBe(1)
    expect(fresh.qr).not.toBe(first.qr)
  })

  it('answers a second request with the live QR, and cancels', async () => {
    stack = await Stack.start()
    const first = await stack.qr()
    expect(await stack.qr()).toEqual(first)
    expect(stack.simulator.connections).toHaveLength(1)
    await stack.accounts.cancelLink('default')
    expect(stack.account()).toMatchObject({ state: 'unlinked', reason: { code: 'link_cancelled' } })
    await expect.poll(() => stack.simulator.connections).toHaveLength(0)
  })

  it('renews the pairing secret when WhatsApp asks for it, and the shown QR with it', async () => {
    stack = await Stack.start()
    const { qr } = await stack.qr()
    stack.simulator.faults.refreshRegistration()
    const renewed = await stack.untilEvent('account.qr', (offer) => offer.qr !== qr)
    expect(renewed.sequence).toBe(1)
    // The old one is dead; the new one lives as soon as WhatsApp has our answer.
    await expect
      .poll(() =>
        stack.owner.scan(renewed.qr).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    await stack.untilState('connected')
  })

  it('names a demanded passkey and leaves the way back open', async () => {
    stack = await Stack.start()
    const { qr } = await stack.qr()
    const demand = stack.simulator.faults.demandPasskey()
    stack.owner.scan(qr).catch(() => {
      // The phone never gets through; what matters is what our side shows.
    })
    const account = await stack.untilState('passkey_required')
    expect(account.reason?.action).toContain('passkey')
    demand.clear()
    await stack.link()
  })
})
