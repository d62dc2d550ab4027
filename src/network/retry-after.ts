/**
 * How long a server asks to wait, in milliseconds from `now`: `retry-after-ms`, or `Retry-After` in seconds or as a date (RFC 9110,
 * 10.2.3). `null` where it does not say, or in a way that cannot be read.
 */
export function retryAfterMs(headers: Headers, now: Date): number | null {
  const milliseconds = toNumber(headers.get('retry-after-ms'))
  if (milliseconds !== null) return milliseconds
  const header = headers.get('retry-after')
  const seconds = toNumber(header)
  if (seconds !== null) return seconds * 1_000
  // Only dates have a month in words; `Date.parse` would also take a bare number for a year.
  const at = header !== null && /[a-z]{3}/i.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime())
}

function toNumber(header: string | null): number | null {
  const number = header === null || header.trim() === '' ? Number.NaN : Number(header)
  return Number.isFinite(number) && number >= 0 ? number : null
}
