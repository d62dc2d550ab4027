import { maskDigits, REDACTED, redactText } from './redact-text.ts'
import { isRecord } from '../../protocol/is-record.ts'

const MAX_DEPTH = 6
const MAX_ENTRIES = 50
/** The limit for all texts of a record together. */
const MAX_CHARACTERS = 12_000
const CUT = '[cut]'

/** The state of one record while it is redacted. */
interface Walk {
  readonly seen: Set<object>
  /** Characters that may still be written. */
  room: number
  /** What replaces values that only this process knows to be secret. */
  readonly conceal: Conceal
}

/** The text without values that must not be written. */
export type Conceal = (text: string) => string

const asItIs: Conceal = (text) => text

function redactString(text: string, walk: Walk): string {
  if (walk.room <= 0) return CUT
  const redacted = redactText(walk.conceal(text))
  walk.room -= redacted.length
  return redacted
}

/** Keys whose value is never written: secrets that give access, key material, and message texts. */
const SECRET_KEY =
  /token|secret|passw|passphrase|authorization|cookie|api_?key|priv|qr|pairing|link_?code|credential|creds|(identity|noise|signed|pre|root|chain|public|enc|mac|media|base|message)_?key|keypair|signature|ephemeral|ratchet|session(s|record)?$|plaintext|ciphertext|jwt/i
const MESSAGE_TEXT_KEY =
  /^(text|body|conversation|caption|content|quoted?|extendedText.*|prompt|reply|answer|frame|node)$/i

/** Keys whose numbers are measures; every other integer of a phone number's size is treated as a phone number. */
const MEASURE_KEY =
  /(at|ms|time|timestamp|bytes|size|count|length|total|memory|rss|seconds|level|line|column|eventid)$/i
const SMALLEST_PHONE_NUMBER = 1_000_000

/** Error codes are written; an eight-character pairing code or a page code is not. */
const SHOWABLE_CODE = /^(?:[a-z][a-z0-9]*(?:_[a-z0-9]+)*|(?:ERR|SQLITE)_[A-Z0-9_]+|E[A-Z]+)$/
const PAIRING_CODE = /^[1-9A-HJKLMNP-TV-Z]{8}$/

function redactCode(code: unknown): unknown {
  if (typeof code === 'number' && Math.abs(code) < SMALLEST_PHONE_NUMBER) return code
  if (typeof code !== 'string' || code.length > 40) return REDACTED
  return SHOWABLE_CODE.test(code) && !PAIRING_CODE.test(code) ? code : REDACTED
}

function redactNumber(key: string, value: number): unknown {
  if (Math.abs(value) < SMALLEST_PHONE_NUMBER || !Number.isInteger(value) || MEASURE_KEY.test(key))
    return value
  return maskDigits(String(Math.abs(value)))
}

/** Baileys' errors carry WhatsApp's close code in `output.statusCode`. */
function statusCodeOf(error: Error): number | undefined {
  if (!('output' in error) || typeof error.output !== 'object' || error.output === null) return undefined
  if (!('statusCode' in error.output)) return undefined
  return typeof error.output.statusCode === 'number' ? error.output.statusCode : undefined
}

function redactError(error: Error, walk: Walk, depth: number): Record<string, unknown> {
  // Any value can be thrown, so `name` may be of any type.
  const { name }: { name: unknown } = error
  const result: Record<string, unknown> = {
    type: typeof name === 'string' ? redactString(name, walk) : 'Error',
    message: redactString(error.message, walk),
  }
  if ('code' in error) result['code'] = redactCode(error.code)
  const statusCode = statusCodeOf(error)
  if (statusCode !== undefined) result['statusCode'] = statusCode
  if (error.stack !== undefined) result['stack'] = redactString(error.stack, walk)
  if (error.cause !== undefined) result['cause'] = redactInside('cause', error.cause, walk, depth + 1)
  return result
}

function redactObject(value: object, walk: Walk, depth: number): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString()
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  if (walk.seen.has(value)) return '[circular]'
  if (depth > MAX_DEPTH) return '[deep]'
  walk.seen.add(value)
  try {
    if (value instanceof Error) return redactError(value, walk, depth)
    if (Array.isArray(value)) {
      const shown = value.slice(0, MAX_ENTRIES).map((item) => redactInside('', item, walk, depth + 1))
      return value.length > MAX_ENTRIES ? [...shown, `[${value.length - MAX_ENTRIES} more]`] : shown
    }
    const prototype: unknown = Object.getPrototypeOf(value)
    // Instances of classes can hold anything (sockets, sessions): only their name is written.
    if (prototype !== null && prototype !== Object.prototype) return `[${value.constructor.name}]`
    const entries = Object.entries(value)
    const shown = entries
      .slice(0, MAX_ENTRIES)
      .map(([key, item]) => [redactString(key, walk), redactInside(key, item, walk, depth + 1)] as const)
    if (entries.length > MAX_ENTRIES) shown.push(['more', entries.length - MAX_ENTRIES])
    return Object.fromEntries(shown)
  } finally {
    walk.seen.delete(value)
  }
}

function redactInside(key: string, value: unknown, walk: Walk, depth: number): unknown {
  if (walk.room <= 0) return CUT
  walk.room -= 1
  if (value === null || value === undefined || typeof value === 'boolean') return value
  if (SECRET_KEY.test(key) || MESSAGE_TEXT_KEY.test(key)) {
    return typeof value === 'number' && MEASURE_KEY.test(key) ? value : REDACTED
  }
  if (key.toLowerCase() === 'code') return redactCode(value)
  if (typeof value === 'string') return redactString(value, walk)
  if (typeof value === 'number') return redactNumber(key, value)
  if (typeof value === 'bigint') return redactText(value.toString())
  return typeof value === 'object' ? redactObject(value, walk, depth) : `[${typeof value}]`
}

/**
 * A copy that may be logged, of bounded size: values of secret or message-text keys are removed, strings and keys pass
 * {@link redactText}, bytes become their length, class instances their name, errors their type, message, code and stack.
 */
export function redactValue(value: unknown, conceal: Conceal = asItIs): unknown {
  return redactInside('', value, { seen: new Set(), room: MAX_CHARACTERS, conceal }, 0)
}

/** {@link redactValue} for a log record; a value that is not a plain object is put under `value`. */
export function redactRecord(record: object, conceal: Conceal = asItIs): Record<string, unknown> {
  if (record instanceof Error) return { err: redactValue(record, conceal) }
  const redacted = redactValue(record, conceal)
  return isRecord(redacted) ? redacted : { value: redacted }
}
