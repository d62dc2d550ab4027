/** Date and time in the reader's language and time zone, such as `3 Mar 2026, 14:05`; `''` for what is no time. */
export function formatDateTime(iso: string, locale?: string, timeZone?: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return ''
  return date.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone })
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
