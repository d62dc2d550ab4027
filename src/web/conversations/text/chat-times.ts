const DAY_MS = 86_400_000

/** The time of a row in a list: the time of today, the weekday of the last week, else the date; `''` for what is no time. */
export function formatRowTime(iso: string, now: Date, locale?: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return ''
  const days = daysBetween(date, now)
  if (days === 0) return date.toLocaleTimeString(locale, { timeStyle: 'short' })
  if (days > 0 && days < 7) return date.toLocaleDateString(locale, { weekday: 'short' })
  return date.toLocaleDateString(locale, { dateStyle: 'short' })
}

/** The time of day of a message; `''` for what is no time. */
export function formatClock(iso: string, locale?: string): string {
  const date = new Date(iso)
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleTimeString(locale, { timeStyle: 'short' })
}

/** The day of a message for the line above it: 0 today, 1 yesterday, else `date`, with the weekday. */
export function dayOf(iso: string, now: Date, locale?: string): { daysAgo: number; date: string } {
  const day = new Date(iso)
  const date = day.toLocaleDateString(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(day.getFullYear() !== now.getFullYear() && { year: 'numeric' }),
  })
  return { daysAgo: daysBetween(day, now), date }
}

/** Whether two messages are of different days, in the reader's time zone. */
export function isAnotherDay(one: string, other: string): boolean {
  return new Date(one).toDateString() !== new Date(other).toDateString()
}

/** How long until then, in minutes or hours, such as `42 min`; at least one minute. */
export function formatTimeLeft(ms: number, locale?: string): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000))
  const [amount, unit] = minutes < 120 ? [minutes, 'minute'] : [Math.round(minutes / 60), 'hour']
  return amount.toLocaleString(locale, { style: 'unit', unit, unitDisplay: 'short' })
}

/** The size of a file, such as `1.2 MB`. */
export function formatSize(bytes: number, locale?: string): string {
  const [amount, unit] =
    bytes < 1_000_000 ? [Math.max(1, Math.round(bytes / 1_000)), 'kilobyte'] : [bytes / 1_000_000, 'megabyte']
  return amount.toLocaleString(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  })
}

function daysBetween(date: Date, now: Date): number {
  const midnight = (day: Date): number => new Date(day).setHours(0, 0, 0, 0)
  return Math.round((midnight(now) - midnight(date)) / DAY_MS)
}
