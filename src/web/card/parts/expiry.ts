import { formatCountdown, secondsUntil } from '../text/countdown.ts'
import type { CardFrame } from './card-context.ts'

/** Whether what lives until `expiresAt` is over by the daemon's clock, and the countdown in words. */
export function expiry({ say, state }: CardFrame, expiresAt: string): { isOver: boolean; words: string } {
  const seconds = secondsUntil(expiresAt, Date.now(), state.clockOffsetMs)
  return seconds === 0
    ? { isOver: true, words: say('Expired') }
    : { isOver: false, words: say('Expires in {time}', { time: formatCountdown(seconds) }) }
}
