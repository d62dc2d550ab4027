/** The last millisecond that has four digits of a year: JSON schemas and other languages read no further. */
const LAST_MS = 253_402_300_799_999

/** A time as a database holds it, milliseconds since 1970; the nearest possible one where another program wrote what is none. */
export function storedTime(milliseconds: number): Date {
  return new Date(Math.min(Math.max(milliseconds, 0), LAST_MS))
}
