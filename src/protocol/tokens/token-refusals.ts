/**
 * Why a token is refused, as `details.reason` of `unauthorized`; `details.claim` names the claim that is to blame. Only a token
 * whose signature holds learns more than `invalid_token`.
 */
export const TOKEN_REFUSALS = {
  invalid_token: 'The token is not valid.',
  token_expired: 'The token has expired.',
  token_not_yet_valid: 'The token is not valid yet; perhaps a clock is wrong.',
  token_lives_too_long:
    'The token expires later than an hour from now or from when it was issued, or has no expiry or no time of issue.',
  missing_claim: 'The token lacks a claim that every token needs.',
  malformed_claim: 'A claim of the token has a value of the wrong kind.',
  wrong_issuer: 'The token was issued by somebody else.',
  wrong_audience: 'The token is for another sandbox.',
  wrong_subject: 'The token belongs to somebody else.',
  wrong_claim: 'The token lacks a claim that this sandbox insists on.',
  token_revoked: 'The token was revoked.',
} as const

export type TokenRefusal = keyof typeof TOKEN_REFUSALS

/**
 * What only the owner of the sandbox learns of a token that is refused as `invalid_token`, in the log and in `refusedTokens` of the
 * config view: its sender proved nothing.
 */
export const INVALID_TOKEN_CAUSES = {
  auth_not_configured:
    'A signed token came, but the config in force has no whatsappd.auth.jwtKeys: no token of a dashboard can be accepted.',
  key_unusable:
    'A signed token came, and a key of whatsappd.auth.jwtKeys that could verify it cannot be used.',
  no_key_fits:
    'A signed token came whose algorithm or key id (kid) fits no key of whatsappd.auth.jwtKeys: the kind of the key decides the algorithm.',
  wrong_signature:
    'A signed token came that was signed with another key: neither a key of whatsappd.auth.jwtKeys nor that of this sandbox verifies it.',
  own_token_outdated:
    'A token that a sandbox has printed came, but this one does not accept it: it is of another sandbox, or of before the local token was replaced.',
  not_a_token:
    'What came is neither a signed token (a JWT in three parts; an encrypted one has five) nor the local token nor that of an open page: perhaps the page was opened before the daemon was started again.',
} as const

/** What the owner of the sandbox is told about a refused token. */
export type RefusalCause = Exclude<TokenRefusal, 'invalid_token'> | keyof typeof INVALID_TOKEN_CAUSES

/** What the owner can do, by cause. */
export const REFUSAL_ACTIONS: Readonly<Record<RefusalCause, string>> = {
  auth_not_configured:
    'Set whatsappd.auth in the config file (jwtKeys, issuer, audience, subjects): docs/security.md shows a whole file.',
  key_unusable:
    'Make the key readable; a save or a new file is in force at once, a variable after a restart.',
  no_key_fits:
    'Compare the header of the token with jwtKeys: a secret takes HS256, an RSA key RS256, P-256 ES256, Ed25519 EdDSA; an id must be the kid.',
  wrong_signature: 'Compare the secret or the public key with the one that the dashboard signs with.',
  own_token_outdated: 'Print a new one with "whatsappd token" in this sandbox.',
  not_a_token: 'Open the page with a new link ("whatsappd open"), or check what the dashboard sends.',
  token_expired: 'Issue a new token for every connection.',
  token_not_yet_valid: 'Compare the clocks of the dashboard and of the sandbox.',
  token_lives_too_long: 'Issue tokens with iat and exp, at most an hour apart.',
  missing_claim: 'Issue tokens with this claim.',
  malformed_claim: 'Issue tokens with a value of the right kind: docs/security.md describes each claim.',
  wrong_issuer: 'Compare iss of the token with whatsappd.auth.issuer.',
  wrong_audience: 'Compare aud of the token with whatsappd.auth.audience.',
  wrong_subject: 'Compare the user of the token with whatsappd.auth.subjects.',
  wrong_claim: 'Compare the claims of the token with whatsappd.auth.claims.required.',
  token_revoked: 'Issue a token with another jti; whatsappd.auth.revoked lists the revoked ones.',
}

/** The sentence for a cause. */
export function refusalMessage(cause: RefusalCause): string {
  return cause in INVALID_TOKEN_CAUSES
    ? INVALID_TOKEN_CAUSES[cause as keyof typeof INVALID_TOKEN_CAUSES] // just found there
    : TOKEN_REFUSALS[cause as TokenRefusal] // the rest of the union
}
