import { afterEach, describe, expect, it } from 'vitest'
import type { ReasonCode } from '../../../src/protocol/reasons.ts'
import { BusinessDaemon, type BusinessDaemonOptions } from '../../support/business-daemon.ts'
import { ALICE } from '../../support/stack.ts'

let daemon: BusinessDaemon
afterEach(() => daemon.stop())

/** How a reason comes about, and its advice. */
interface Case {
  code: ReasonCode
  options?: BusinessDaemonOptions
  produce?: () => unknown
  cure: () => unknown
}

const unregistered = { state: { status: 'PENDING', platform: 'NOT_APPLICABLE' } } as const
const connect = (): unknown => daemon.accounts.connectBusiness('default', {})
const reconnect = (): unknown => daemon.accounts.reconnect('default')
const writeAgain = (cloudApi: Record<string, unknown> = {}): void =>
  daemon.writeConfig([ALICE], { cloudApi: { ...daemon.cloudApi, ...cloudApi } })
const tell = (value: object): void => daemon.platform.notify(daemon.number, 'account_update', value)
const fail = (operation: 'register' | 'subscribe' | 'numbers', code: number, details = ''): unknown =>
  daemon.platform.faults.strike(operation, { kind: 'error', code, details })
const set = (state: object): unknown => Object.assign(daemon.number.state, state)
const wellAgain = (then: () => unknown) => (): unknown => {
  daemon.platform.faults.clear()
  return then()
}
/** With a token that permits both. */
const renew = (): void => {
  daemon.platform.renewToken(daemon.number)
  writeAgain()
}

const CASES: readonly Case[] = [
  {
    code: 'business_not_connected',
    options: {
      cloudApi: {
        accessToken: undefined,
        phoneNumberId: undefined,
        businessAccountId: undefined,
        appSecret: undefined,
      },
    },
    cure: () => {
      const { phoneNumberId, businessAccountId, accessToken, appSecret } = daemon.number
      return daemon.accounts.connectBusiness('default', {
        phoneNumberId,
        businessAccountId,
        accessToken,
        appSecret,
      })
    },
  },
  {
    code: 'business_incomplete',
    options: { cloudApi: { phoneNumberId: undefined } },
    cure: () => writeAgain({ phoneNumberId: daemon.number.phoneNumberId }),
  },
  {
    code: 'access_token_expired',
    produce: () => {
      daemon.platform.endToken(daemon.number, 'expired')
      return reconnect()
    },
    cure: renew,
  },
  {
    code: 'access_token_revoked',
    produce: () => {
      daemon.platform.endToken(daemon.number, 'revoked')
      return reconnect()
    },
    cure: renew,
  },
  {
    code: 'access_token_permission',
    produce: () => {
      daemon.platform.renewToken(daemon.number, { scopes: ['whatsapp_business_messaging'] })
      writeAgain()
    },
    cure: renew,
  },
  {
    code: 'token_expires_soon',
    produce: () => {
      daemon.platform.renewToken(daemon.number, { expiresAt: Date.now() + 86_400_000 })
      writeAgain()
    },
    cure: renew,
  },
  {
    code: 'business_access_removed',
    produce: () =>
      tell({ event: 'PARTNER_REMOVED', waba_info: { waba_id: daemon.number.businessAccountId } }),
    cure: renew,
  },
  {
    code: 'business_offboarded',
    produce: () => tell({ event: 'ACCOUNT_OFFBOARDED' }),
    cure: () => tell({ event: 'ACCOUNT_RECONNECTED' }),
  },
  {
    code: 'number_not_found',
    options: { cloudApi: { phoneNumberId: '999' } },
    cure: () => writeAgain({ phoneNumberId: daemon.number.phoneNumberId }),
  },
  {
    code: 'number_elsewhere',
    options: { number: { state: { status: 'MIGRATED', platform: 'ON_PREMISE' } } },
    cure: connect,
  },
  {
    code: 'number_in_phone_app',
    options: { number: unregistered },
    produce: async () => {
      fail('register', 100, 'This number is in use in the WhatsApp Messenger app.')
      await connect()
    },
    cure: wellAgain(connect),
  },
  {
    code: 'number_unverified',
    options: { number: { state: { ...unregistered.state, codeVerification: 'NOT_VERIFIED' } } },
    produce: connect,
    cure: () => {
      set({ codeVerification: 'VERIFIED' })
      return connect()
    },
  },
  {
    code: 'number_unusable',
    options: { number: { state: { status: 'DELETED' } } },
    cure: () => {
      set({ status: 'CONNECTED' })
      return reconnect()
    },
  },
  {
    code: 'register_later',
    options: { number: unregistered },
    produce: async () => {
      daemon.platform.faults.strike('register', { kind: 'error', code: 133_015, retryAfter: 1 }, { times: 1 })
      await connect()
    },
    cure: () => undefined,
  },
  {
    code: 'register_failed',
    options: { number: unregistered },
    produce: async () => {
      fail('register', 100, 'No.')
      await connect()
    },
    cure: wellAgain(connect),
  },
  {
    code: 'business_refused',
    produce: async () => {
      fail('numbers', 135_000)
      await reconnect()
    },
    cure: wellAgain(reconnect),
  },
  {
    code: 'business_restricted',
    produce: () =>
      tell({
        event: 'ACCOUNT_RESTRICTION',
        restriction_info: [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING' }],
      }),
    cure: () => tell({ event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'REINSTATE' } }),
  },
  {
    code: 'business_banned',
    produce: async () => {
      set({ status: 'BANNED' })
      await reconnect()
    },
    cure: () => {
      set({ status: 'CONNECTED' })
      return reconnect()
    },
  },
  {
    code: 'webhooks_unsigned',
    options: { cloudApi: { appSecret: undefined }, subscribes: false },
    cure: async () => {
      writeAgain({ appSecret: daemon.number.appSecret })
      await daemon.platform.subscribe(daemon.number, daemon.callbackUrl)
      daemon.alice.write(daemon.number, 'hello')
    },
  },
  {
    code: 'webhooks_missing',
    options: { subscribes: false },
    cure: async () => {
      await daemon.platform.subscribe(daemon.number, daemon.callbackUrl)
      daemon.alice.write(daemon.number, 'hello')
    },
  },
  {
    code: 'webhooks_refused',
    produce: () =>
      daemon.platform.postWebhook(daemon.number, daemon.callbackUrl, {
        body: { entry: [] },
        signature: 'wrong',
      }),
    cure: () => daemon.alice.write(daemon.number, 'hello'),
  },
  {
    code: 'webhooks_not_subscribed',
    produce: async () => {
      daemon.number.account.subscribedApps.clear()
      fail('subscribe', 200)
      await reconnect()
    },
    cure: wellAgain(reconnect),
  },
  {
    code: 'quality_low',
    produce: async () => {
      set({ quality: 'RED' })
      await reconnect()
    },
    cure: () => {
      set({ quality: 'GREEN' })
      daemon.platform.notify(daemon.number, 'phone_number_quality_update', { event: 'UNFLAGGED' })
    },
  },
]

