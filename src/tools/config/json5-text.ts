import { renderValue } from '../../config/document/render-value.ts'
import type { TextStyle } from '../../config/document/text-style.ts'

const ONE_LINE: TextStyle = {
  quote: "'",
  quotesKeys: false,
  trailingCommas: false,
  indent: '',
  newline: '\n',
  multiline: false,
}

/** A JSON value as JSON5 on one line: keys without quotes where they need none, texts in single quotes. */
export function json5Text(value: unknown): string {
  return renderValue(value, ONE_LINE, '')
}
