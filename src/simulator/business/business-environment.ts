import type { SeededRandom } from '../seeded-random.ts'
import type { BusinessDirectory } from './business-directory.ts'
import type { BusinessHabits } from './business-habits.ts'
import type { DelayedWork } from './delayed-work.ts'
import type { BusinessFaults } from './faults/business-faults.ts'
import type { MediaFiles } from './media/media-files.ts'
import type { WebhookOutlets } from './webhooks/webhook-outlets.ts'

/** What passes: a webhook is on its way or was answered, a call came in or its effect is there and the answer leaves. */
export type PlatformStep = 'webhook-out' | 'webhook-answered' | 'call-in' | 'call-answered'

/** What the parts of the simulated Graph API share. */
export interface BusinessEnvironment {
  /** Milliseconds since the epoch. */
  now: () => number
  random: SeededRandom
  habits: BusinessHabits
  faults: BusinessFaults
  directory: BusinessDirectory
  media: MediaFiles
  webhooks: WebhookOutlets
  later: DelayedWork
  /** Something that a viewer sees may have changed. */
  changed(): void
  /** Something passes between Meta and the business, now. */
  stepped(step: PlatformStep): void
  /** Where files are fetched from, `http://…` without a path; known once the server listens. */
  mediaUrl(): string
}
