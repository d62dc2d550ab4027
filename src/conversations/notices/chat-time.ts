import type { Language } from '../../protocol/config/languages.ts'

/**
 * Hours and minutes in UTC as the language writes them, with the day when it is another one than that of `from`; both in milliseconds
 * since 1970. Digits are those of phone numbers and times on every phone: 0 to 9.
 */
export function chatTime(at: number, from: number, language: Language): string {
  const isToday = new Date(at).toISOString().slice(0, 10) === new Date(from).toISOString().slice(0, 10)
  const format = new Intl.DateTimeFormat(`${language === 'en' ? 'en-GB' : language}-u-nu-latn`, {
    timeZone: 'UTC',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(isToday ? {} : { day: 'numeric', month: 'long', year: 'numeric' }),
  })
  return format.format(at)
}
