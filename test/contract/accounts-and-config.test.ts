import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DaemonError } from '../../src/protocol/errors.ts'
import { startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import { accountView, qrOffer } from './support/fake-ports.ts'
import type { WireClient } from './support/wire-client.ts'

describe('accounts and config', () => {
  let harness: Harness
  let client: WireClient

  beforeEach(async () => {
    harness = await startHarness()
    harness.accounts.views = [
      accountView(),
      accountView({ account: 'second', linked: true, state: 'connected', reason: null }),
    ]
    client = await harness.ready()
  })
  afterEach(() => harness.stop())

  it('lists linked and pending accounts apart', async () => {
    const result = await client.request('accounts.list')
    expect(result).toEqual({
      accounts: harness.accounts.views,
      linked: ['second'],
      pending: ['default'],
      removable: ['default'],
      total: 2,
    })
  })

  // A dashboard offered to delete what could not be deleted.
  it('lists the only account as pending, and not among those that can be removed', async () => {
    harness.accounts.views = [accountView()]
    expect(await client.request('accounts.list')).toMatchObject({ pending: ['default'], removable: [] })
  })

  it('links by QR, on the default account, unless told otherwise', async () => {
    expect(await client.request('accounts.link')).toEqual(qrOffer())
    expect(harness.accounts.calls).toEqual([
      { method: 'link', account: 'default', request: { method: 'qr', phoneNumber: undefined } },
    ])
  })

  it('links by code, and leaves the judgement of the number to the accounts', async () => {
    expect(
      await client.request('accounts.link', {
        account: 'second',
        method: 'code',
        phoneNumber: '+15555550101',
      }),
    ).toMatchObject({ account: 'second', method: 'code', code: 'ABCD1234' })
    harness.accounts.failure = new DaemonError('invalid_phone_number', { details: { reason: 'too_short' } })
    const { error } = await client.call('accounts.link', { method: 'code', phoneNumber: '12' })
    expect(error?.data).toMatchObject({ code: 'invalid_phone_number', details: { reason: 'too_short' } })
    expect(harness.accounts.calls.map(({ request }) => request?.phoneNumber)).toEqual(['+15555550101', '12'])
  })

  it.each(['cancelLink', 'reconnect', 'disconnect'])(
    'passes %s on and answers with the account',
    async (verb) => {
      expect(await client.request(`accounts.${verb}`, { account: 'second' })).toMatchObject({
        account: { account: 'second' },
      })
      expect(harness.accounts.calls).toEqual([{ method: verb, account: 'second' }])
    },
  )

  it('says whether the phone was told of a disconnect', async () => {
    expect(await client.request('accounts.disconnect')).toMatchObject({ unlinkedOnPhone: true })
  })

  it.each(['link', 'cancelLink', 'reconnect', 'disconnect'])(
    'refuses %s for an account that is not there',
    async (verb) => {
      const { error } = await client.call(`accounts.${verb}`, { account: 'third' })
      expect(error?.data).toMatchObject({ code: 'account_not_found', details: { account: 'third' } })
      expect(harness.accounts.calls).toEqual([])
    },
  )

  it('pauses an account through the config', async () => {
    expect(await client.request('accounts.setEnabled', { account: 'second', enabled: false })).toMatchObject({
      account: { account: 'second' },
      revision: 'r2',
    })
    expect(harness.config.current.accounts['second']?.enabled).toBe(false)
    expect(harness.config.current.accounts['default']?.enabled).toBe(true)
  })

  it('adds, removes and replaces allowed numbers, revision by revision', async () => {
    expect(
      await client.request('config.addAllowFrom', { allowFrom: ['+15555550102'], revision: 'r1' }),
    ).toEqual({
      revision: 'r2',
      allowFrom: ['+15555550101', '+15555550102'],
      allowFromTotal: 2,
      allowFromComplete: true,
    })
    expect(await client.request('config.removeAllowFrom', { allowFrom: ['+15555550101'] })).toMatchObject({
      allowFrom: ['+15555550102'],
    })
    expect(await client.request('config.setAllowFrom', { account: 'second', allowFrom: [] })).toMatchObject({
      allowFrom: [],
    })
    expect(harness.config.current.accounts['default']?.access.allowFrom).toEqual(['+15555550102'])
  })

  it('refuses an edit that is based on an older revision', async () => {
    const { error } = await client.call('config.setAllowFrom', { allowFrom: [], revision: 'r0' })
    expect(error?.data).toMatchObject({ code: 'config_conflict', retryable: true })
  })

  it('refuses to add nothing', async () => {
    expect((await client.call('config.addAllowFrom', { allowFrom: [] })).error?.data.code).toBe(
      'invalid_params',
    )
  })
})
