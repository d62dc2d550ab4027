import { formatDateTime } from '../../card/text/time.ts'
import type { Words } from '../../elements/language/words.ts'
import { formatClock, formatTimeLeft } from './chat-times.ts'
import type { ConversationsText } from './conversations-texts.ts'

const HOUR_MS = 3_600_000

/** Until when a free text can be sent, in a sentence; in the last hour how long that is. Times are milliseconds since 1970. */
export function windowSentence(
  say: Words<ConversationsText>,
  untilMs: number,
  nowMs: number,
  locale?: string,
): string {
  const leftMs = untilMs - nowMs
  if (leftMs <= HOUR_MS) return say('Replies for {time} more.', { time: formatTimeLeft(leftMs, locale) })
  const until = new Date(untilMs).toISOString()
  const day = new Date(untilMs).toDateString()
  const isOn = (days: number): boolean => {
    const date = new Date(nowMs)
    date.setDate(date.getDate() + days)
    return date.toDateString() === day
  }
  if (isOn(0)) return say('Replies until {time}.', { time: formatClock(until, locale) })
  if (isOn(1)) return say('Replies until {time} tomorrow.', { time: formatClock(until, locale) })
  return say('Replies until {time}.', { time: formatDateTime(until, locale) })
}
