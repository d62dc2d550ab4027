import { z } from 'zod'
import type { AuthConfig } from '../../config/auth-config.ts'
import { isRecord } from '../../protocol/is-record.ts'
import type { Scope } from '../../protocol/tokens/scopes.ts'
import type { TokenRefusal } from '../../protocol/tokens/token-refusals.ts'

const MAX_LIFETIME_SECONDS = 3_600
/** How far the issuer's clock may be from ours. An expiry is never stretched by it, nor how far ahead it may be. */
const CLOCK_LEEWAY_SECONDS = 30

/** The claims that a token must have to be accepted. */
export interface TokenRules extends Pick<AuthConfig, 'subjects' | 'claims' | 'revoked'> {
  issuer: string
  audience: string
  /** Whether each token is a holder of its own, rather than each subject. */
  countsTokens: boolean
  /** What such a token may carry at most. */
  grantable: readonly Scope[]
}

/** What a token grants. */
export interface Grant {
  /** Whose limits it uses: the user that its issuer names, or the token itself where `countsTokens`. */
  holder: string
  scopes: readonly Scope[]
  expiresAt: Date
}

/** Why the claims grant nothing, and which claim is to blame where it is one. */
export interface ClaimRefusal {
  refusal: Exclude<TokenRefusal, 'invalid_token'>
  claim: string | null
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
export function judgeClaims(payload: unknown, rules: TokenRules, now: Date): Grant | ClaimRefusal {
  if (!isRecord(payload)) return refuse('malformed_claim')
  for (const claim of ['iss', 'aud']) {
    if (own(payload, claim) === undefined) return refuse('missing_claim', claim)
  }
  const parsed = payloadSchema.safeParse(payload)
  if (!parsed.success) return refuse('malformed_claim', String(parsed.error.issues[0]?.path[0] ?? ''))
  const claims = parsed.data
  if (claims.iss !== rules.issuer) return refuse('wrong_issuer', 'iss')
  if (![claims.aud].flat().includes(rules.audience)) return refuse('wrong_audience', 'aud')
  const { exp } = claims
  if (exp === undefined) return refuse('token_lives_too_long', 'exp')
  return judgeTimes(claims, exp, now.getTime() / 1_000) ?? judgeHolder(claims, exp, rules)
}

function judgeTimes({ iat, nbf }: Payload, exp: number, nowSeconds: number): ClaimRefusal | null {
  if (exp <= nowSeconds) return refuse('token_expired', 'exp')
  const soon = nowSeconds + CLOCK_LEEWAY_SECONDS
  if ((nbf ?? 0) > soon) return refuse('token_not_yet_valid', 'nbf')
  if ((iat ?? 0) > soon) return refuse('token_not_yet_valid', 'iat')
  // Without the time of issue, a token made for a year would count in its last hour.
  if (iat === undefined) return refuse('token_lives_too_long', 'iat')
  const longest = MAX_LIFETIME_SECONDS + CLOCK_LEEWAY_SECONDS
  const isShort = exp - iat <= longest && exp - nowSeconds <= MAX_LIFETIME_SECONDS
  return isShort ? null : refuse('token_lives_too_long', 'exp')
}

function judgeHolder(claims: Payload, exp: number, rules: TokenRules): Grant | ClaimRefusal {
  const { subject: subjectClaim, scope: scopeClaim, required, defaultScopes } = rules.claims
  const subject = own(claims, subjectClaim)
  if (subject === undefined) return refuse('missing_claim', subjectClaim)
  if (typeof subject !== 'string') return refuse('malformed_claim', subjectClaim)
  if (subject === '' || (rules.subjects !== null && !rules.subjects.includes(subject)))
    return refuse('wrong_subject', subjectClaim)
  const wrong = Object.entries(required).find(([name, value]) => own(claims, name) !== value)
  if (wrong !== undefined) return refuse('wrong_claim', wrong[0])
  if (claims.jti !== undefined && rules.revoked.includes(claims.jti)) return refuse('token_revoked', 'jti')
  const scopes = scopesOf(own(claims, scopeClaim), defaultScopes, rules.grantable)
  if (scopes === null) return refuse('malformed_claim', scopeClaim)
  const name = rules.countsTokens && claims.jti !== undefined ? claims.jti : subject
  return { holder: JSON.stringify([rules.issuer, name]), scopes, expiresAt: new Date(exp * 1_000) }
}

function scopesOf(
  claim: unknown,
  standard: readonly Scope[],
  grantable: readonly Scope[],
): readonly Scope[] | null {
  if (claim === undefined) return standard
  const parsed = scopesSchema.safeParse(claim)
  return parsed.success ? grantable.filter((scope) => parsed.data.includes(scope)) : null
}

function own(claims: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined
}

function refuse(refusal: ClaimRefusal['refusal'], claim: string | null = null): ClaimRefusal {
  return { refusal, claim }
}
