/**
 * Why a token is refused, as `details.reason` of `unauthorized`. Only a token whose signature holds learns more than
 * `invalid_token`.
 */
export const TOKEN_REFUSALS = {
  invalid_token: 'The token is not valid.',
  token_expired: 'The token has expired.',
  token_not_yet_valid: 'The token is not valid yet; perhaps a clock is wrong.',
  token_lives_too_long:
    'The token expires later than an hour from now or from when it was issued, or has no expiry or no time of issue.',
  wrong_issuer: 'The token was issued by somebody else.',
  wrong_audience: 'The token is for another sandbox.',
  wrong_subject: 'The token belongs to somebody else.',
  wrong_claim: 'The token lacks a claim that this sandbox insists on.',
  token_revoked: 'The token was revoked.',
} as const

export type TokenRefusal = keyof typeof TOKEN_REFUSALS
