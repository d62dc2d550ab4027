const PLAIN_KEY = /^[A-Za-z_$][\w$]*$/

/** A JSON value as JSON5 on one line: keys without quotes where they need none, texts in single quotes. */
export function json5Text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(json5Text).join(', ')}]`
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(
    ([key, inner]) => `${PLAIN_KEY.test(key) ? key : quoted(key)}: ${json5Text(inner)}`,
  )
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
