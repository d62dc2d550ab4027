/**
 * Curve25519 as libsignal offers it (`libsignal/src/curve.js`), by Node's own crypto where that gives the same bytes: a
 * tenth of the time for an agreement, a twentieth for a signature check. What is not plainly well formed goes to the original,
 * so that it accepts, rejects and throws as ever. The build puts this in the original's place in Baileys.
 * `WHATSAPPD_CURVE=javascript` switches it off.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  randomBytes,
  verify,
} from 'node:crypto'
import { createRequire } from 'node:module'
import { ed25519 } from '@noble/curves/ed25519.js'
import type * as Curve from 'libsignal/src/curve.js'

const KEY_BYTES = 32
const SIGNATURE_BYTES = 64
/** Libsignal writes this before a public key. */
const KEY_TYPE = 5
/** Of Ed25519 keys that were made of public keys: senders in groups sign with the same one again and again. */
const MAX_KEPT_KEYS = 64

/** What stands before the 32 bytes of an X25519 key in PKCS #8 (RFC 8410). */
const PKCS8_HEADER = Buffer.from('302e020100300506032b656e04220420', 'hex')

const FIELD = 2n ** 255n - 19n
const ORDER = ed25519.Point.Fn.ORDER

// The object that libsignal's other files call, and Baileys where it is not bundled.
const libsignal = createRequire(import.meta.url)('libsignal/src/curve.js') as typeof Curve
const original = { ...libsignal }
const isNative = process.env['WHATSAPPD_CURVE'] !== 'javascript'
const basePoint = isNative ? importBasePoint() : null
const takesBareJwk = basePoint !== null && canImportBareJwk()
let prepared: typeof ed25519.Point.BASE | null = null
const signatureKeys = new Map<string, KeyObject>()

if (isNative)
  Object.assign(libsignal, { generateKeyPair, calculateAgreement, calculateSignature, verifySignature })

/** 33 bytes of public key, the first of them the type, and 32 of private key, clamped as OpenSSL does it. */
export function generateKeyPair(): Curve.KeyPairType {
  if (basePoint === null) return original.generateKeyPair()
  const privKey = clamp(randomBytes(KEY_BYTES))
  const publicKey = diffieHellman({ privateKey: importPrivate(privKey), publicKey: basePoint })
  return { pubKey: Buffer.concat([Buffer.of(KEY_TYPE), publicKey]), privKey }
}

/** The shared secret, 32 bytes. `publicKey` has 33 bytes. Throws as libsignal's does, also for points of a small order. */
export function calculateAgreement(publicKey: Uint8Array, privateKey: Uint8Array): Uint8Array {
  if (isNative && isPublicKey(publicKey) && isPrivateKey(privateKey)) {
    try {
      return diffieHellman({
        privateKey: importPrivate(privateKey),
        publicKey: importPublic(publicKey.subarray(1), 'X25519'),
      })
    } catch {
      // The original says what is wrong with them.
    }
  }
  return original.calculateAgreement(publicKey, privateKey)
}

/** XEdDSA without randomness, 64 bytes, as libsignal makes it. Throws as libsignal's does. */
export function calculateSignature(privateKey: Uint8Array, message: Uint8Array): Uint8Array {
  if (isNative && isPrivateKey(privateKey) && isBytes(message)) {
    try {
      return sign(privateKey, message)
    } catch {
      // A scalar that is no multiple of the base point: never seen.
    }
  }
  return original.calculateSignature(privateKey, message)
}

/**
 * Whether it is an XEdDSA signature of the message. Throws as libsignal's does. What Node's crypto does not accept, the
 * original judges: it takes a scalar above the order of the group, which Ed25519 rejects.
 */
export function verifySignature(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  ...rest: unknown[]
): boolean {
  const isPlain = rest.length === 0 && isBytes(message) && isBytes(signature)
  if (isNative && isPlain && isPublicKey(publicKey) && signature.length === SIGNATURE_BYTES) {
    try {
      if (isSignature(publicKey.subarray(1), message, signature)) return true
    } catch {
      // No point of the curve, or a Node without Ed25519.
    }
  }
  return (original.verifySignature as (...all: unknown[]) => boolean)(publicKey, message, signature, ...rest)
}

/** https://signal.org/docs/specifications/xeddsa/ with the nonce of Ed25519 (RFC 8032), as `curve25519-js` has it. */
function sign(privateKey: Buffer, message: Uint8Array): Buffer {
  const BASE = base()
  const secret = clamp(Buffer.from(privateKey))
  const scalar = toScalar(secret)
  const publicKey = BASE.multiply(scalar).toBytes()
  const nonce = toScalar(sha512(secret, message))
  const commitment = BASE.multiply(nonce).toBytes()
  const challenge = toScalar(sha512(commitment, publicKey, message))
  const signature = Buffer.concat([commitment, toBytes((nonce + challenge * scalar) % ORDER)])
  // The sign of the public key, which its Montgomery form has lost.
  signature[SIGNATURE_BYTES - 1] = at(signature, SIGNATURE_BYTES - 1) | (at(publicKey, KEY_BYTES - 1) & 0x80)
  return signature
}

