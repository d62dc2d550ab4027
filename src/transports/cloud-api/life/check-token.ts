import { isRecord } from '../../../protocol/is-record.ts'
import { type Failure, reasonOfProblem } from './reason-of-problem.ts'
import { DONE, failed, RUNNING, type SetUpContext, skipped, stepOf } from './set-up-context.ts'

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/overview */
const NEEDED = ['whatsapp_business_messaging', 'whatsapp_business_management'] as const

/**
 * Whether WhatsApp accepts the token, until when, and what it permits, as far as Meta tells a token about itself: where it does not, the
 * requests that follow show it. Source: `GET /debug_token`; that a system user's token may ask about itself is UNVERIFIED.
 */
export async function checkToken(context: SetUpContext): Promise<Failure | null> {
  const { facts, report, ask } = context
  const { accessToken, businessAccountId, provider } = context.credentials()
  if (provider === '360dialog') return checkKey(context)
  report('token', RUNNING)
  const answer = await ask({ method: 'GET', path: 'debug_token', query: { input_token: accessToken } })
  if (!answer.ok) {
    // Meta may refuse the question as if the token were invalid: what follows shows whether it is.
    facts.update({ tokenExpiresAt: null })
    report('permissions', skipped('Meta does not tell what this token permits.'))
    return null
  }
  const data = dataOf(answer.body)
  const expiresAt = secondsAt(data['expires_at'])
  facts.update({ tokenExpiresAt: expiresAt })
  if (data['is_valid'] === false || (expiresAt !== null && expiresAt <= context.now())) {
    const isExpired = expiresAt !== null && expiresAt <= context.now()
    const failure: Failure = {
      kind: 'end',
      reason: isExpired ? 'access_token_expired' : 'access_token_revoked',
    }
    report('token', stepOf(failure))
    return failure
  }
  report('token', DONE)
  return judgeScopes(context, data, businessAccountId)
}

function judgeScopes(
  { report }: SetUpContext,
  data: Readonly<Record<string, unknown>>,
  businessAccountId: string | null,
): Failure | null {
  const scopes = textsOf(data['scopes'])
  if (scopes === null) {
    report('permissions', skipped('Meta does not tell what this token permits.'))
    return null
  }
  const lacks = NEEDED.filter((scope) => !scopes.includes(scope))
  const reached = granted(data['granular_scopes'])
  const isElsewhere = businessAccountId !== null && reached.length > 0 && !reached.includes(businessAccountId)
  if (lacks.length === 0 && !isElsewhere) {
    report('permissions', DONE)
    return null
  }
  const detail = lacks.length > 0 ? `missing: ${lacks.join(', ')}` : 'it is for another WhatsApp account'
  report('permissions', failed('access_token_permission', detail))
  return { kind: 'end', reason: 'access_token_permission', detail }
}

/** 360dialog's keys belong to one number, and have no permissions: they work or they do not. */
async function checkKey({ report, ask }: SetUpContext): Promise<Failure | null> {
  report('token', RUNNING)
  const answer = await ask({ method: 'GET', path: 'v1/configs/webhook' })
  // What the provider does not offer says nothing about the key.
  const failure = answer.ok ? null : reasonOfProblem(answer.problem)
  const counts =
    failure !== null && failure.reason !== 'business_refused' && failure.reason !== 'number_not_found'
  report('token', counts ? stepOf(failure) : DONE)
  report('permissions', skipped('A key of 360dialog has none: it belongs to one number.'))
  return counts ? failure : null
}

function dataOf(body: unknown): Readonly<Record<string, unknown>> {
  const data = isRecord(body) ? body['data'] : undefined
  return isRecord(data) ? data : {}
}

/** Milliseconds since the epoch; `null` for never, and where nothing is said. */
function secondsAt(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value * 1_000 : null
}

function textsOf(value: unknown): string[] | null {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : null
}

/** The Business accounts that the permission for managing reaches; empty where all are, or where nothing is said. */
function granted(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((each: unknown) =>
    isRecord(each) && each['scope'] === 'whatsapp_business_management'
      ? (textsOf(each['target_ids']) ?? [])
      : [],
  )
}
