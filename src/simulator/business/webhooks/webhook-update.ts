import type { BusinessAccount } from '../management/business-account.ts'
import type { BusinessNumber } from '../management/business-number.ts'

/** One change that a webhook tells: what stands in `entry[].changes[]`. */
export interface WebhookUpdate {
  account: BusinessAccount
  /** `null` where it is about the whole account. */
  number: BusinessNumber | null
  field: string
  value: object
}
