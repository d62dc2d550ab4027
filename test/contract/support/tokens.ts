import { createHmac, createPublicKey, createSecretKey, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { AuthConfig, JwtKeyConfig } from '../../../src/config/auth-config.ts'

export const SECRET = 'a-shared-secret-of-a-dashboard-and-this-sandbox'
export const OTHER_SECRET = 'another-secret-that-takes-its-place-one-day'
export const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
export const ed25519 = generateKeyPairSync('ed25519')
export const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })

export const ISSUER = 'https://dashboard.example'
export const AUDIENCE = 'sandbox-1'
export const SUBJECT = 'user-1'

export type Claims = Record<string, unknown>

/** `whatsappd.auth` with these keys. */
export function authConfig(jwtKeys: JwtKeyConfig[], overrides: Partial<AuthConfig> = {}): AuthConfig {
  return {
    jwtKeys,
    issuer: ISSUER,
    audience: AUDIENCE,
    subjects: [SUBJECT],
    claims: { subject: 'sub', scope: 'scope', defaultScopes: [], required: {} },
    metricsToken: null,
    revoked: [],
    ...overrides,
  }
}

export const secretKey = (secret: string, id: string | null = null): JwtKeyConfig => ({
  id,
  secret: { literal: secret },
})

export const publicKey = (key: KeyObject, id: string | null = null): JwtKeyConfig => ({
  id,
  publicKey: { literal: pemOf(key) },
})

function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString()
}

/** What a good token says at this moment. */
export function claims(overrides: Claims = {}, now = Date.now()): Claims {
  const iat = Math.floor(now / 1_000)
  const scope = 'read link config send agent'
  return {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: SUBJECT,
    iat,
    nbf: iat,
    exp: iat + 600,
    jti: 'token-1',
    scope,
    ...overrides,
  }
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token made by hand, apart from the library that verifies it: any header, any key, any signature. */
export function mint(header: Claims, payload: Claims, signature: (input: string) => Buffer): string {
  const input = `${encode({ typ: 'JWT', ...header })}.${encode(payload)}`
  return `${input}.${signature(input).toString('base64url')}`
}

export function hs256(payload: Claims, secret: string | Buffer = SECRET, header: Claims = {}): string {
  const key = createSecretKey(typeof secret === 'string' ? Buffer.from(secret) : secret)
  return mint({ alg: 'HS256', ...header }, payload, (input) =>
    createHmac('sha256', key).update(input).digest(),
  )
}

export function rs256(payload: Claims, header: Claims = {}): string {
  return mint({ alg: 'RS256', ...header }, payload, (input) =>
    sign('sha256', Buffer.from(input), rsa.privateKey),
  )
}

export function es256(payload: Claims, header: Claims = {}): string {
  return mint({ alg: 'ES256', ...header }, payload, (input) =>
    sign('sha256', Buffer.from(input), { key: p256.privateKey, dsaEncoding: 'ieee-p1363' }),
  )
}

export function eddsa(payload: Claims, header: Claims = {}): string {
  return mint({ alg: 'EdDSA', ...header }, payload, (input) =>
    sign(null, Buffer.from(input), ed25519.privateKey),
  )
}

/** The attack on verifiers that let the token choose: its public key, which is no secret, taken for a shared one. */
export function publicKeyAsSecret(payload: Claims): string {
  return hs256(payload, pemOf(createPublicKey(rsa.privateKey)))
}
