/** Date and time in the reader's language and time zone, such as `3 Mar 2026, 14:05`. */
export function formatDateTime(iso: string, locale?: string, timeZone?: string): string {
  return new Date(iso).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone })
}