/** Windows of 4 bits: wider ones are made for longer, 20 ms, than most processes ever sign. */
function base(): typeof ed25519.Point.BASE {
  prepared ??= ed25519.Point.BASE.precompute(4)
  return prepared
}

function isSignature(publicKey: Buffer, message: Uint8Array, signature: Uint8Array): boolean {
  const last = at(signature, SIGNATURE_BYTES - 1)
  const plain = Buffer.from(signature)
  plain[SIGNATURE_BYTES - 1] = last & 0x7f
  return verify(null, message, signatureKey(publicKey, last & 0x80), plain)
}

/** The Ed25519 key of a public key, with this sign. */
function signatureKey(publicKey: Buffer, sign: number): KeyObject {
  const name = `${publicKey.toString('latin1')}${sign}`
  const kept = signatureKeys.get(name)
  if (kept !== undefined) return kept
  const montgomery = toNumber(publicKey) & (2n ** 255n - 1n)
  // Birationally equivalent (RFC 7748, 4.1); the inverse of zero is zero, as in the original.
  const edwards = toBytes(((montgomery + FIELD - 1n) * power(montgomery + 1n, FIELD - 2n)) % FIELD)
  edwards[KEY_BYTES - 1] = at(edwards, KEY_BYTES - 1) | sign
  const made = importPublic(edwards, 'Ed25519')
  const [oldest] = signatureKeys.keys()
  if (oldest !== undefined && signatureKeys.size >= MAX_KEPT_KEYS) signatureKeys.delete(oldest)
  signatureKeys.set(name, made)
  return made
}

/** Of public values only: its time depends on them. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base % FIELD
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % FIELD
    square = (square * square) % FIELD
  }
  return result
}

/** As a JWK where Node takes one without its public part: OpenSSL 3 of Node 20 needs ten times as long to read the same key as DER. */
function importPrivate(key: Buffer): KeyObject {
  return takesBareJwk
    ? importBareJwk(key)
    : createPrivateKey({ key: Buffer.concat([PKCS8_HEADER, key]), format: 'der', type: 'pkcs8' })
}

function importBareJwk(key: Buffer): KeyObject {
  return createPrivateKey({
    key: { kty: 'OKP', crv: 'X25519', x: '', d: key.toString('base64url') },
    format: 'jwk',
  })
}

/** Later versions of Node 24 do not take it. */
function canImportBareJwk(): boolean {
  try {
    importBareJwk(clamp(randomBytes(KEY_BYTES)))
    return true
  } catch {
    return false
  }
}

function importPublic(key: Buffer, curve: 'X25519' | 'Ed25519'): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: curve, x: key.toString('base64url') }, format: 'jwk' })
}

/** `null` where Node's crypto has no X25519, as with some policies of OpenSSL. */
function importBasePoint(): KeyObject | null {
  try {
    return importPublic(Buffer.from([9, ...new Uint8Array(KEY_BYTES - 1)]), 'X25519')
  } catch {
    return null
  }
}

function isPublicKey(key: Uint8Array): key is Buffer {
  return Buffer.isBuffer(key) && key.length === KEY_BYTES + 1 && key[0] === KEY_TYPE
}

function isPrivateKey(key: Uint8Array): key is Buffer {
  return Buffer.isBuffer(key) && key.length === KEY_BYTES
}

/** Libsignal accepts no other kind of array, and no empty value in its place. */
function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === '[object Uint8Array]'
}

/** In place: the bits that every private key of Curve25519 has (RFC 7748, 5). */
function clamp(key: Buffer): Buffer {
  key[0] = at(key, 0) & 248
  key[KEY_BYTES - 1] = (at(key, KEY_BYTES - 1) & 127) | 64
  return key
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0
}

function sha512(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function toScalar(littleEndian: Buffer): bigint {
  return toNumber(littleEndian) % ORDER
}

function toNumber(littleEndian: Buffer): bigint {
  return BigInt(`0x${Buffer.from(littleEndian.toReversed()).toString('hex')}`)
}

/** 32 bytes, the least significant first. */
function toBytes(value: bigint): Buffer {
  return Buffer.from(Buffer.from(value.toString(16).padStart(2 * KEY_BYTES, '0'), 'hex').toReversed())
}
