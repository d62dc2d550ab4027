import type { FormerNumber } from '../../src/simulator/business/management/onboarding.ts'

/** Below `test/corpus/`: files of daemons with a Business account. */
export const BUSINESS_FOLDER = 'business'

/** Came by an advertisement; then somebody wrote to him by hand. */
export const BOB = '+15550000012'
/** Another app has the chat with her. */
export const CAROL = '+15550000013'
/** Goes by another number since. */
export const DORA = '+15550000014'
/** Has not written for a day; got a template. */
export const ERIK = '+15550000015'

/** What a recorded state of a Business account holds, for the test that opens it. */
export interface BusinessFacts {
  /** ISO 8601 UTC. */
  recordedAt: string
  /** What the account was connected with. */
  number: FormerNumber & { phoneNumber: string }
  alice: { phoneNumber: string; userId: string; windowUntil: string | null }
  /** Her number is hidden: the id is all that is known of her. */
  nora: { userId: string }
  /** Until when messages to Bob cost nothing. */
  freeUntil: string | null
  /** A question of Alice's as it was posted, which was answered. */
  posted: { id: string; timestamp: string; text: string }
  /** The reply of which nobody knows whether it left. */
  unsettled: { messageId: string; text: string }
  /** The reply that Meta refused. */
  failedId: string
  /** Nora's questions that still get an answer, in their order. */
  unanswered: string[]
  /** What was counted of prices, by month and category. */
  charges: { month: string; categories: { category: string; charged: number; free: number }[] }
  /** Where the file stood: its last valid copy is named for that path. */
  configPath: string
}
