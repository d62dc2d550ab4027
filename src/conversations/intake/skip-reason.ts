import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { MessageClock } from '../message-clock.ts'
import type { Pauses } from './pauses.ts'

const MINUTE_MS = 60_000

export interface SkipReasonDependencies {
  clock: MessageClock
  pauses: Pick<Pauses, 'covers' | 'correct'>
  config: () => AccountConfig
}

/** Why nothing is done now that this message asks: it was sent while the account was paused, or too long ago. `null` where neither is known. */
export function skipReason(
  { arrival, sentAt }: Pick<IncomingMessage, 'arrival' | 'sentAt'>,
  { clock, pauses, config }: SkipReasonDependencies,
): 'paused' | 'too_old' | null {
  pauses.correct()
  if (pauses.covers(sentAt.getTime())) return 'paused'
  // How old it is cannot be said before WhatsApp has told its time: then it is judged when its turn starts.
  if (arrival === 'live' || !clock.isKnown) return null
  return clock.now() - sentAt.getTime() <= config().catchUp.maxAgeMinutes * MINUTE_MS ? null : 'too_old'
}
