import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { BusinessStep } from '../../../src/protocol/account/business.ts'
import type { BusinessConnection } from '../../../src/protocol/account/business.ts'
import type { NumberOptions } from '../../../src/simulator/business/management/onboarding.ts'
import type { Operation } from '../../../src/simulator/business/faults/business-faults.ts'
import { BusinessDaemon } from '../../support/business-daemon.ts'

let daemon: BusinessDaemon
afterEach(() => daemon.stop())

/** The config knows the server and nothing of the number. */
const NOTHING = {
  phoneNumberId: undefined,
  businessAccountId: undefined,
  accessToken: undefined,
  appSecret: undefined,
  verifyToken: undefined,
}
const NEW: Partial<NumberOptions> = { state: { status: 'PENDING', platform: 'NOT_APPLICABLE' } }

function start(number: Partial<NumberOptions> = NEW): Promise<BusinessDaemon> {
  return BusinessDaemon.start({
    number,
    cloudApi: NOTHING,
    channel: { transport: undefined },
    subscribes: false,
  })
}

function connection(more: Partial<BusinessConnection> = {}): BusinessConnection {
  const { phoneNumberId, businessAccountId, accessToken, appSecret } = daemon.number
  return { phoneNumberId, businessAccountId, accessToken, appSecret, ...more }
}

function stepsOf(): Record<string, BusinessStep['state']> {
  const { business } = daemon.account()
  return Object.fromEntries((business?.steps ?? []).map(({ step, state }) => [step, state]))
}

