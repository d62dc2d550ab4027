import type { CardFrame } from '../card-context.ts'
import { formatCountdown, secondsUntil } from './time.ts'

/** Whether what lives until `expiresAt` is over by the daemon's clock, and the countdown in words. */
export function expiry(
  { say, state, locale }: Pick<CardFrame, 'say' | 'state' | 'locale'>,
  expiresAt: string,
): { isOver: boolean; countdown: string } {
  const seconds = secondsUntil(expiresAt, Date.now(), state.clockOffsetMs)
  return seconds === 0
    ? { isOver: true, countdown: say('Expired') }
    : { isOver: false, countdown: say('Expires in {time}', { time: formatCountdown(seconds, locale) }) }
}
