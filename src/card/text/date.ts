/** Date and time in the reader's language and time zone, such as `3 Mar 2026, 14:05`. */
export function formatDateTime(iso: string, locale?: string, timeZone?: string): string {
  const format = {
    dateStyle: 'medium',
    timeStyle: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  } as const
  return new Intl.DateTimeFormat(locale, format).format(new Date(iso))
}
