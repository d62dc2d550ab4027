/** What this Meta does by itself. Delays of the wire are real milliseconds; what lasts long is measured by the platform's own clock. */
export interface BusinessHabits {
  /** Between what happened and its webhook; each status has one of its own, so that they come in any order. */
  webhookDelayMs: readonly [lowest: number, highest: number]
  /** How often a webhook comes a second time. */
  duplicateRate: number
  /** How often `read` comes before `delivered`, or without it. */
  readFirstRate: number
  /** How long an endpoint may take to answer. */
  webhookTimeoutMs: number
  /** Before each further attempt, the last one again and again. Meta's grow to hours; it gives up after seven days. */
  retryDelaysMs: readonly number[]
  /** Webhooks that are posted to one endpoint at the same time. */
  concurrentWebhooks: number
  /** Most updates in one webhook. */
  batchSize: number
  /** The version that was chosen for webhooks in the app's dashboard; before 24 statuses name a `conversation`. */
  webhookVersion: number
  /** Most errors of one message come by webhook, after it was accepted; `answer`: at once. */
  lateErrors: 'webhook' | 'answer'
  /** One message to a person in this time; `burst` of them may be borrowed from the future. */
  pairRate: { everyMs: number; burst: number } | null
  /** Messages a second, of an ordinary number and of one that is also in the Business app. */
  numberRate: { ordinary: number; coexistence: number }
  /** How long the address of a file can be fetched from. */
  mediaUrlMs: number
  /** How long the id of a file from a webhook, and of an uploaded one, is known. */
  mediaIdMs: { received: number; uploaded: number }
  /** How often a hash is written in hex instead of base64. */
  hexHashRate: number
  /** How often the webhook of a file names its address at once. */
  mediaUrlInWebhookRate: number
  /** Whether the one status of a reaction names a price: no page of Meta's says it. */
  pricesReactions: boolean
  /** Whether a token may ask `debug_token` about itself; Meta's documents speak of app tokens only. */
  tokensDebugThemselves: boolean
}

const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

export const HABITS: BusinessHabits = {
  webhookDelayMs: [1, 25],
  duplicateRate: 0.05,
  readFirstRate: 0.15,
  webhookTimeoutMs: 10_000,
  retryDelaysMs: [0, 100, 300, 1_000, 3_000, 10_000, 30_000],
  concurrentWebhooks: 8,
  batchSize: 1_000,
  webhookVersion: 25,
  lateErrors: 'webhook',
  pairRate: { everyMs: 6_000, burst: 45 },
  numberRate: { ordinary: 80, coexistence: 20 },
  mediaUrlMs: 5 * 60_000,
  mediaIdMs: { received: 7 * DAY_MS, uploaded: 30 * DAY_MS },
  hexHashRate: 0.2,
  mediaUrlInWebhookRate: 0.5,
  pricesReactions: true,
  tokensDebugThemselves: true,
}
