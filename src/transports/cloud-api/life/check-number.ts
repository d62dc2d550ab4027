import { isRecord } from '../../../protocol/is-record.ts'
import { cleanLine } from '../../../text/bounded-text.ts'
import type { NumberFacts } from './business-facts.ts'
import { healthIn, healthyNumberId } from './number-health.ts'
import { type Failure, isOfToken, reasonOfProblem } from './reason-of-problem.ts'
import { DONE, failed, RUNNING, type SetUpContext, skipped, stepOf } from './set-up-context.ts'

const MAX_TEXT = 128
const MAX_NUMBERS = 100

/** One unknown field makes the whole call fail, so that those of every version are asked for apart from the rarer ones. */
const FIELDS = 'id,display_phone_number,verified_name,code_verification_status,quality_rating,platform_type'
const RARE_FIELDS = [
  'status,account_mode,is_on_biz_app,is_pin_enabled',
  'whatsapp_business_manager_messaging_limit',
] as const

const NOTHING: NumberFacts = {
  displayNumber: null,
  verifiedName: null,
  status: null,
  platform: null,
  quality: null,
  messagingLimit: null,
  isOnBusinessApp: null,
  isPinEnabled: null,
  accountMode: null,
}

/**
 * Whether the number belongs to the Business account, and what WhatsApp says of it. Where the sign-up named no number (coexistence), it is
 * looked up here and kept. Sources: `GET /<WABA>/phone_numbers`, `GET /<phone number id>?fields=`.
 */
export async function checkNumber(context: SetUpContext): Promise<Failure | null> {
  const { report } = context
  if (context.credentials().provider === '360dialog') return checkNumberOfKey(context)
  report('number', RUNNING)
  const failure = (await findNumber(context)) ?? (await readNumber(context))
  report('number', failure === null ? DONE : stepOf(failure))
  // Whatever was answered, was answered to this token.
  if (failure === null || failure.kind === 'end') proveToken(context, failure)
  return failure
}

function proveToken({ facts, report }: SetUpContext, failure: Failure | null): void {
  if (facts.current.steps.token?.state === 'done') return
  report('token', failure !== null && isOfToken(failure) ? failed(failure.reason) : DONE)
}

async function findNumber({ ask, credentials, file, nameOf }: SetUpContext): Promise<Failure | null> {
  const { businessAccountId, phoneNumberId } = credentials()
  if (businessAccountId === null) {
    if (phoneNumberId !== '') return null
    return {
      kind: 'end',
      reason: 'business_incomplete',
      detail: `${nameOf('businessAccountId')}; ${nameOf('phoneNumberId')}`,
    }
  }
  const answer = await ask({
    method: 'GET',
    path: `${businessAccountId}/phone_numbers`,
    query: { fields: 'id,display_phone_number', limit: String(MAX_NUMBERS) },
  })
  if (!answer.ok) return reasonOfProblem(answer.problem)
  const ids = idsIn(answer.body)
  if (phoneNumberId !== '') {
    if (ids.includes(phoneNumberId) || ids.length >= MAX_NUMBERS) return null
    return { kind: 'end', reason: 'number_not_found', detail: nameOf('phoneNumberId') }
  }
  const [only, ...others] = ids
  if (only === undefined)
    return { kind: 'end', reason: 'number_not_found', detail: 'the account has no phone number yet' }
  if (others.length > 0) return { kind: 'end', reason: 'number_ambiguous' }
  const stored = file.current
  if (stored !== null) file.store({ ...stored, phoneNumberId: only })
  return null
}

async function readNumber({ ask, credentials, facts }: SetUpContext): Promise<Failure | null> {
  const { phoneNumberId } = credentials()
  const answer = await ask({ method: 'GET', path: phoneNumberId, query: { fields: FIELDS } })
  if (!answer.ok) return reasonOfProblem(answer.problem)
  const said: Record<string, unknown> = { ...(isRecord(answer.body) ? answer.body : {}) }
  for (const fields of RARE_FIELDS) {
    const more = await ask({ method: 'GET', path: phoneNumberId, query: { fields } })
    if (more.ok && isRecord(more.body)) Object.assign(said, more.body)
    else if (!more.ok && reasonOfProblem(more.problem).kind === 'wait') return reasonOfProblem(more.problem)
  }
  facts.update({ number: numberFacts(said) })
  return null
}

/**
 * 360dialog's key belongs to one number, and shows nothing of it besides its health, which names its id. Source: 360dialog, `GET /health_status`.
 */
async function checkNumberOfKey(context: SetUpContext): Promise<Failure | null> {
  const { ask, facts, report } = context
  report('number', RUNNING)
  const answer = await ask({ method: 'GET', path: 'health_status' })
  facts.update({ health: answer.ok ? healthIn(answer.body) : null })
  const failure = judgeNumberOfKey(context, answer.ok ? healthyNumberId(answer.body) : null)
  if (failure !== null) report('number', stepOf(failure))
  else if (answer.ok) report('number', DONE)
  else report('number', skipped('The state of the number is shown in the 360dialog Hub alone.'))
  return failure
}

/** `named`: the id of the number that the key is for, where 360dialog says so. */
function judgeNumberOfKey({ credentials, file, nameOf }: SetUpContext, named: string | null): Failure | null {
  const { phoneNumberId } = credentials()
  if (named !== null && phoneNumberId === '') {
    const stored = file.current
    if (stored !== null) file.store({ ...stored, phoneNumberId: named })
    return null
  }
  if (phoneNumberId === '')
    return { kind: 'end', reason: 'business_incomplete', detail: nameOf('phoneNumberId') }
  if (named === null || named === phoneNumberId) return null
  const detail = `the key is for the number with the id ${named}: ${nameOf('phoneNumberId')}`
  return { kind: 'end', reason: 'number_not_found', detail }
}

function numberFacts(said: Readonly<Record<string, unknown>>): NumberFacts {
  return {
    ...NOTHING,
    displayNumber: textOf(said['display_phone_number']),
    verifiedName: textOf(said['verified_name']),
    status: textOf(said['status']),
    platform: textOf(said['platform_type']),
    quality: textOf(said['quality_rating']),
    messagingLimit: textOf(said['whatsapp_business_manager_messaging_limit']),
    isOnBusinessApp: flagOf(said['is_on_biz_app']),
    isPinEnabled: flagOf(said['is_pin_enabled']),
    accountMode: textOf(said['account_mode']),
  }
}

function idsIn(body: unknown): string[] {
  const data = isRecord(body) ? body['data'] : undefined
  if (!Array.isArray(data)) return []
  return data.flatMap((each: unknown) =>
    isRecord(each) && typeof each['id'] === 'string' ? [each['id']] : [],
  )
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? cleanLine(value, MAX_TEXT) : null
}

function flagOf(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null
}
