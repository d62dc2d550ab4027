import { readFileSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import type { WhatsappdClient } from '../../../src/client/client.ts'
import type { SignupChoice } from '../../../src/simulator/business/management/embedded-signup.ts'
import { BusinessDaemon } from '../../support/business-daemon.ts'

const TEXT = readFileSync(new URL('../../../docs/business.md', import.meta.url), 'utf8')
/** The page's part, the backend's part, and the call, as `docs/business.md` has them. */
const [PAGE = '', BACKEND = '', CALL = ''] = [...TEXT.matchAll(/```js\n([\s\S]*?)```/g)].map(
  ([, code]) => code ?? '',
)

interface SignedUp {
  code: string
  phoneNumberId: string | undefined
  businessAccountId: string
  isCoexistence: boolean
}

type SignUp = (configId: string) => Promise<SignedUp>
type Exchange = (code: string, app: { appId: string; appSecret: string; graphUrl: string }) => Promise<string>

let daemon: BusinessDaemon
let client: WhatsappdClient | null = null
afterEach(async () => {
  client?.close()
  client = null
  await daemon.stop()
})

async function start(isOnBusinessApp = false): Promise<void> {
  daemon = await BusinessDaemon.start({
    number: {
      state: isOnBusinessApp ? { isOnBusinessApp } : { status: 'PENDING', platform: 'NOT_APPLICABLE' },
    },
    cloudApi: {
      phoneNumberId: undefined,
      businessAccountId: undefined,
      accessToken: undefined,
      appSecret: undefined,
      verifyToken: undefined,
    },
    channel: { transport: undefined },
    subscribes: false,
  })
}

/** Runs the page's part where Meta's popup does this; before it, a page of somebody else speaks up. */
function signUpWith(choice: SignupChoice): Promise<SignedUp> {
  const target = new EventTarget()
  const news = daemon.platform.signup.run(daemon.number.app, choice).news
  const tell = (origin: string, data: string): void => {
    target.dispatchEvent(Object.assign(new Event('message'), { origin, data }))
  }
  const FB = {
    login: (answered: (response: object) => void) => {
      tell(
        'https://evilfacebook.com',
        JSON.stringify({ type: 'WA_EMBEDDED_SIGNUP', event: 'FINISH', data: { waba_id: '666' } }),
      )
      tell('https://www.facebook.com', 'no JSON')
      for (const each of news) {
        if (each.kind === 'message') tell(each.origin, each.data)
        else answered({ authResponse: each.authResponse, status: each.status })
      }
    },
  }
  const listen = target.addEventListener.bind(target)
  const silence = target.removeEventListener.bind(target)
  // oxlint-disable-next-line typescript/no-implied-eval -- it is the text of our own document
  const make = new Function('FB', 'addEventListener', 'removeEventListener', `${PAGE}\nreturn signUp`) as (
    ...globals: unknown[]
  ) => SignUp
  return make(FB, listen, silence)('the configuration')
}

/** What the backend and the call of the document do with it. */
async function finish(signedUp: SignedUp): Promise<void> {
  const { id: appId, secret: appSecret } = daemon.number.app
  // oxlint-disable-next-line typescript/no-implied-eval -- as above
  const exchange = (new Function(`${BACKEND}\nreturn exchange`) as () => Exchange)()
  const accessToken = await exchange(signedUp.code, { appId, appSecret, graphUrl: daemon.platform.baseUrl })
  client = await daemon.client()
  const values = {
    client,
    accessToken,
    appSecret,
    phoneNumberId: signedUp.phoneNumberId,
    businessAccountId: signedUp.businessAccountId,
    isCoexistence: signedUp.isCoexistence,
  }
  const call = CALL.replace('https://hooks.example.com/webhooks/whatsapp/default', daemon.callbackUrl)
  // oxlint-disable-next-line typescript/no-implied-eval -- as above
  const run = new Function(...Object.keys(values), `return (async () => { ${call} })()`) as (
    ...given: unknown[]
  ) => Promise<void>
  await run(...Object.values(values))
}

it('what the document has for page and backend brings a number up', async () => {
  await start()
  await finish(await signUpWith({ kind: 'cloud-api', number: daemon.number }))
  await daemon.untilState('connected')
  expect(daemon.number.state.status).toBe('CONNECTED')
})

it('and one that stays in the Business app', async () => {
  await start(true)
  const signedUp = await signUpWith({ kind: 'coexistence', number: daemon.number })
  expect(signedUp).toMatchObject({ phoneNumberId: undefined, isCoexistence: true })
  await finish(signedUp)
  await daemon.untilState('connected')
  expect(daemon.number.registrations).toEqual([])
})

it('a sign-up that is cancelled says where', async () => {
  await start()
  await expect(signUpWith({ kind: 'cancel', step: 'PHONE_NUMBER_SETUP' })).rejects.toThrow(
    'PHONE_NUMBER_SETUP',
  )
})
