import { storableText } from '../bounded-text.ts'

/** A shorter value is part of too many words. */
const SHORTEST_SECRET = 8
/** A line of a longer secret, such as a key in PEM, that is one by itself. */
const SHORTEST_LINE = 16
/** `-----BEGIN PRIVATE KEY-----` stands in every key. */
const ARMOUR = /^-{2,}[A-Z0-9 ]+-{2,}$/
/** A name that somebody logs in by, which is no token: `postgres`, `read_only`. */
const USER_NAME = /^[A-Z]?[a-z]+(?:[._-][A-Z]?[a-z]+)*$/
/** What stands before the secret in a header. */
const SCHEME = /^(?:bearer|basic|token|bot|apikey|digest)\s+(?=\S)/i
const MAX_LINES = 200

/**
 * How a text may write a secret: as it is, escaped for JSON, encoded for URLs; of several lines each one by itself; of a URL what gives
 * access (the password, a token in place of a user's name, query) and the whole URL where it has such. Nothing for a value that is too short, and for an address without secrets.
 */
export function secretForms(value: string): string[] {
  const lines = value
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .slice(0, MAX_LINES)
    .filter((line) => line.length >= SHORTEST_SECRET)
  const long = lines.length === 1 ? lines : lines.filter((line) => isOwnLine(line))
  const forms = long.flatMap(partsOf).filter((part) => part.length >= SHORTEST_SECRET)
  return [...new Set(forms.flatMap(writings))]
}

function isOwnLine(line: string): boolean {
  return line.length >= SHORTEST_LINE && !ARMOUR.test(line)
}

function partsOf(line: string): string[] {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(line) && URL.canParse(line) ? new URL(line) : null
  if (url === null) return [line, line.replace(SCHEME, '')]
  const access = url.password === '' && !USER_NAME.test(url.username) ? url.username : url.password
  const inside = [access, ...url.searchParams.values()].filter((part) => part !== '')
  return inside.length === 0 ? [] : [line, ...inside, ...inside.map(decoded)]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function writings(text: string): string[] {
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(storableText(text))]
}
