import type { ReasonCode } from '../../../protocol/reasons.ts'
import type { GraphProblem } from '../graph/graph-problem.ts'
import { NO_CONNECTION } from '../credentials/connection-file.ts'
import type { NumberFacts } from './business-facts.ts'
import { type Failure, isOfToken, reasonOfProblem, withCode } from './reason-of-problem.ts'
import { DONE, failed, RUNNING, type SetUpContext, skipped, stepOf } from './set-up-context.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Ten attempts in 72 hours; then the number is blocked for as long. */
const BUDGET_MS = 72 * HOUR_MS
/** A number that was just deleted. */
const DELETED_MS = 5 * MINUTE_MS
/** How long WhatsApp takes no PIN after too many wrong ones. */
const PIN_LOCK_MS = 12 * HOUR_MS
/** How long after a code it is tried again, where Meta's words name no time: each attempt counts for the ten. */
const LATER: ReadonlyMap<number, number> = new Map([
  [133_008, PIN_LOCK_MS],
  [133_009, HOUR_MS],
  [133_015, DELETED_MS],
  [133_016, BUDGET_MS],
])

const UNIT_MS: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: MINUTE_MS,
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
}
const DURATION = /(\d{1,5}) ?(second|minute|hour|day)s?\b/gi

/**
 * Registers the number with the Cloud API, where it is not and where somebody asked for that: it ends the use of the number elsewhere. The
 * PIN is on disk before it is used, so that a repetition uses the same. A number of the Business app (coexistence) is never registered.
 * Codes: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
 */
export async function registerNumber(context: SetUpContext): Promise<Failure | null> {
  const failure = await registerWhereNeeded(context)
  // What somebody asked for is done, or waits for a person: a number that is taken off the Cloud API later stays off it.
  const isOver = failure === null || (failure.kind === 'end' && failure.until === undefined)
  if (isOver) context.facts.update({ mayRegister: false })
  return failure
}

async function registerWhereNeeded(context: SetUpContext): Promise<Failure | null> {
  const { facts, file, report, credentials } = context
  const { number, mayRegister } = facts.current
  if (credentials().provider === '360dialog') {
    report('register', skipped('360dialog registers the number.'))
    return null
  }
  if (file.current?.isCoexistence === true || number?.isOnBusinessApp === true) {
    report('register', skipped('The number stays in the WhatsApp Business app (coexistence).'))
    return null
  }
  if (number?.status === 'BANNED') {
    report('register', failed('business_banned'))
    return { kind: 'end', reason: 'business_banned' }
  }
  if (isRegistered(number)) {
    report('register', DONE)
    return null
  }
  const failure =
    formerFailure(context) ?? (mayRegister ? await register(context, number) : notRegistered(number))
  report('register', failure === null ? DONE : stepOf(failure))
  return failure
}

/** How an earlier attempt ended, while it stays without sense to make another one. */
function formerFailure({ facts, now }: SetUpContext): Failure | null {
  const { end, mayRegister, steps } = facts.current
  if (end === null || steps.register === undefined) return null
  const { reason, until } = end
  const detail = end.detail === null ? {} : { detail: end.detail }
  if (reason === 'register_later' && until !== null && until > now())
    return { kind: 'end', reason, ...detail, until }
  return !mayRegister && steps.register.code === reason ? { kind: 'end', reason, ...detail } : null
}

/** Where Meta does not say the state, the platform does; where it says neither, sending will show it. */
function isRegistered(number: NumberFacts | null): boolean {
  if (number === null) return true
  const { status, platform } = number
  if (platform === 'ON_PREMISE' || platform === 'NOT_APPLICABLE') return false
  if (status === null || status === 'UNKNOWN') return true
  return !['PENDING', 'DISCONNECTED', 'UNVERIFIED', 'MIGRATED', 'DELETED'].includes(status)
}

function notRegistered(number: NumberFacts | null): Failure {
  if (number?.status === 'DELETED')
    return { kind: 'end', reason: 'number_unusable', detail: 'it was deleted' }
  const isElsewhere = number?.platform === 'ON_PREMISE' || number?.status === 'MIGRATED'
  return { kind: 'end', reason: isElsewhere ? 'number_elsewhere' : 'number_not_registered' }
}

async function register(context: SetUpContext, number: NumberFacts | null): Promise<Failure | null> {
  const { ask, credentials, file, report, newPin } = context
  const stored = file.current ?? NO_CONNECTION
  // A number that has a PIN takes no other: an attempt would only use up one of a few.
  if (stored.pin === null && number?.isPinEnabled === true) return { kind: 'end', reason: 'wrong_pin' }
  const pin = stored.pin ?? newPin()
  if (stored.pin === null) file.store({ ...stored, pin })
  report('register', RUNNING)
  const { phoneNumberId } = credentials()
  const path = `${phoneNumberId}/register`
  const json = { messaging_product: 'whatsapp', pin }
  let answer = await ask({ method: 'POST', path, json })
  if (!answer.ok && answer.problem.code === 133_000) {
    // An earlier deregistration did not finish.
    await ask({
      method: 'POST',
      path: `${phoneNumberId}/deregister`,
      json: { messaging_product: 'whatsapp' },
    })
    answer = await ask({ method: 'POST', path, json })
  }
  if (answer.ok) return null
  const failure = failureOf(answer.problem, context.now())
  // It is not the number's: another attempt begins with the one that somebody gives, or with a new one where it has none any more.
  if (failure.reason === 'wrong_pin') file.store({ ...stored, pin: null })
  return failure
}

/** What Meta holds against the whole account. */
const OF_THE_ACCOUNT: ReadonlySet<ReasonCode> = new Set(['business_banned', 'business_restricted'])

/** What a refusal to register means. By Meta's code, never by the words, except where Meta has no code for it (UNVERIFIED). */
function failureOf(problem: GraphProblem, now: number): Failure {
  const { code, details, retryAfterMs } = problem
  const detail = withCode(code, details)
  if (code === 133_005) return { kind: 'end', reason: 'wrong_pin', detail }
  if (code === 133_006) return { kind: 'end', reason: 'number_unverified', detail }
  const waitMs = LATER.get(code ?? 0)
  if (waitMs !== undefined)
    return {
      kind: 'end',
      reason: 'register_later',
      detail,
      until: now + (retryAfterMs ?? waitInWords(details) ?? waitMs),
    }
  const failure = reasonOfProblem(problem)
  if (failure.kind === 'wait' || isOfToken(failure) || OF_THE_ACCOUNT.has(failure.reason)) return failure
  if (/another (?:provider|partner|solution|business)|on[- ]premise/i.test(details))
    return { kind: 'end', reason: 'number_elsewhere', detail }
  if (/whatsapp (?:business )?(?:app|messenger)|consumer/i.test(details))
    return { kind: 'end', reason: 'number_in_phone_app', detail }
  return { kind: 'end', reason: 'register_failed', detail }
}

/** How long to wait, where Meta says it ("in 12 hours"); what it forbids for so long stands there, too. `null` where it names no time. */
function waitInWords(details: string): number | null {
  const [, after = details] = /\b(?:again|wait)\b(.*)$/is.exec(details) ?? []
  const waitMs = [...after.matchAll(DURATION)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (UNIT_MS[unit.toLowerCase()] ?? 0),
    0,
  )
  return waitMs === 0 ? null : Math.min(waitMs, BUDGET_MS)
}
