import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeClaims } from '../../../../src/control/auth/judge-claims.ts'
import type { TokenRules } from '../../../../src/control/auth/judge-claims.ts'
import { GENERAL_SCOPES } from '../../../../src/protocol/tokens/scopes.ts'

const NOW = new Date('2026-01-02T03:04:05Z')
const now = NOW.getTime() / 1_000
const rules: TokenRules = {
  issuer: 'issuer',
  audience: 'sandbox-1',
  subjects: ['user-1'],
  claims: {
    subject: 'sub',
    scope: 'scope',
    defaultScopes: [],
    required: { tokenType: 'whatsapp', level: 2, paid: true },
  },
  revoked: ['revoked'],
  countsTokens: false,
  grantable: GENERAL_SCOPES,
}
const good = {
  iss: 'issuer',
  aud: 'sandbox-1',
  sub: 'user-1',
  iat: now,
  exp: now + 3_600,
  scope: 'read',
  tokenType: 'whatsapp',
  level: 2,
  paid: true,
}
const judge = (changes: Record<string, unknown>): unknown => judgeClaims({ ...good, ...changes }, rules, NOW)

describe('the claims of a token', () => {
  it('grant its scopes until it expires', () => {
    expect(judge({})).toEqual({
      holder: '["issuer","user-1"]',
      scopes: ['read'],
      expiresAt: new Date((now + 3_600) * 1_000),
    })
  })

  it.each<[string, Record<string, unknown>, string, string?]>([
    ['at the very second of its expiry', { iat: now - 60, exp: now }, 'token_expired'],
    ['a second over an hour', { exp: now + 3_601 }, 'token_lives_too_long'],
    [
      'an hour from now by a clock that is ahead',
      { iat: now + 25, exp: now + 3_625 },
      'token_lives_too_long',
    ],
    [
      'more than an hour in all, most of it over',
      { iat: now - 3_600, exp: now + 31 },
      'token_lives_too_long',
    ],
    ['issued a minute from now', { iat: now + 60 }, 'token_not_yet_valid'],
    ['valid a minute from now', { nbf: now + 60 }, 'token_not_yet_valid'],
    ['a required claim of another type', { level: '2' }, 'wrong_claim', 'level'],
    ['a required claim that is missing', { paid: undefined }, 'wrong_claim', 'paid'],
    ['a name of every object for a subject', { sub: { toString: 'user-1' } }, 'malformed_claim', 'sub'],
    ['an expiry that is a text', { exp: String(now + 60) }, 'malformed_claim', 'exp'],
    ['an expiry beyond every date', { exp: 1e300 }, 'malformed_claim', 'exp'],
    ['an expiry that is no number', { exp: null }, 'malformed_claim', 'exp'],
    ['an id that is a number', { jti: 5 }, 'malformed_claim', 'jti'],
    ['a revoked id', { jti: 'revoked' }, 'token_revoked'],
    ['a list of issuers', { iss: ['issuer'] }, 'malformed_claim', 'iss'],
    ['no issuer', { iss: undefined }, 'missing_claim', 'iss'],
    ['no audience', { aud: undefined }, 'missing_claim', 'aud'],
    ['no subject', { sub: undefined }, 'missing_claim', 'sub'],
    ['another audience', { aud: ['sandbox-2'] }, 'wrong_audience', 'aud'],
    ['scopes of a wrong shape', { scope: { read: true } }, 'malformed_claim', 'scope'],
  ])('grant nothing: %s', (_name, changes, refusal, claim) => {
    expect(judge(changes)).toMatchObject(claim === undefined ? { refusal } : { refusal, claim })
  })

  it('may come from a clock that is ahead or behind, as long as the expiry is at most an hour from now', () => {
    for (const iat of [now - 30, now + 30]) {
      expect(judge({ iat, exp: now + 3_600 })).toEqual({
        holder: '["issuer","user-1"]',
        scopes: ['read'],
        expiresAt: new Date((now + 3_600) * 1_000),
      })
    }
  })

  it('of another name than their own prototype has are asked for', () => {
    const strange = { ...rules, claims: { ...rules.claims, subject: 'constructor', required: {} } }
    expect(judgeClaims(good, strange, NOW)).toEqual({ refusal: 'missing_claim', claim: 'constructor' })
  })

  it('that are anything at all never throw, and grant nothing that they do not name', () => {
    fc.assert(
      fc.property(fc.anything(), (payload) => {
        expect(judgeClaims(payload, rules, NOW)).toHaveProperty('refusal')
      }),
    )
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('sandbox-1', 'user-1', 'issuer', now, now + 60))
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(good)), value, (name, changed) => {
        const verdict = judgeClaims({ ...good, [name]: changed }, rules, NOW)
        if ('refusal' in verdict || ['scope', 'iat', 'exp'].includes(name)) return
        expect([changed].flat()).toContain(Reflect.get(good, name))
      }),
    )
  })
})
