import type { BusinessEnvironment } from '../business-environment.ts'
import { DAY_MS } from '../business-habits.ts'
import { newLetters } from '../new-id.ts'
import type { BusinessNumber } from './business-number.ts'
import { AccessToken, type MetaApp, type TokenScope } from './meta-app.ts'

/** A code can be exchanged for so long. */
const CODE_MS = 30_000
const TOKEN_DAYS = 60

/** What a person does in Meta's popup. */
export type SignupChoice =
  /** Ends it; `step` is where they were. */
  | { kind: 'cancel'; step: string }
  /** Meta shows an error, which the person reports. */
  | { kind: 'error'; message: string; code: string }
  /** A number for the Cloud API, which is to be registered. */
  | { kind: 'cloud-api'; number: BusinessNumber }
  /** A number that stays in the Business app. */
  | { kind: 'coexistence'; number: BusinessNumber }
  /** No number was chosen. */
  | { kind: 'only-account'; number: BusinessNumber }

export interface SignupResult {
  /** What arrives at the page, in this order: messages of the popup's window, and the answer to `FB.login`. */
  news: (
    | { kind: 'message'; origin: string; /** JSON. */ data: string }
    | { kind: 'login'; authResponse: { code: string } | null; status: string }
  )[]
}

/** Meta's side of the embedded signup in a dashboard's page. The code is exchanged by the dashboard's backend (`/oauth/access_token`). */
export class EmbeddedSignup {
  readonly #env: BusinessEnvironment

  constructor(env: BusinessEnvironment) {
    this.#env = env
  }

  /** The person goes through the popup. `lastsDays`: of the token; `null` for ever. */
  run(
    app: MetaApp,
    choice: SignupChoice,
    o: { scopes?: readonly TokenScope[]; lastsDays?: number | null } = {},
  ): SignupResult {
    if (choice.kind === 'cancel')
      return this.#failed({ event: 'CANCEL', data: { current_step: choice.step } })
    if (choice.kind === 'error') {
      const { message, code } = choice
      const [session, at] = [newLetters(this.#env.random, 16), Math.floor(this.#env.now() / 1_000)]
      const data = { error_message: message, error_code: code, session_id: session, timestamp: at }
      return this.#failed({ event: 'CANCEL', data })
    }
    const message = {
      kind: 'message' as const,
      origin: 'https://www.facebook.com',
      data: JSON.stringify({ type: 'WA_EMBEDDED_SIGNUP', ...finishOf(choice) }),
    }
    if (choice.kind === 'coexistence') choice.number.state.isOnBusinessApp = true
    choice.number.onboardedAt = this.#env.now()
    const code = this.#newCode(app, choice.number, o)
    const login = { kind: 'login' as const, authResponse: { code }, status: 'connected' }
    // Which of both comes first is chance.
    return { news: this.#env.random.chance(0.5) ? [message, login] : [login, message] }
  }

  #failed(event: object): SignupResult {
    const data = JSON.stringify({ type: 'WA_EMBEDDED_SIGNUP', version: 3, ...event })
    return {
      news: [
        { kind: 'message', origin: 'https://www.facebook.com', data },
        { kind: 'login', authResponse: null, status: 'unknown' },
      ],
    }
  }

  #newCode(
    app: MetaApp,
    number: BusinessNumber,
    { scopes, lastsDays = TOKEN_DAYS }: { scopes?: readonly TokenScope[]; lastsDays?: number | null },
  ): string {
    const { random, now, directory } = this.#env
    const code = `AQ${newLetters(random, 80)}`
    const token = new AccessToken({
      value: `EAA${newLetters(random, 120)}`,
      app,
      accounts: [number.account],
      scopes,
      issuedAt: now(),
      expiresAt: lastsDays === null ? null : now() + lastsDays * DAY_MS,
    })
    directory.codes.set(code, { app, token, expiresAt: now() + CODE_MS })
    return code
  }
}

function finishOf(choice: Extract<SignupChoice, { number: BusinessNumber }>): object {
  const { account, phoneNumberId } = choice.number
  if (choice.kind === 'coexistence')
    return {
      event: 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING',
      version: 3,
      data: { waba_id: account.id },
    }
  const data = { waba_id: account.id, business_id: account.portfolio.id }
  return choice.kind === 'only-account'
    ? { event: 'FINISH_ONLY_WABA', version: 3, data }
    : { event: 'FINISH', version: 3, data: { ...data, phone_number_id: phoneNumberId } }
}
