/** What a spreadsheet takes for the beginning of a formula, https://owasp.org/www-community/attacks/CSV_Injection. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/
/** A number with its plus sign is the value that a formula of it has, too. */
const PHONE_NUMBER = /^\+\d{5,17}$/

/**
 * One record of RFC 4180, with its line break. A value that a spreadsheet would run as a formula gets an apostrophe in front, which
 * spreadsheets do not show.
 */
export function csvLine(values: readonly (string | null)[]): string {
  return `${values.map((value) => quoted(defused(value ?? ''))).join(',')}\r\n`
}

function defused(value: string): string {
  return FORMULA.test(value) && !PHONE_NUMBER.test(value) ? `'${value}` : value
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
