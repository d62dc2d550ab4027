import { createPublicKey, generateKeyPairSync, generatePrimeSync } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { loadPublicKey, loadSecretKey } from '../../../src/config/secrets/load-jwt-key.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'

const bytesOf = (value: bigint): Buffer => {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}
const rsaJwk = (modulus: bigint, exponent = 65_537n): string =>
  JSON.stringify({
    kty: 'RSA',
    n: bytesOf(modulus).toString('base64url'),
    e: bytesOf(exponent).toString('base64url'),
  })
const ed25519Jwk = (hex: string): string =>
  JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(hex, 'hex').toString('base64url') })
const prime = (bits: number): bigint => generatePrimeSync(bits, { bigint: true })

// Keys loaded for which anybody could have signed a token.
describe('a key that does not protect', () => {
  let good: bigint

  beforeAll(() => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const { n = '' } = publicKey.export({ format: 'jwk' })
    good = BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`)
  })

  it.each<[string, (good: bigint) => [bigint, bigint?], RegExp]>([
    ['the exponent 1', (modulus) => [modulus, 1n], /exponent/],
    ['the exponent 2', (modulus) => [modulus, 2n], /exponent/],
    ['the exponent 3', (modulus) => [modulus, 3n], /exponent/],
    ['an even exponent', (modulus) => [modulus, 65_538n], /exponent/],
    ['1,024 bits', () => [prime(512) * prime(512)], /2048 bits/],
    ['a small factor', () => [3n * prime(2_048)], /factor/],
    ['a factor of four digits', () => [7_919n * prime(2_048)], /factor/],
    ['an even modulus', () => [2n * prime(2_048)], /factor/],
    ['a prime for a modulus', () => [prime(2_048)], /factor/],
    ['the square of a prime for a modulus', () => [prime(1_025) ** 2n], /factor/],
    [
      'two factors close to each other',
      () => {
        const first = prime(1_025)
        return [first * (first + 2n ** 80n + 1n)]
      },
      /factor/,
    ],
    ['more bits than anybody can verify with', () => [(1n << 9_000n) + 1n], /longer than 8192 bits/],
  ])('is refused: RSA with %s', (_name, make, why) => {
    const [modulus, exponent] = make(good)
    expect(() => loadPublicKey(rsaJwk(modulus, exponent), null)).toThrow(why)
  })

  it.each([
    ['the neutral point', `01${'00'.repeat(31)}`],
    ['the neutral point with a sign', `01${'00'.repeat(30)}80`],
    ['order 2', `ec${'ff'.repeat(30)}7f`],
    ['order 4', '00'.repeat(32)],
    ['order 4, negative', `${'00'.repeat(31)}80`],
    ['order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
    ['order 8, negative', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85'],
    ['order 8, the other', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
    ['order 8, the other, negative', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
    ['zero in another form', `ed${'ff'.repeat(30)}7f`],
    ['the neutral point in another form', `ee${'ff'.repeat(30)}7f`],
    ['the generator', `58${'66'.repeat(31)}`],
    ['no point at all', `02${'00'.repeat(31)}`],
  ])('is refused: Ed25519 with %s', (_name, hex) => {
    expect(() => loadPublicKey(ed25519Jwk(hex), null)).toThrow(/point|generator/)
    const pem = createPublicKey({ key: JSON.parse(ed25519Jwk(hex)), format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    })
    expect(() => loadPublicKey(pem.toString(), null)).toThrow(/point|generator/)
  })

  it('is refused: P-256 with the generator', () => {
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: Buffer.from('6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296', 'hex').toString(
        'base64url',
      ),
      y: Buffer.from('4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5', 'hex').toString(
        'base64url',
      ),
    }
    expect(() => loadPublicKey(JSON.stringify(jwk), null)).toThrow(/generator/)
  })

  it.each([
    ['32 equal bytes', 'x'.repeat(32)],
    ['zeros', '\0'.repeat(64)],
    ['three characters', 'abc'.repeat(20)],
    ['a word again and again', 'password'.repeat(8)],
    ['sixteen random characters twice', 'k9Zq3Wm7Tb5Xc1Vn'.repeat(2)],
    ['a sequence', Array.from({ length: 40 }, (_, index) => String.fromCharCode(48 + index)).join('')],
    ['digits in a row', '0123456789'.repeat(4)],
  ])('is refused: a secret of %s', (_name, secret) => {
    expect(() => loadSecretKey(secret, null)).toThrow(/different characters|repeats|sequence/)
  })

  it('is refused: a JWK with any part of a private key, also in a set of keys', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const { n, e, ...parts } = privateKey.export({ format: 'jwk' })
    for (const [part, value] of Object.entries(parts)) {
      if (part === 'kty') continue
      const jwk = { kty: 'RSA', n, e, [part]: value }
      expect(() => loadPublicKey(JSON.stringify(jwk), null), part).toThrow(/private/)
      expect(() => loadPublicKey(JSON.stringify({ keys: [jwk] }), null), part).toThrow(/private/)
    }
  })

  it('is refused: several keys in one place, of which only the first would count', () => {
    const keys = [0, 1].map(() => generateKeyPairSync('ed25519').publicKey)
    const pem = keys.map((key) => key.export({ type: 'spki', format: 'pem' }).toString()).join('')
    const set = { keys: keys.map((key) => key.export({ format: 'jwk' })) }
    for (const text of [pem, JSON.stringify(set)])
      expect(() => loadPublicKey(text, null)).toThrow(/entry of its own/)
  })

  it.each([{ use: 'enc' }, { key_ops: ['sign'] }, { key_ops: [] }, { key_ops: 'verify' }])(
    'is refused: a JWK that says %j',
    (says) => {
      const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
      expect(() => loadPublicKey(JSON.stringify({ ...jwk, ...says }), null)).toThrow(/not for verifying/)
      loadPublicKey(JSON.stringify({ ...jwk, use: 'sig', key_ops: ['verify'] }), null)
    },
  )

  it('is named by its setting, and never shown', () => {
    const names = { issuer: 'https://dashboard.example', audience: 'sandbox-1', subjects: ['user-1'] }
    const auth = { ...names, jwtKeys: [{ secret: { env: 'WEAK' } }, { publicKey: { env: 'POINT' } }] }
    const env = { WEAK: 'password'.repeat(8), POINT: ed25519Jwk('00'.repeat(32)) }
    const { notices } = resolveConfig(JSON.stringify({ whatsappd: { auth } }), {
      directory: '/',
      env,
      connectors: CONNECTORS,
    })
    expect(notices.map(({ code, path }) => [code, path])).toEqual([
      ['unusable_key', 'whatsappd.auth.jwtKeys[0].secret'],
      ['unusable_key', 'whatsappd.auth.jwtKeys[1].publicKey'],
    ])
    expect(JSON.stringify(notices)).not.toContain('password')
  })
})

describe('a key that protects', () => {
  it('is taken, of every kind', () => {
    for (let round = 0; round < 20; round += 1) {
      const { publicKey } = generateKeyPairSync('ed25519')
      loadPublicKey(publicKey.export({ type: 'spki', format: 'pem' }).toString(), null)
      const { publicKey: p256 } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      loadPublicKey(p256.export({ type: 'spki', format: 'pem' }).toString(), null)
      for (const encoding of ['hex', 'base64', 'base64url'] as const) {
        loadSecretKey(Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString(encoding), null)
      }
    }
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 3_072 })
    loadPublicKey(publicKey.export({ type: 'spki', format: 'pem' }).toString(), null)
  })
})
