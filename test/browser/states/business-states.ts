import type { Page } from 'playwright-core'
import type { BusinessConnection } from '../../../src/protocol/account/business.ts'
import type { CallFault } from '../../../src/simulator/business/faults/business-faults.ts'
import type { NumberState } from '../../../src/simulator/business/management/business-number.ts'
import type { BusinessDaemon, BusinessDaemonOptions } from '../../support/business-daemon.ts'
import type { BusinessScene } from './business-stage.ts'

/** The config knows the server and nothing of the number. */
const NOTHING = {
  phoneNumberId: undefined,
  businessAccountId: undefined,
  accessToken: undefined,
  appSecret: undefined,
  verifyToken: undefined,
}
const NEW = { status: 'PENDING', platform: 'NOT_APPLICABLE' } as const
const UNREGISTERED: BusinessDaemonOptions = { number: { state: NEW }, subscribes: false }
/** An account that is linked to nothing yet. */
const EMPTY: BusinessDaemonOptions = {
  ...UNREGISTERED,
  cloudApi: NOTHING,
  channel: { transport: undefined },
}

function connect(business: BusinessDaemon, more: Partial<BusinessConnection> = {}): Promise<unknown> {
  const { phoneNumberId, businessAccountId, accessToken, appSecret } = business.number
  const connection = { phoneNumberId, businessAccountId, accessToken, appSecret, ...more }
  return business.accounts.connectBusiness('default', connection)
}

/** The page offers Meta's sign-up; what it does when a person wants it. */
async function offerSignup(page: Page, answer?: 'wait' | object): Promise<void> {
  await page.locator('whatsapp-card').evaluate((card, given) => {
    Object.assign(card, { businessSignup: true })
    card.addEventListener('whatsapp-business-signup', (event) => {
      const { cancel } = (event as CustomEvent<{ cancel(reason: unknown): void }>).detail
      if (typeof given === 'object') cancel(given)
    })
  }, answer)
  const start = page.getByRole('button', { name: 'Connect a Business number' })
  await start.waitFor()
  if (answer !== undefined) await start.click()
}

/** A number that Meta refuses to register. */
function registerRefused(name: string, words: string, fault: CallFault): BusinessScene {
  return {
    name: `business-${name}`,
    words,
    options: UNREGISTERED,
    async before(business) {
      business.platform.faults.strike('register', fault)
      await business.untilState('misconfigured')
      await business.accounts.connectBusiness('default', {})
      await business.until(name, () => {
        const { reason } = business.account()
        return reason !== null && reason.code !== 'number_not_registered'
      })
    },
  }
}

/** What Meta tells of the whole account, in a webhook. */
function told(name: string, words: string, value: object): BusinessScene {
  return {
    name: `business-${name}`,
    words,
    async before(business) {
      const { platform, number } = business
      platform.notify(number, 'account_update', { ...value, waba_info: { waba_id: number.account.id } })
      await business.until(name, () => business.account().reason !== null)
    },
  }
}

/** A number as Meta describes it, connected and answered by webhooks. */
function described(
  name: string,
  words: string,
  state: Partial<NumberState>,
  more: BusinessDaemonOptions = {},
): BusinessScene {
  return {
    name: `business-${name}`,
    words,
    options: { ...more, number: { ...more.number, state } },
    async before(business) {
      business.alice.write(business.number, 'Hello')
      await business.untilEvent('message.sent')
    },
  }
}

const DAY_MS = 24 * 3_600_000

