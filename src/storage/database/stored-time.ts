/** The last millisecond of the year 9999: JSON schemas and other languages read no later time. */
const LAST_MS = 253_402_300_799_999

/** A time from a database, milliseconds since 1970; the nearest possible one where another program wrote an impossible one. */
export function storedTime(milliseconds: number): Date {
  return new Date(Math.min(Math.max(milliseconds, 0), LAST_MS))
}
