/** Making one takes a millisecond; a machine has one zone. */
let former: { timeZone: string; format: Intl.DateTimeFormat } | null = null

/** `at` on the clocks of a zone, to the second and with its distance from UTC: `2026-11-30T13:34:56+01:00`. */
export function localTime(at: Date, timeZone: string): string {
  if (former?.timeZone !== timeZone) former = { timeZone, format: formatOf(timeZone) }
  const parts = former.format.formatToParts(at)
  const of = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((part) => part.type === type)?.value ?? ''
  // "GMT+01:00", and "GMT" alone for UTC itself.
  const offset = /[+-]\d\d:\d\d/.exec(of('timeZoneName'))?.[0] ?? '+00:00'
  const date = `${of('year')}-${of('month')}-${of('day')}`
  return `${date}T${of('hour')}:${of('minute')}:${of('second')}${offset}`
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en', {
    calendar: 'gregory',
    numberingSystem: 'latn',
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  })
}
