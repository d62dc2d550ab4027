import { z } from 'zod'
import type { AuthConfig } from '../../config/auth-config.ts'
import type { Scope } from '../../protocol/scopes.ts'
import { SCOPES } from '../../protocol/scopes.ts'
import type { TokenRefusal } from '../../protocol/token-refusals.ts'

const MAX_LIFETIME_SECONDS = 3_600
/** How far the issuer's clock may be from ours. An expiry is never stretched by it, nor how far ahead it may be. */
const CLOCK_LEEWAY_SECONDS = 30

/** The claims that a token must have to be accepted. */
export interface TokenRules extends Pick<AuthConfig, 'subjects' | 'claims' | 'revoked'> {
  issuer: string
  audience: string
  /** Whether each token is a holder of its own, rather than each subject. */
  countsTokens: boolean
}

/** What a token grants. */
export interface Grant {
  /** Whose limits it uses: the user that its issuer names, or the token itself where `countsTokens`. */
  holder: string
  scopes: readonly Scope[]
  expiresAt: Date
}

const timeSchema = z.number().nonnegative().max(253_402_300_799)
const payloadSchema = z.looseObject({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: timeSchema.optional(),
  iat: timeSchema.optional(),
  nbf: timeSchema.optional(),
  jti: z.string().optional(),
})
type Payload = z.infer<typeof payloadSchema>

const scopesSchema = z.union([z.string().transform((text) => text.split(' ')), z.array(z.string())])

/** What the payload of a token grants under these rules, or why nothing. The signature was verified before. */
export function judgeClaims(payload: unknown, rules: TokenRules, now: Date): Grant | TokenRefusal {
  const parsed = payloadSchema.safeParse(payload)
  if (!parsed.success) return 'invalid_token'
  const claims = parsed.data
  if (claims.iss !== rules.issuer) return 'wrong_issuer'
  if (![claims.aud].flat().includes(rules.audience)) return 'wrong_audience'
  const { exp } = claims
  if (exp === undefined) return 'token_lives_too_long'
  return judgeTimes(claims, exp, now.getTime() / 1_000) ?? judgeHolder(claims, exp, rules)
}

function judgeTimes({ iat, nbf }: Payload, exp: number, nowSeconds: number): TokenRefusal | null {
  if (exp <= nowSeconds) return 'token_expired'
  const soon = nowSeconds + CLOCK_LEEWAY_SECONDS
  if ((nbf ?? 0) > soon || (iat ?? 0) > soon) return 'token_not_yet_valid'
  // Without the time of issue, a token made for a year would count in its last hour.
  const longest = MAX_LIFETIME_SECONDS + CLOCK_LEEWAY_SECONDS
  const isShort = iat !== undefined && exp - iat <= longest && exp - nowSeconds <= MAX_LIFETIME_SECONDS
  return isShort ? null : 'token_lives_too_long'
}

function judgeHolder(claims: Payload, exp: number, rules: TokenRules): Grant | TokenRefusal {
  const subject = own(claims, rules.claims.subject)
  if (typeof subject !== 'string' || subject === '') return 'wrong_subject'
  if (rules.subjects !== null && !rules.subjects.includes(subject)) return 'wrong_subject'
  const required = Object.entries(rules.claims.required)
  if (!required.every(([name, value]) => own(claims, name) === value)) return 'wrong_claim'
  if (claims.jti !== undefined && rules.revoked.includes(claims.jti)) return 'token_revoked'
  const scopes = scopesOf(own(claims, rules.claims.scope), rules.claims.defaultScopes)
  if (scopes === null) return 'invalid_token'
  const name = rules.countsTokens && claims.jti !== undefined ? claims.jti : subject
  return { holder: JSON.stringify([rules.issuer, name]), scopes, expiresAt: new Date(exp * 1_000) }
}

function scopesOf(claim: unknown, standard: readonly Scope[]): readonly Scope[] | null {
  if (claim === undefined) return standard
  const parsed = scopesSchema.safeParse(claim)
  return parsed.success ? SCOPES.filter((scope) => parsed.data.includes(scope)) : null
}

function own(claims: Payload, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined
}