/** These come before the first webhook does, or in its place. */
const WITHOUT_WEBHOOK: ReadonlySet<ReasonCode> = new Set(['webhooks_missing', 'webhooks_unsigned'])

describe('a Business number', () => {
  it.each(CASES)(
    '$code: what the advice says brings it back',
    async ({ code, options = {}, produce, cure }) => {
      const isBroken = options.cloudApi !== undefined || options.number !== undefined
      daemon = await BusinessDaemon.start({ ...options, subscribes: options.subscribes ?? !isBroken })
      if (!isBroken && !WITHOUT_WEBHOOK.has(code)) {
        daemon.alice.write(daemon.number, 'hello')
        await daemon.until('a webhook', () => daemon.account().business?.webhook.lastAt !== null)
      }
      await produce?.()
      const { reason } = await daemon.until(`the reason ${code}`, () => {
        const view = daemon.account()
        return view.reason?.code === code ? view : null
      })
      expect(reason?.action).not.toBe('')
      await cure()
      await daemon.until(`the end of ${code}`, () => {
        const { state, reason: now } = daemon.account()
        return (
          state === 'connected' && (now === null || now.code === 'webhooks_missing') && now?.code !== code
        )
      })
    },
  )
})

it('number_ambiguous: with the id of one number, it is connected', async () => {
  daemon = await BusinessDaemon.start({
    cloudApi: {
      accessToken: undefined,
      phoneNumberId: undefined,
      businessAccountId: undefined,
      appSecret: undefined,
    },
    subscribes: false,
  })
  const { phoneNumberId, businessAccountId, accessToken, appSecret, account, app } = daemon.number
  daemon.platform.addNumber({ phoneNumber: '+15550009001', name: 'Second', account, app })
  await daemon.accounts.connectBusiness('default', { businessAccountId, accessToken, appSecret })
  expect((await daemon.untilState('misconfigured')).reason?.code).toBe('number_ambiguous')
  await daemon.accounts.connectBusiness('default', {
    phoneNumberId,
    businessAccountId,
    accessToken,
    appSecret,
  })
  await daemon.untilState('connected')
})

it('number_linked_twice: with one of the two accounts disconnected, the other has nothing to say', async () => {
  daemon = await BusinessDaemon.start({ subscribes: false })
  const { cloudApi } = daemon
  daemon.writeConfig([ALICE], { accounts: { default: { cloudApi }, again: { cloudApi } } })
  const codeOf = (id: string): string | undefined =>
    daemon.accounts.list().find(({ account }) => account === id)?.reason?.code
  await daemon.until('the caution', () => codeOf('again') === 'number_linked_twice')
  await daemon.accounts.disconnect('again')
  await daemon.until('its end', () => codeOf('default') === 'webhooks_missing')
})