describe('an account without a link', () => {
  it('becomes a Business account: checked, subscribed at its own address, registered, and answered by webhooks', async () => {
    daemon = await start()
    expect(daemon.account()).toMatchObject({ transport: 'linked-device', state: 'unlinked', business: null })
    await daemon.accounts.connectBusiness('default', connection({ callbackUrl: daemon.callbackUrl }))
    await daemon.untilState('connected')
    expect(daemon.account()).toMatchObject({
      transport: 'cloud-api',
      linked: true,
      phoneNumber: daemon.number.phoneNumber,
      displayName: 'Corner Shop',
      business: { source: 'connected', phoneNumberId: daemon.number.phoneNumberId },
    })
    expect(daemon.number.state).toMatchObject({ status: 'CONNECTED', platform: 'CLOUD_API' })
    expect(daemon.number.account.subscribedApps.get(daemon.number.app)).toMatchObject({
      url: daemon.callbackUrl,
    })
    daemon.alice.write(daemon.number, 'hello')
    await daemon.until('the first webhook', () => stepsOf()['webhook'] === 'done')
    expect(stepsOf()).toEqual({
      token: 'done',
      permissions: 'done',
      number: 'done',
      subscribe: 'done',
      register: 'done',
      webhook: 'done',
    })
  })

  it('keeps what was given to itself: 0600, in no event and no answer, and erased by a disconnect', async () => {
    daemon = await start()
    const before = connection()
    await daemon.accounts.connectBusiness('default', before)
    await daemon.untilState('connected')
    const file = join(daemon.stateDir, 'accounts/default/business.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const { pin } = JSON.parse(readFileSync(file, 'utf8')) as { pin: string }
    expect(daemon.number.state.pin).toBe(pin)
    const said = JSON.stringify([daemon.events, daemon.accounts.list()])
    for (const secret of [before.accessToken, before.appSecret, pin]) expect(said).not.toContain(secret)

    const { account, unlinkedOnPhone, leftOver } = await daemon.accounts.disconnect('default')
    expect([account.state, unlinkedOnPhone, leftOver]).toEqual(['unlinked', true, undefined])
    expect(existsSync(file)).toBe(false)
    expect(daemon.number.account.subscribedApps.size).toBe(0)
    expect(daemon.account()).toMatchObject({ transport: 'linked-device', linked: false })
    for (const name of readdirSync(join(daemon.stateDir, 'accounts/default')))
      expect(readFileSync(join(daemon.stateDir, 'accounts/default', name), 'latin1')).not.toContain(
        before.accessToken,
      )
  })

  it.each<Operation>(['debug-token', 'numbers', 'number', 'subscribe', 'register'])(
    'goes on after a stop in the middle of "%s"',
    async (operation) => {
      daemon = await start()
      const fault = daemon.platform.faults.strike(operation, { kind: 'silence-after' }, { times: 1 })
      await daemon.accounts.connectBusiness('default', connection())
      await vi.waitFor(() => expect(fault.hits).toBe(1), { timeout: 20_000, interval: 5 })
      await daemon.stopDaemon()
      daemon.platform.faults.clear()
      await daemon.startDaemon()
      await daemon.untilState('connected')
      const { pin } = JSON.parse(
        readFileSync(join(daemon.stateDir, 'accounts/default/business.json'), 'utf8'),
      ) as { pin: string | null }
      expect(pin).toBe(daemon.number.state.pin)
      expect(daemon.number.wrongPins).toBe(0)
    },
  )

  it('asked twice at once registers once', async () => {
    daemon = await start()
    await Promise.all([
      daemon.accounts.connectBusiness('default', connection()),
      daemon.accounts.connectBusiness('default', connection()),
    ])
    await daemon.untilState('connected')
    expect(daemon.number.registrations.length).toBe(1)
  })

  it('of a coexistence sign-up looks the number up, registers nothing, and asks for both syncs', async () => {
    daemon = await start({ state: { isOnBusinessApp: true } })
    await daemon.accounts.connectBusiness(
      'default',
      connection({ phoneNumberId: undefined, isCoexistence: true }),
    )
    await daemon.untilState('connected')
    await daemon.until('the syncs', () => stepsOf()['sync'] === 'done')
    expect([...daemon.number.syncs]).toEqual(['smb_app_state_sync', 'history'])
    expect(daemon.number.registrations).toEqual([])
    expect(daemon.account().business?.phoneNumberId).toBe(daemon.number.phoneNumberId)
  })

  it('stops at the PIN of an earlier provider without guessing, and goes on with the right one', async () => {
    daemon = await start({ state: { status: 'PENDING', platform: 'NOT_APPLICABLE', pin: '987654' } })
    await daemon.accounts.connectBusiness('default', connection())
    const { reason } = await daemon.untilState('misconfigured')
    expect(reason?.code).toBe('wrong_pin')
    expect(daemon.number.registrations).toEqual([])
    await daemon.accounts.connectBusiness('default', { pin: '987654' })
    await daemon.untilState('connected')
  })
})

it('a number that the config describes is registered once somebody asks for it, and disconnected for as long as nobody does', async () => {
  daemon = await BusinessDaemon.start({ number: NEW, subscribes: false })
  expect((await daemon.untilState('misconfigured')).reason?.code).toBe('number_not_registered')
  expect(daemon.number.registrations).toEqual([])
  await daemon.accounts.connectBusiness('default', {})
  await daemon.untilState('connected')

  const { leftOver } = await daemon.accounts.disconnect('default')
  expect(leftOver).toEqual(['channels.whatsapp.cloudApi.accessToken', 'channels.whatsapp.cloudApi.appSecret'])
  expect(daemon.account().reason?.code).toBe('business_disconnected')
  await daemon.stopDaemon()
  await daemon.startDaemon()
  await daemon.until('the account', () => daemon.account().reason?.code === 'business_disconnected')
  await daemon.accounts.reconnect('default')
  await daemon.untilState('connected')
})

it('two accounts of one Business account keep the webhooks that both need', async () => {
  daemon = await BusinessDaemon.start({ subscribes: false })
  const other = daemon.platform.addNumber({
    phoneNumber: '+15550009001',
    name: 'Second',
    account: daemon.number.account,
    app: daemon.number.app,
  })
  const { cloudApi } = daemon
  daemon.writeConfig(['+15555550101'], {
    accounts: {
      default: { cloudApi },
      second: { cloudApi: { ...cloudApi, phoneNumberId: other.phoneNumberId } },
    },
  })
  await daemon.until('both', () => {
    const accounts = daemon.accounts.list()
    return accounts.length === 2 && accounts.every(({ state }) => state === 'connected')
  })
  const { unlinkedOnPhone, account } = await daemon.accounts.disconnect('second')
  expect([unlinkedOnPhone, account.reason?.code]).toEqual([false, 'business_disconnected_locally'])
  expect(daemon.number.account.subscribedApps.size).toBe(1)
})
