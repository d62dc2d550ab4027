import { parsePhoneNumberWithError } from 'libphonenumber-js/min'
import type { BusinessEnvironment } from '../business-environment.ts'
import { newDigits, newLetters } from '../new-id.ts'
import { BusinessAccount } from './business-account.ts'
import { BusinessNumber, type NumberState } from './business-number.ts'
import { AccessToken, MetaApp, type TokenScope } from './meta-app.ts'
import { Portfolio } from './portfolio.ts'

/** Ids and secrets of a number that an earlier platform made: whoever kept them goes on with them. */
export interface FormerNumber {
  phoneNumberId: string
  businessAccountId: string
  accessToken: string
  appSecret: string
  verifyToken: string
}

export interface NumberOptions {
  /** E.164. */
  phoneNumber: string
  /** The verified name of the business. */
  name: string
  /** The account of another number; a new one otherwise. */
  account?: BusinessAccount
  app?: MetaApp
  provider?: 'meta' | '360dialog'
  /** Connected and registered, unless something else is said. */
  state?: Partial<NumberState>
  isTestNumber?: boolean
  /** The portfolio is enrolled as a managed business. */
  hasParentIds?: boolean
  /** Of the token; both without it. */
  scopes?: readonly TokenScope[]
  /** When the token expires, milliseconds since the epoch; never without it. */
  tokenExpiresAt?: number
  former?: FormerNumber
}

/** How numbers, accounts, apps and tokens come to be. */
export class Onboarding {
  readonly #env: BusinessEnvironment

  constructor(env: BusinessEnvironment) {
    this.#env = env
  }

  /** A number with everything that belongs to it. Throws for what is no number. */
  addNumber(o: NumberOptions): BusinessNumber {
    parsePhoneNumberWithError(o.phoneNumber)
    const { random, directory, now } = this.#env
    const { former } = o
    const app = o.app ?? this.#newApp(o.name, former)
    const account = o.account ?? this.#newAccount(o)
    const token = this.#newToken({
      app,
      account,
      scopes: o.scopes,
      expiresAt: o.tokenExpiresAt,
      former: former?.accessToken,
    })
    const number = new BusinessNumber({
      phoneNumber: o.phoneNumber,
      name: o.name,
      phoneNumberId: former?.phoneNumberId ?? newDigits(random),
      account,
      app,
      token,
      provider: o.provider ?? 'meta',
      isTestNumber: o.isTestNumber ?? false,
      onboardedAt: now(),
      state: o.state ?? {},
    })
    directory.numbers.set(number.phoneNumberId, number)
    this.#env.changed()
    return number
  }

  /** A new token for the number; the old one stays as it is. */
  renewToken(
    number: BusinessNumber,
    { scopes, expiresAt }: { scopes?: readonly TokenScope[]; expiresAt?: number },
  ): string {
    const { app, account } = number
    number.token = this.#newToken({ app, account, scopes, expiresAt })
    return number.token.value
  }

  #newToken(o: {
    app: MetaApp
    account: BusinessAccount
    scopes: readonly TokenScope[] | undefined
    expiresAt: number | undefined
    former?: string | undefined
  }): AccessToken {
    const { random, now, directory } = this.#env
    const token = new AccessToken({
      value: o.former ?? `EAA${newLetters(random, 120)}`,
      app: o.app,
      accounts: [o.account],
      scopes: o.scopes,
      issuedAt: now(),
      expiresAt: o.expiresAt ?? null,
    })
    directory.tokens.set(token.value, token)
    return token
  }

  #newApp(name: string, former?: FormerNumber): MetaApp {
    const { random, directory } = this.#env
    const app = new MetaApp({
      id: newDigits(random),
      secret: former?.appSecret ?? newLetters(random, 32).toLowerCase(),
      name: `${name} app`,
      verifyToken: former?.verifyToken ?? newLetters(random, 24),
      signupConfiguration: newDigits(random),
    })
    directory.apps.set(app.id, app)
    return app
  }

  #newAccount({ name, hasParentIds = false, former }: NumberOptions): BusinessAccount {
    const { random, directory } = this.#env
    const portfolio = new Portfolio({ id: newDigits(random), hasParentIds })
    const account = new BusinessAccount({
      id: former?.businessAccountId ?? newDigits(random),
      name,
      portfolio,
    })
    directory.accounts.set(account.id, account)
    return account
  }
}
