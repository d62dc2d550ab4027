import { parsePhoneNumberWithError } from 'libphonenumber-js/min'
import type { BusinessPerson } from '../people/business-person.ts'
import type { StoredMessage } from '../messages/stored-message.ts'
import { RateWindow } from '../messages/rate-window.ts'
import type { AccessToken, MetaApp } from './meta-app.ts'
import type { BusinessAccount, Override } from './business-account.ts'
import type { HealthProblem } from './health-status.ts'

/** Messages of one number that are remembered; quotes and reactions to older ones fail. */
const KEPT_MESSAGES = 50_000

type NumberStatus =
  | 'CONNECTED'
  | 'PENDING'
  | 'DISCONNECTED'
  | 'MIGRATED'
  | 'DELETED'
  | 'BANNED'
  | 'RESTRICTED'
  | 'RATE_LIMITED'
  | 'FLAGGED'
  | 'UNKNOWN'
  | 'UNVERIFIED'

/** What `GET /<number>?fields=` tells, as far as a test may change it. */
export interface NumberState {
  status: NumberStatus
  codeVerification: 'VERIFIED' | 'NOT_VERIFIED' | 'EXPIRED'
  platform: 'CLOUD_API' | 'ON_PREMISE' | 'NOT_APPLICABLE'
  quality: 'GREEN' | 'YELLOW' | 'RED' | 'NA' | 'UNKNOWN'
  nameStatus: string
  accountMode: 'LIVE' | 'SANDBOX'
  messagingLimit: 'TIER_250' | 'TIER_2K' | 'TIER_10K' | 'TIER_100K' | 'UNLIMITED'
  throughput: 'STANDARD' | 'HIGH' | 'NOT_APPLICABLE'
  /** In the WhatsApp Business app as well: coexistence. */
  isOnBusinessApp: boolean
  /** The two-step PIN in force. */
  pin: string | null
  /** Another app of Meta's (its Business Agent) answers: people's messages come as `standby`. */
  isHeldByAgent: boolean
}

export interface BusinessNumberOptions {
  phoneNumber: string
  name: string
  phoneNumberId: string
  account: BusinessAccount
  app: MetaApp
  token: AccessToken
  provider: 'meta' | '360dialog'
  isTestNumber: boolean
  onboardedAt: number
  state: Partial<NumberState>
}

/** A number of a business, as Meta keeps it. */
export class BusinessNumber {
  /** E.164. */
  readonly phoneNumber: string
  readonly name: string
  readonly phoneNumberId: string
  readonly account: BusinessAccount
  readonly app: MetaApp
  readonly provider: 'meta' | '360dialog'
  readonly state: NumberState
  /** May write to five people only, who were verified in the dashboard. */
  readonly isTestNumber: boolean
  readonly allowedRecipients = new Set<BusinessPerson>()
  /** Until when each person may be written to freely; milliseconds since the epoch. */
  readonly windows = new Map<BusinessPerson, number>()
  /** When people came by an advertisement that nobody has answered yet. */
  readonly entries = new Map<BusinessPerson, number>()
  /** Of those who were answered in time: until when everything is free of charge. */
  readonly freeEntries = new Map<BusinessPerson, number>()
  /** When each person and the business last wrote to each other under the person's number. */
  readonly interactions = new Map<BusinessPerson, number>()
  readonly blocked = new Set<BusinessPerson>()
  readonly rate = new RateWindow()
  readonly pairRates = new Map<BusinessPerson, number>()
  readonly registrations: number[] = []
  readonly syncs = new Set<string>()
  wrongPins = 0
  /** No PIN is taken before, not even the right one; milliseconds since the epoch. */
  pinLockedUntil = 0
  onboardedAt: number
  /** The owner declined to share the history of the Business app. */
  declinesHistory = false
  /** Webhooks of this number alone go there. */
  override: Override | null = null
  /** Of 360dialog: where webhooks go. */
  callbackUrl: string | null = null
  /** Of 360dialog: what it signs webhooks with; it mostly signs none. */
  signingSecret: string | null = null
  /** What else `health_status` tells. */
  healthProblems: HealthProblem[] = []
  /** With which the number was set up. */
  token: AccessToken
  readonly #messages = new Map<string, StoredMessage>()

  constructor(o: BusinessNumberOptions) {
    this.phoneNumber = o.phoneNumber
    this.name = o.name
    this.phoneNumberId = o.phoneNumberId
    this.account = o.account
    this.app = o.app
    this.provider = o.provider
    this.isTestNumber = o.isTestNumber
    this.onboardedAt = o.onboardedAt
    this.token = o.token
    this.state = {
      status: 'CONNECTED',
      codeVerification: 'VERIFIED',
      platform: 'CLOUD_API',
      quality: 'GREEN',
      nameStatus: 'APPROVED',
      accountMode: 'LIVE',
      messagingLimit: 'TIER_250',
      throughput: 'STANDARD',
      isOnBusinessApp: false,
      pin: null,
      isHeldByAgent: false,
      ...o.state,
    }
    o.account.numbers.push(this)
  }

  get businessAccountId(): string {
    return this.account.id
  }

  get accessToken(): string {
    return this.token.value
  }

  get appSecret(): string {
    return this.app.secret
  }

  get verifyToken(): string {
    return this.app.verifyToken
  }

  /** Digits, as webhooks show it. */
  get digits(): string {
    return this.phoneNumber.slice(1)
  }

  get countryCode(): string {
    return parsePhoneNumberWithError(this.phoneNumber).countryCallingCode
  }

  get isRegistered(): boolean {
    return this.state.platform === 'CLOUD_API'
  }

  /** Everything that was written over this number, oldest first. */
  get messages(): StoredMessage[] {
    return [...this.#messages.values()]
  }

  message(id: string): StoredMessage | undefined {
    return this.#messages.get(id)
  }

  keep(message: StoredMessage): void {
    this.#messages.set(message.id, message)
    const oldest = this.#messages.keys().next().value
    if (this.#messages.size > KEPT_MESSAGES && oldest !== undefined) this.#messages.delete(oldest)
  }
}
