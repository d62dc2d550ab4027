import { checkPrimeSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** The usual exponent, and the smallest of FIPS 186-5. */
const MIN_RSA_EXPONENT = 65_537n
const MAX_RSA_EXPONENT = 1n << 256n
/** Verifying with a longer one would hold up everything else. */
const MAX_RSA_BITS = 8_192
const SMALL_FACTORS_BELOW = 10_000
/** Enough to find factors that differ in their lower half alone. */
const FERMAT_STEPS = 100

/** The field of Curve25519, and the constant of Ed25519 (RFC 8032, section 5.1). */
const P = (1n << 255n) - 19n
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n
const SIGN_BIT = 1n << 255n
/** The `x` of P-256's generator (FIPS 186-4, D.1.2.3). */
const P256_GENERATOR_X = 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n

/**
 * Throws an `Error` with the reason when somebody who knows `key` could sign for it: an exponent or a modulus of RSA that
 * does not protect, a point of small order on Ed25519, or a generator, whose private key is 1.
 */
export function refuseWeakPublicKey(key: KeyObject): void {
  const { n = '', e = '', x = '' } = key.export({ format: 'jwk' })
  if (key.asymmetricKeyType === 'rsa') refuseWeakRsa(toInteger(n), toInteger(e))
  else if (key.asymmetricKeyType === 'ed25519') refuseWeakEd25519(Buffer.from(x, 'base64url'))
  else if (toInteger(x) === P256_GENERATOR_X) throw new Error('is the generator of P-256, not a key')
}

function refuseWeakRsa(modulus: bigint, exponent: bigint): void {
  if (exponent < MIN_RSA_EXPONENT || exponent > MAX_RSA_EXPONENT || exponent % 2n === 0n)
    throw new Error(`has an exponent that does not protect: make one with the usual ${MIN_RSA_EXPONENT}`)
  if (modulus >= 1n << BigInt(MAX_RSA_BITS)) throw new Error(`is longer than ${MAX_RSA_BITS} bits`)
  if (hasSmallFactor(modulus) || isEasilySplit(modulus) || checkPrimeSync(modulus, { checks: 1 }))
    throw new Error('has a modulus that anybody can factor: make a new key')
}

function hasSmallFactor(modulus: bigint): boolean {
  for (let factor = 3n; factor < SMALL_FACTORS_BELOW; factor += 2n) {
    if (modulus % factor === 0n) return true
  }
  return modulus % 2n === 0n
}

/** Fermat's method: a square, or two factors close to each other. */
function isEasilySplit(modulus: bigint): boolean {
  let middle = squareRoot(modulus)
  if (middle * middle < modulus) middle += 1n
  for (let step = 0; step < FERMAT_STEPS; step += 1, middle += 1n) {
    const rest = middle * middle - modulus
    const root = squareRoot(rest)
    if (root * root === rest) return true
  }
  return false
}

/** Rounded down; Newton's method. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value
  let guess = 1n << BigInt(Math.ceil(value.toString(16).length * 2))
  for (;;) {
    const next = (guess + value / guess) >> 1n
    if (next >= guess) return guess
    guess = next
  }
}

/** On the curve -x² + y² = 1 + d·x²·y², of which the key has `y` and the sign of `x`, little-endian. */
function refuseWeakEd25519(bytes: Buffer): void {
  const y = toInteger(Buffer.from(bytes.toReversed()).toString('base64url')) & (SIGN_BIT - 1n)
  const squared = (y * y) % P
  const u = squared - 1n + P
  const v = D * squared + 1n
  // Not in its only form, or no x belongs to this y.
  if (y >= P || power(u * v, (P - 1n) / 2n) === P - 1n) throw new Error('is no point of Ed25519')
  // Orders 1, 2 and 4 have a y of 1, -1 and 0; doubling a point of order 8 gives y = 0, which is this equation.
  const isOfOrderEight = (D * squared * squared + 2n * squared - 1n) % P === 0n
  if (y < 2n || y === P - 1n || isOfOrderEight)
    throw new Error('is a point of small order, for which anybody can sign: make a new key')
  if ((5n * y) % P === 4n) throw new Error('is the generator of Ed25519, not a key')
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base % P
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % P
    square = (square * square) % P
  }
  return result
}

function toInteger(base64url: string): bigint {
  return BigInt(`0x0${Buffer.from(base64url, 'base64url').toString('hex')}`)
}
