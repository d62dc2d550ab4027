import { createHash } from 'node:crypto'
import { DaemonError } from '../../../../protocol/errors.ts'
import { isRecord } from '../../../../protocol/is-record.ts'
import { MAX_ASSERTION_LENGTH } from '../../../../protocol/account/passkey.ts'
import { cleanLine } from '../../../../text/bounded-text.ts'
import { RELYING_PARTY } from './request-options.ts'

const ORIGIN = 'https://web.whatsapp.com'

/** Longest fields, bytes. A credential id has at most 1,023, a user handle 64 (WebAuthn). */
const LIMITS = {
  id: 1_023,
  rawId: 1_023,
  clientDataJSON: 4_096,
  authenticatorData: 4_096,
  signature: 1_024,
  userHandle: 64,
} as const

/** Hash of the relying party's id, flags, counter. */
const MIN_AUTHENTICATOR_DATA_BYTES = 37
const RP_ID_HASH_BYTES = 32
const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
const LONGEST_ORIGIN = 100

/** An answer that may leave. */
export interface CheckedAssertion {
  /** Of the credential, raw bytes. */
  credentialId: Uint8Array
  /** UTF-8 JSON with exactly the members that WhatsApp Web sends. */
  json: Uint8Array
}

/**
 * Checks what a browser returned for `challenge` (base64url) before WhatsApp gets it: the form of an assertion, made for this
 * challenge on WhatsApp's page, with a person who was verified. The signature cannot be checked here, as only WhatsApp
 * has the public key. Throws `DaemonError` (`passkey_answer_invalid`), which names the field.
 */
export function checkAssertion(given: string | Record<string, unknown>, challenge: string): CheckedAssertion {
  const answer = readAnswer(given)
  if (answer['type'] !== 'public-key') throw wrong('type', 'is no "public-key"')
  const { response } = answer
  if (!isRecord(response)) throw wrong('response', 'is missing')
  const rawId = readBytes(answer, 'rawId')
  const id = answer['id'] === undefined ? rawId.text : readBytes(answer, 'id').text
  if (id !== rawId.text) throw wrong('id', 'is another one than rawId')
  const clientData = readBytes(response, 'clientDataJSON')
  const authenticatorData = readBytes(response, 'authenticatorData')
  const signature = readBytes(response, 'signature')
  const userHandle = isAbsent(response['userHandle']) ? null : readBytes(response, 'userHandle').text
  checkClientData(clientData.bytes, challenge)
  checkAuthenticatorData(authenticatorData.bytes)
  const json = JSON.stringify({
    id,
    rawId: rawId.text,
    type: 'public-key',
    response: {
      clientDataJSON: clientData.text,
      authenticatorData: authenticatorData.text,
      signature: signature.text,
      userHandle,
    },
  })
  return { credentialId: rawId.bytes, json: Buffer.from(json) }
}

/** A console may have put the JSON between quotes, a terminal may have broken its lines. */
function readAnswer(given: string | Record<string, unknown>): Record<string, unknown> {
  const text = typeof given === 'string' ? given : JSON.stringify(given)
  if (text.length > MAX_ASSERTION_LENGTH) throw wrong(null, 'is longer than 16 KiB')
  const once = parse(text.replaceAll(/\s/g, '').replace(/^'(.*)'$/, '$1'))
  const answer = typeof once === 'string' ? parse(once) : once
  if (!isRecord(answer)) throw wrong(null, 'is no JSON object: copy it whole, from the first { to the last }')
  return answer
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function checkClientData(bytes: Buffer, challenge: string): void {
  const data = parse(bytes.toString('utf8'))
  const field = 'response.clientDataJSON'
  if (!isRecord(data)) throw wrong(field, 'holds no JSON object')
  if (data['type'] !== 'webauthn.get') throw wrong(field, 'is of another operation than a signature')
  if (typeof data['challenge'] !== 'string' || unpadded(data['challenge']) !== challenge)
    throw wrong(
      field,
      'answers another question of WhatsApp, from an earlier attempt perhaps: sign what is shown now',
    )
  if (data['origin'] !== ORIGIN) {
    const origin = cleanLine(String(data['origin']), LONGEST_ORIGIN)
    throw wrong(field, `was made on ${origin}: sign on a page of ${ORIGIN}`)
  }
  if (data['crossOrigin'] === true) throw wrong(field, 'was made in a page inside of another page')
}

function checkAuthenticatorData(bytes: Buffer): void {
  const field = 'response.authenticatorData'
  if (bytes.length < MIN_AUTHENTICATOR_DATA_BYTES) throw wrong(field, 'is too short')
  const expected = createHash('sha256').update(RELYING_PARTY).digest()
  if (!bytes.subarray(0, RP_ID_HASH_BYTES).equals(expected))
    throw wrong(field, `is for another site than ${RELYING_PARTY}`)
  const flags = bytes[RP_ID_HASH_BYTES] ?? 0
  if ((flags & USER_PRESENT) === 0) throw wrong(field, 'says that nobody was present')
  if ((flags & USER_VERIFIED) === 0)
    throw wrong(field, 'says that nobody was verified: use the fingerprint, the face or the PIN')
}

/** The field `name` as base64url without padding, and decoded. */
function readBytes(
  from: Record<string, unknown>,
  name: keyof typeof LIMITS,
): { text: string; bytes: Buffer } {
  const value = from[name]
  const limit = LIMITS[name]
  const field = name === 'id' || name === 'rawId' ? name : `response.${name}`
  if (typeof value !== 'string' || value === '') throw wrong(field, 'is missing')
  const text = unpadded(value)
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) throw wrong(field, 'is not base64url')
  if (bytes.length > limit) throw wrong(field, `has more than ${limit} bytes`)
  return { text, bytes }
}

const unpadded = (text: string): string => text.replace(/=+$/, '')

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === ''

function wrong(field: string | null, what: string): DaemonError {
  const subject = field === null ? 'The answer' : `${field} of the answer`
  return new DaemonError('passkey_answer_invalid', {
    message: `${subject} ${what}.`,
    ...(field === null ? {} : { details: { field } }),
  })
}
