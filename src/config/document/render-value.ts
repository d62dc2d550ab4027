import type { TextStyle } from './text-style.ts'

const PLAIN_KEY = /^[A-Za-z_$][\w$]*$/
/** An object that holds only plain values stays on its line up to this length. */
const LONGEST_LINE = 80

/** A JSON value as JSON5 in this style. `indent` is the white space before the line that it begins on. */
export function renderValue(value: unknown, style: TextStyle, indent: string): string {
  if (Array.isArray(value)) return `[${value.map((item) => renderValue(item, style, indent)).join(', ')}]`
  if (typeof value === 'string') return renderText(value, style.quote)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value)
  if (entries.length === 0) return '{}'
  const inner = indent + style.indent
  const members = entries.map(
    ([key, item]) => [renderKey(key, style), renderValue(item, style, inner)] as const,
  )
  const line = `{ ${members.map((member) => member.join(': ')).join(', ')} }`
  const isPlain = entries.every(([, item]) => typeof item !== 'object' || item === null)
  return !style.multiline || (isPlain && line.length <= LONGEST_LINE)
    ? line
    : renderLines(
        members.map((member) => member.join(': ')),
        style,
        indent,
      )
}

/** An object with each of these members on a line of its own. */
export function renderLines(members: readonly string[], style: TextStyle, indent: string): string {
  const { newline, trailingCommas } = style
  const body = members.map((member) => `${newline}${indent}${style.indent}${member}`).join(',')
  return `{${body}${trailingCommas ? ',' : ''}${newline}${indent}}`
}

/** In quotes where it needs them, and where the file writes all its names so. */
export function renderKey(key: string, style: TextStyle): string {
  return style.quotesKeys || !PLAIN_KEY.test(key) ? renderText(key, style.quote) : key
}

function renderText(text: string, quote: '"' | "'"): string {
  // JSON5 reads these two line breaks inside of texts, but warns of them on the console.
  const json = JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
  return quote === '"' ? json : `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
