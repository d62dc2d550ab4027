/** Date and time in the reader's language and time zone, such as `3 Mar 2026, 14:05`. */
export function formatDateTime(iso: string, locale?: string, timeZone?: string): string {
  return new Date(iso).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone })
}

/** Whole seconds from `nowMs` (local clock) until `expiresAt` (the daemon's clock), never below zero. */
export function secondsUntil(expiresAt: string, nowMs: number, clockOffsetMs: number): number {
  return Math.max(0, Math.ceil((Date.parse(expiresAt) - (nowMs + clockOffsetMs)) / 1_000))
}

/** `0:07`, `12:34`, `5:00:00`. */
export function formatCountdown(seconds: number): string {
  const two = (number: number): string => String(Math.floor(number) % 60).padStart(2, '0')
  const short = `${two(seconds / 60)}:${two(seconds)}`
  return seconds < 3_600 ? short.replace(/^0/, '') : `${Math.floor(seconds / 3_600)}:${short}`
}
