/** Date and time in the reader's language and time zone, such as `3 Mar 2026, 14:05`; `''` for what is no time. */
export function formatDateTime(iso: string, locale?: string, timeZone?: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return ''
  return date.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone })
}

/** The date in the reader's language, such as `3 Mar 2026`; `''` for what is no time. */
export function formatDate(iso: string, locale?: string): string {
  const date = new Date(iso)
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleDateString(locale, { dateStyle: 'medium' })
}

/** The time of `date`, such as `21:48`, with the date where that is not the one of `now`. */
export function formatTimeOfDay(date: Date, now: Date, locale?: string): string {
  const isToday = date.toDateString() === now.toDateString()
  return isToday
    ? date.toLocaleTimeString(locale, { timeStyle: 'short' })
    : formatDateTime(date.toISOString(), locale)
}

/** Whole seconds from `nowMs` (local clock) until `expiresAt` (the daemon's clock), never below zero; 0 for what is no time. */
export function secondsUntil(expiresAt: string, nowMs: number, clockOffsetMs: number): number {
  const seconds = Math.ceil((Date.parse(expiresAt) - (nowMs + clockOffsetMs)) / 1_000)
  return seconds > 0 ? seconds : 0
}

/** `0:07`, `12:34`, `5:00:00`, in the digits of the locale. */
export function formatCountdown(seconds: number, locale?: string): string {
  const digits = (number: number, minimumIntegerDigits: number): string =>
    Math.floor(number).toLocaleString(locale, { minimumIntegerDigits, useGrouping: false })
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  const rest = digits(seconds % 60, 2)
  return hours === 0 ? `${digits(minutes, 1)}:${rest}` : `${digits(hours, 1)}:${digits(minutes, 2)}:${rest}`
}
