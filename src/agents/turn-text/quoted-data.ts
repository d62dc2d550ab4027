import { cutText } from '../../text/bounded-text.ts'
import { replaceUnprintable } from '../../protocol/text/printable.ts'
import { withoutMarks } from './without-marks.ts'

/**
 * Words of other people as one quoted line of at most about `limit` UTF-16 code units: line breaks are written as `\n`; quotation marks
 * and backslashes are escaped; brackets become round ones; what shows nothing, or turns the direction of writing, is left out.
 */
export function quotedData(text: string, limit: number): string {
  const lines = text.replaceAll(/\r\n?|[\u2028\u2029\u0085\v\f]/g, '\n').replaceAll('\t', ' ')
  const shown = replaceUnprintable(cutText(lines, limit), (found) => (found === '\n' ? found : ''))
  return JSON.stringify(withoutMarks(shown.trim()))
}