/** Everything that the card can show of a Business number. */
export const BUSINESS_SCENES: readonly BusinessScene[] = [
  {
    name: 'business-not-connected',
    words: 'no number is connected yet',
    options: { ...UNREGISTERED, cloudApi: NOTHING },
  },
  {
    name: 'business-incomplete',
    words: 'are incomplete',
    options: { ...UNREGISTERED, cloudApi: { phoneNumberId: undefined, businessAccountId: undefined } },
  },
  {
    name: 'business-signup',
    words: 'it needs no phone and no QR code',
    options: EMPTY,
    after: (page) => offerSignup(page),
  },
  {
    name: 'business-signup-open',
    words: 'Finish the sign-up in the window of Meta.',
    options: EMPTY,
    after: (page) => offerSignup(page, 'wait'),
  },
  {
    name: 'business-signup-stopped',
    words: 'You stopped at: the code that proves the number.',
    options: EMPTY,
    after: (page) => offerSignup(page, { current_step: 'PHONE_NUMBER_VERIFICATION' }),
  },
  {
    name: 'business-signup-refused',
    words: 'Meta said: This number is already in use. (524126)',
    options: EMPTY,
    after: (page) =>
      offerSignup(page, { error_message: 'This number is already in use.', error_code: '524126' }),
  },
  {
    name: 'business-checking',
    words: 'under way',
    options: EMPTY,
    async before(business) {
      business.platform.faults.strike('numbers', { kind: 'silence' })
      void connect(business).catch(() => {})
      await business.until('a step', () =>
        business.account().business?.steps.some(({ state }) => state === 'running'),
      )
    },
  },
  {
    name: 'business-token-revoked',
    words: 'WhatsApp does not accept the access token',
    options: { subscribes: false, cloudApi: { accessToken: 'EAAnotatoken' } },
    before: async (business) => void (await business.untilState('logged_out')),
  },
  {
    name: 'business-token-expired',
    words: 'has expired.',
    options: { subscribes: false, number: { tokenExpiresAt: Date.now() - DAY_MS } },
    before: async (business) => void (await business.untilState('logged_out')),
  },
  {
    name: 'business-token-ends-soon',
    words: 'expires soon.',
    options: { number: { tokenExpiresAt: Date.now() + 3 * DAY_MS } },
    async before(business) {
      business.alice.write(business.number, 'Hello')
      await business.untilEvent('message.sent')
    },
  },
  {
    name: 'business-permission',
    words: 'The access token may not do what is needed.',
    options: { subscribes: false, number: { scopes: ['whatsapp_business_messaging'] } },
    before: async (business) => void (await business.untilState('logged_out')),
  },
  {
    name: 'business-not-found',
    words: 'The phone number id does not belong',
    options: { subscribes: false, cloudApi: { phoneNumberId: '1' } },
    before: async (business) => void (await business.untilState('misconfigured')),
  },
  {
    name: 'business-not-registered',
    words: 'The number is not registered with the Cloud API',
    options: UNREGISTERED,
    before: async (business) => void (await business.untilState('misconfigured')),
  },
  {
    name: 'business-unverified',
    words: 'must be verified with a code',
    options: { ...UNREGISTERED, number: { state: { ...NEW, codeVerification: 'NOT_VERIFIED' } } },
    async before(business) {
      await business.untilState('misconfigured')
      await business.accounts.connectBusiness('default', {})
      await business.until('the refusal', () => business.account().reason?.code === 'number_unverified')
    },
  },
  {
    name: 'business-pin',
    words: 'A PIN has six digits.',
    options: { ...UNREGISTERED, number: { state: { ...NEW, pin: '135790' } } },
    before: async (business) => void (await business.untilState('misconfigured')),
    async after(page) {
      await page.getByRole('button', { name: 'Connect', exact: true }).click()
      await page.getByRole('textbox', { name: 'PIN of the number' }).fill('12')
      await page.getByRole('button', { name: 'Register', exact: true }).click()
    },
  },
  registerRefused('register-later', 'there were too many attempts', { kind: 'error', code: 133_016 }),
  registerRefused('register-failed', 'WhatsApp refused to register the number.', {
    kind: 'error',
    code: 100,
    details: 'The display name has not been approved yet.',
  }),
  registerRefused('elsewhere', 'still registered with another provider', {
    kind: 'error',
    code: 100,
    details: 'The number is registered with another provider.',
  }),
  registerRefused('phone-app', 'in use in the WhatsApp app on a phone', {
    kind: 'error',
    code: 100,
    details: 'The number is in use in the WhatsApp Business app.',
  }),
  {
    name: 'business-not-subscribed',
    words: 'The app is not subscribed',
    options: EMPTY,
    async before(business) {
      business.platform.faults.strike('subscribe', { kind: 'error', code: 200 })
      await connect(business)
      await business.untilState('connected')
    },
  },
  {
    name: 'business-sync-failed',
    words: 'Contacts and history of the phone app',
    options: { ...EMPTY, number: { state: { isOnBusinessApp: true } } },
    async before(business) {
      business.platform.faults.strike('sync', { kind: 'error', code: 100, details: 'It is not possible.' })
      await connect(business, { isCoexistence: true })
      await business.untilState('connected')
      await business.until('the sync', () =>
        business.account().business?.steps.some(({ step, state }) => step === 'sync' && state === 'failed'),
      )
    },
  },
  {
    name: 'business-no-webhook',
    words: 'No webhook of WhatsApp has come yet',
    options: { subscribes: false },
    before: async (business) => void (await business.untilState('connected')),
  },
  {
    name: 'business-no-secret',
    words: 'There is no app secret',
    options: { subscribes: false, cloudApi: { appSecret: undefined } },
    before: async (business) => void (await business.untilState('connected')),
  },
  {
    name: 'business-webhook-refused',
    words: 'whose signature does not fit the app secret',
    async before({ platform, number, callbackUrl }) {
      await platform.postWebhook(number, callbackUrl, { body: { object: 'x' }, signature: 'wrong' })
    },
  },
  {
    name: 'business-360dialog',
    words: 'Webhook address for 360dialog',
    options: {
      number: { provider: '360dialog' },
      cloudApi: { provider: '360dialog', appSecret: undefined },
      subscribes: false,
    },
    before: async (business) => void (await business.until('it', () => business.account().business)),
  },
  {
    name: 'business-connected',
    words: 'The channel is active.',
    async before(business) {
      business.alice.write(business.number, 'Hello')
      await business.untilEvent('message.sent')
    },
    async after(page) {
      for (const summary of ['Webhook address for Meta', 'Steps of the set-up', 'Share this number'])
        await page.getByText(summary).click()
      await page.getByRole('img', { name: 'QR code that opens a chat' }).waitFor()
    },
  },
  described('test-number', 'A test number of Meta', { accountMode: 'SANDBOX', messagingLimit: 'UNLIMITED' }),
  described('in-the-app', 'also runs in the WhatsApp Business app', { isOnBusinessApp: true }),
  described('low-quality', 'rates the quality of this number as low', { quality: 'RED' }),
  described('medium-quality', 'medium', { quality: 'YELLOW' }),
  told('restricted', 'restricts this Business account', {
    event: 'ACCOUNT_RESTRICTION',
    restriction_info: [
      { restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration: Date.now() / 1_000 + 86_400 },
    ],
  }),
  told('banned', 'has disabled this Business account', {
    event: 'DISABLED_UPDATE',
    ban_info: { waba_ban_state: 'DISABLE', waba_ban_date: '2026-12-01' },
  }),
  told('access-removed', 'was removed on WhatsApp', {
    event: 'PARTNER_REMOVED',
    disconnection_info: { reason: 'ACCOUNT_DISCONNECTED' },
  }),
  told('offboarded', 'has taken the number off the Cloud API', { event: 'ACCOUNT_OFFBOARDED' }),
  {
    name: 'business-disconnect-question',
    words: 'its access token is forgotten',
    async after(page) {
      await page.getByText('The channel is active.').waitFor()
      await page.getByRole('button', { name: 'Disconnect', exact: true }).click()
    },
  },
  {
    name: 'business-disconnected',
    words: 'was disconnected here',
    async before(business) {
      await business.accounts.disconnect('default')
    },
  },
]
