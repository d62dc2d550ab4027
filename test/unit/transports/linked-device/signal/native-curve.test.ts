import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as native from '../../../../../src/transports/linked-device/signal/native-curve.ts'

const require = createRequire(import.meta.url)

/** Libsignal's module as its authors wrote it: the one that is loaded has the native functions by now. */
function originalCurve(): typeof native {
  const path = require.resolve('libsignal/src/curve.js')
  const loaded = require.cache[path]
  delete require.cache[path]
  try {
    return require(path) as typeof native
  } finally {
    require.cache[path] = loaded
  }
}

const original = originalCurve()
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n
const ROUNDS = { numRuns: 200 }

const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes))
const message = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes))

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** What a call returns, or what it throws. */
function outcome(call: () => unknown): unknown {
  try {
    const value = call()
    return value instanceof Uint8Array ? hex(value) : value
  } catch (error) {
    return error instanceof Error ? `throws ${error.message}` : error
  }
}

/** The public key of a private one: the original has no function for it. */
function publicOf(privateKey: Buffer): Buffer {
  const base = Buffer.alloc(33)
  base.set([5, 9])
  return Buffer.concat([Buffer.of(5), original.calculateAgreement(base, privateKey)])
}

describe('Curve25519 by the crypto of Node', () => {
  it('is what libsignal calls', () => {
    const loaded = require('libsignal') as { curve: typeof native }
    expect(loaded.curve.calculateAgreement).toBe(native.calculateAgreement)
    expect(loaded.curve.verifySignature).toBe(native.verifySignature)
    expect(original.verifySignature).not.toBe(native.verifySignature)
  })

  it('agrees on the same secret', () => {
    fc.assert(
      fc.property(key, key, (mine, theirs) => {
        const publicKey = publicOf(theirs)
        expect(hex(native.calculateAgreement(publicKey, mine))).toBe(
          hex(original.calculateAgreement(publicKey, mine)),
        )
      }),
      ROUNDS,
    )
  })

  it('makes pairs that the original agrees with', () => {
    for (let round = 0; round < 200; round += 1) {
      const { pubKey, privKey } = native.generateKeyPair()
      expect(hex(publicOf(Buffer.from(privKey)))).toBe(hex(pubKey))
      expect((privKey[0] ?? 0) & 7).toBe(0)
      expect((privKey[31] ?? 0) & 0xc0).toBe(0x40)
    }
  })

  it('signs with the same bytes, which the original accepts', () => {
    fc.assert(
      fc.property(key, message, (privateKey, text) => {
        const signature = native.calculateSignature(privateKey, text)
        expect(hex(signature)).toBe(hex(original.calculateSignature(privateKey, text)))
        expect(original.verifySignature(publicOf(privateKey), text, signature)).toBe(true)
        expect(native.verifySignature(publicOf(privateKey), text, signature)).toBe(true)
      }),
      ROUNDS,
    )
  })

  it('rejects what was changed anywhere, as the original does', () => {
    fc.assert(
      fc.property(
        key,
        message,
        fc.nat(63),
        fc.integer({ min: 1, max: 255 }),
        (privateKey, text, index, mask) => {
          const publicKey = publicOf(privateKey)
          const signature = Buffer.from(original.calculateSignature(privateKey, text))
          const changed = Buffer.from(signature)
          changed[index] = (changed[index] ?? 0) ^ mask
          expect(native.verifySignature(publicKey, text, changed)).toBe(false)
          expect(original.verifySignature(publicKey, text, changed)).toBe(false)
          const otherText = Buffer.concat([text, Buffer.of(mask)])
          expect(native.verifySignature(publicKey, otherText, signature)).toBe(false)
          const otherKey = Buffer.from(publicKey)
          otherKey[1 + (index % 31)] = (otherKey[1 + (index % 31)] ?? 0) ^ mask
          expect(outcome(() => native.verifySignature(otherKey, text, signature))).toBe(
            outcome(() => original.verifySignature(otherKey, text, signature)),
          )
        },
      ),
      { numRuns: 60 },
    )
  })

  it('judges a scalar above the order of the group as the original does', () => {
    fc.assert(
      fc.property(key, message, (privateKey, text) => {
        const signature = Buffer.from(original.calculateSignature(privateKey, text))
        const sign = (signature[63] ?? 0) & 0x80
        signature[63] = (signature[63] ?? 0) & 0x7f
        const scalar = BigInt(`0x${hex(signature.subarray(32).toReversed())}`) + ORDER
        signature.set(Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex').toReversed(), 32)
        signature[63] = (signature[63] ?? 0) | sign
        const publicKey = publicOf(privateKey)
        expect(native.verifySignature(publicKey, text, signature)).toBe(
          original.verifySignature(publicKey, text, signature),
        )
      }),
      { numRuns: 60 },
    )
  })

  const goodKey = Buffer.from('a8abababababababababababababababababababababababababababababab6b', 'hex')
  const goodPublicKey = publicOf(goodKey)
  const text = Buffer.from('a message')
  const smallOrder = [
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  ].map((point) => Buffer.from(`05${point}`, 'hex'))
  const wrongKeys = [
    Buffer.alloc(0),
    Buffer.alloc(31),
    Buffer.alloc(34, 5),
    Buffer.concat([Buffer.of(6), goodPublicKey.subarray(1)]),
    new Uint8Array(goodPublicKey),
    undefined,
    null,
    'key',
  ]
  const wrongMessages = [undefined, null, '', 'text', [1, 2]]

  it.each([...smallOrder, ...wrongKeys].map((one, index) => ({ one, index })))(
    'treats the unusual public key $index as the original does',
    ({ one }) => {
      const publicKey = one as Buffer
      const signature = Buffer.from(original.calculateSignature(goodKey, text))
      expect(outcome(() => native.calculateAgreement(publicKey, goodKey))).toBe(
        outcome(() => original.calculateAgreement(publicKey, goodKey)),
      )
      for (const tried of [signature, Buffer.alloc(64), Buffer.alloc(64, 255)])
        expect(outcome(() => native.verifySignature(publicKey, text, tried))).toBe(
          outcome(() => original.verifySignature(publicKey, text, tried)),
        )
    },
  )

  it.each(wrongKeys.map((one, index) => ({ one, index })))(
    'treats the wrong private key $index as the original does',
    ({ one }) => {
      const privateKey = one as Buffer
      expect(outcome(() => native.calculateAgreement(goodPublicKey, privateKey))).toBe(
        outcome(() => original.calculateAgreement(goodPublicKey, privateKey)),
      )
      expect(outcome(() => native.calculateSignature(privateKey, text))).toBe(
        outcome(() => original.calculateSignature(privateKey, text)),
      )
    },
  )

  it.each(wrongMessages.map((one, index) => ({ one, index })))(
    'treats the wrong message or signature $index as the original does',
    ({ one }) => {
      const wrong = one as unknown as Buffer
      expect(outcome(() => native.calculateSignature(goodKey, wrong))).toBe(
        outcome(() => original.calculateSignature(goodKey, wrong)),
      )
      expect(outcome(() => native.verifySignature(goodPublicKey, wrong, Buffer.alloc(64)))).toBe(
        outcome(() => original.verifySignature(goodPublicKey, wrong, Buffer.alloc(64))),
      )
      expect(outcome(() => native.verifySignature(goodPublicKey, text, wrong))).toBe(
        outcome(() => original.verifySignature(goodPublicKey, text, wrong)),
      )
    },
  )

  it('makes pairs and agrees also where Node wants the public part of a JWK', () => {
    const script = `
      const { calculateAgreement, generateKeyPair } = await import('./src/transports/linked-device/signal/native-curve.ts')
      const [one, other] = [generateKeyPair(), generateKeyPair()]
      const secret = (mine, theirs) => Buffer.from(calculateAgreement(theirs.pubKey, mine.privKey)).toString('hex')
      console.log(JSON.stringify([other.pubKey, one.privKey].map((key) => key.toString('hex')).concat(secret(one, other), secret(other, one))))`
    const root = join(import.meta.dirname, '../../../../..')
    const words = ['--import', 'tsx', '--import', './test/support/refuse-bare-jwk.mjs']
    const printed = execFileSync(process.execPath, [...words, '--input-type=module', '--eval', script], {
      cwd: root,
      encoding: 'utf8',
    })
    const [publicKey = '', privateKey = '', first, second] = JSON.parse(printed) as string[]
    expect(first).toBe(second)
    expect(first).toBe(
      hex(original.calculateAgreement(Buffer.from(publicKey, 'hex'), Buffer.from(privateKey, 'hex'))),
    )
  })

  it('leaves its arguments as they are', () => {
    const privateKey = Buffer.alloc(32, 255)
    const signature = Buffer.from(native.calculateSignature(privateKey, text))
    const kept = Buffer.from(signature)
    native.verifySignature(publicOf(privateKey), text, signature)
    native.calculateAgreement(goodPublicKey, privateKey)
    expect(signature.equals(kept)).toBe(true)
    expect(privateKey.equals(Buffer.alloc(32, 255))).toBe(true)
  })
})
