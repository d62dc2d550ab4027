import type { BusinessAccount } from './business-account.ts'

/** Fields of webhooks that can be chosen in an app's dashboard. `standby` and `messaging_handovers` are not in Meta's list, and come all the same. */
const FIELDS = [
  'messages',
  'smb_message_echoes',
  'smb_app_state_sync',
  'history',
  'account_update',
  'account_alerts',
  'account_review_update',
  'business_capability_update',
  'phone_number_quality_update',
  'phone_number_name_update',
  'message_template_status_update',
  'template_category_update',
  'user_preferences',
  'security',
  'calls',
  'standby',
  'messaging_handovers',
]

/** An app of the dashboard for developers: it has tokens, and webhooks come signed with its secret. */
export class MetaApp {
  readonly id: string
  readonly secret: string
  readonly name: string
  /** The configuration of Facebook Login for Business that the embedded signup is opened with. */
  readonly signupConfiguration: string
  /** What a callback has to be verified with. */
  verifyToken: string
  /** Set when the callback was verified. */
  callbackUrl: string | null = null
  readonly fields = new Set(FIELDS)
  /** An app in development gets no webhooks about real messages. */
  isLive = true

  constructor(o: {
    id: string
    secret: string
    name: string
    verifyToken: string
    signupConfiguration: string
  }) {
    this.id = o.id
    this.secret = o.secret
    this.name = o.name
    this.verifyToken = o.verifyToken
    this.signupConfiguration = o.signupConfiguration
  }
}

export type TokenScope = 'whatsapp_business_messaging' | 'whatsapp_business_management'

/** A token of a system user. */
export class AccessToken {
  readonly value: string
  readonly app: MetaApp
  readonly accounts: Set<BusinessAccount>
  readonly scopes: Set<TokenScope>
  readonly issuedAt: number
  /** Milliseconds since the epoch; `null`: never. */
  expiresAt: number | null
  isRevoked = false

  constructor(o: {
    value: string
    app: MetaApp
    accounts: Iterable<BusinessAccount>
    scopes?: readonly TokenScope[] | undefined
    issuedAt: number
    expiresAt: number | null
  }) {
    this.value = o.value
    this.app = o.app
    this.accounts = new Set(o.accounts)
    this.scopes = new Set(o.scopes ?? ['whatsapp_business_messaging', 'whatsapp_business_management'])
    this.issuedAt = o.issuedAt
    this.expiresAt = o.expiresAt
  }
}
