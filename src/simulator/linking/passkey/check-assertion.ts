import { verify } from 'node:crypto'
import { z } from 'zod'
import { ASSERTION_ORIGIN, FLAGS, type Passkey, RELYING_PARTY, sha256 } from './passkey.ts'

const HASH_BYTES = 32
const FLAGS_AT = HASH_BYTES
const COUNTER_AT = FLAGS_AT + 1
const SHORTEST_BYTES = COUNTER_AT + 4

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/)
/** Exactly the keys that WhatsApp Web sends. */
const assertionJson = z.strictObject({
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  response: z.strictObject({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullable(),
  }),
})
const clientData = z.object({
  type: z.literal('webauthn.get'),
  challenge: z.string(),
  origin: z.literal(ASSERTION_ORIGIN),
  crossOrigin: z.boolean().optional(),
})

/**
 * Verifies an assertion as a relying party does (WebAuthn level 3, section 7.2): the keys of the JSON, the credential, the
 * challenge, the origin, the relying party, presence and verification of the person, the signature (ES256) and the
 * counter, which it then advances. Returns the passkey that signed. Throws an error that names what is wrong.
 */
export function checkAssertion(o: {
  assertion: Buffer
  /** As it was sent beside the JSON. */
  credentialId: Buffer
  passkeys: readonly Passkey[]
  /** Whether a challenge (base64url) was issued, and is still to be answered. */
  takes: (challenge: string) => boolean
}): Passkey {
  const { id, rawId, response } = read(assertionJson, o.assertion.toString('utf8'), 'the assertion')
  if (id !== rawId || !decode(rawId).equals(o.credentialId)) throw new Error('the credential ids differ')
  const passkey = o.passkeys.find(({ credentialId }) => credentialId.equals(o.credentialId))
  if (passkey === undefined) throw new Error('the account has no such passkey')
  if (response.userHandle !== null && !decode(response.userHandle).equals(passkey.userHandle))
    throw new Error('the passkey belongs to another user')
  const clientDataJson = decode(response.clientDataJSON)
  const client = read(clientData, clientDataJson.toString('utf8'), 'the client data')
  if (client.crossOrigin === true) throw new Error('the assertion comes from a frame of another site')
  if (!o.takes(client.challenge)) throw new Error('the challenge is unknown, used or expired')
  const authenticatorData = decode(response.authenticatorData)
  checkFlags(authenticatorData)
  const signed = Buffer.concat([authenticatorData, sha256(clientDataJson)])
  if (!verify('sha256', signed, passkey.publicKey, decode(response.signature)))
    throw new Error('the signature is wrong')
  const count = authenticatorData.readUInt32BE(COUNTER_AT)
  if ((count !== 0 || passkey.signCount !== 0) && count <= passkey.signCount)
    throw new Error('the counter does not rise')
  passkey.signCount = count
  return passkey
}

function checkFlags(authenticatorData: Buffer): void {
  if (authenticatorData.length < SHORTEST_BYTES) throw new Error('the authenticator data is too short')
  if (!authenticatorData.subarray(0, HASH_BYTES).equals(sha256(RELYING_PARTY)))
    throw new Error('the assertion is for another relying party')
  const flags = authenticatorData.readUInt8(FLAGS_AT)
  if ((flags & FLAGS.userPresent) === 0) throw new Error('no person was present')
  if ((flags & FLAGS.userVerified) === 0) throw new Error('the person was not verified')
  if ((flags & FLAGS.backedUp) !== 0 && (flags & FLAGS.backupEligible) === 0)
    throw new Error('the backup flags contradict each other')
}

function read<T>(schema: z.ZodType<T>, text: string, what: string): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Error(`${what} is no JSON`, { cause })
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new Error(`${what}: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

function decode(text: string): Buffer {
  return Buffer.from(text, 'base64url')
}
