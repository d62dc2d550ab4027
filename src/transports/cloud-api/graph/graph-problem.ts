import { isRecord } from '../../../protocol/is-record.ts'
import { cleanLine } from '../../../text/bounded-text.ts'

/** What a problem means for what was asked. */
export type GraphProblemKind =
  /** It may pass by itself. */
  | 'retry'
  /** Too many calls of the whole app or business account. */
  | 'rate_account'
  /** Too many messages of this number. */
  | 'rate_number'
  /** Too many messages to this one person. */
  | 'rate_pair'
  /** Meta restricts the account: what goes on makes it worse. */
  | 'restricted'
  /** The person has not written for 24 hours: only templates go out. */
  | 'window_closed'
  /** This person cannot be reached, by this account or in this way. */
  | 'recipient'
  /** Of marketing messages alone. */
  | 'marketing'
  /** What was sent is not valid. */
  | 'content'
  /** The token, or what it permits. */
  | 'auth'
  /** The number or its account is not ready: registration, payment. */
  | 'registration'
  | 'not_found'
  | 'refused'

/** Why the Graph API did not do what it was asked for. */
export interface GraphProblem {
  kind: GraphProblemKind
  /** Meta's; `null` where nothing of Meta's answered. */
  code: number | null
  subcode: number | null
  /** Meta's words, or the network's: one line, cut, without tokens and numbers of people. */
  details: string
  /** The status of an answer that names no code of Meta's; absent where there is a code, or no answer. */
  status?: number
  /** How long Meta wants nothing of this kind, where it says so. */
  retryAfterMs: number | null
  /** The answer was lost: what was asked for may have happened. */
  mayHaveLeft: boolean
}

const MAX_DETAILS = 240
/** Tokens, and what else is long and no word. */
const LONG_WORD = /[\w-]{24,}/g
/** Phone numbers, with what people write between their digits. */
const NUMBER = /\+?\d(?:[ ().-]{0,2}\d){6,}/g

const KINDS: Readonly<Partial<Record<GraphProblemKind, readonly number[]>>> = {
  retry: [1, 2, 131000, 131016, 133004],
  rate_account: [4, 17, 32, 613, 80007, 80008, 80014],
  rate_number: [130429, 131057],
  rate_pair: [131056],
  restricted: [368, 131031, 131048, 131064],
  window_closed: [131047],
  recipient: [130403, 130497, 131021, 131026, 131030, 131062],
  marketing: [130472, 131049, 131050],
  content: [100, 131008, 131009, 131051, 131052, 131053],
  auth: [0, 3, 10, 102, 190, 131005],
  registration: [33, 131042, 131045],
}

const KIND_OF_CODE: ReadonlyMap<number, GraphProblemKind> = new Map(
  // Its keys are kinds.
  (Object.entries(KINDS) as [GraphProblemKind, readonly number[]][]).flatMap(([kind, codes]) =>
    codes.map((code) => [code, kind] as const),
  ),
)

/** Codes of a family that have no entry of their own. */
const FAMILIES: readonly { from: number; to: number; kind: GraphProblemKind }[] = [
  { from: 200, to: 299, kind: 'auth' },
  { from: 132_000, to: 132_999, kind: 'content' },
  { from: 133_000, to: 133_999, kind: 'registration' },
  { from: 135_000, to: 135_999, kind: 'content' },
]

/** Of code 100: there is no such object, or the token does not reach it. */
const NO_SUCH_OBJECT = 33

/** What a code of Meta's means, wherever it was read: in an answer, or in the status of a message. */
export function problemOfCode(problem: {
  code: number
  subcode?: number | null
  details?: string
  retryAfterMs?: number | null
}): GraphProblem {
  const { code, subcode = null, details = '', retryAfterMs = null } = problem
  const kind = code === 100 && subcode === NO_SUCH_OBJECT ? 'not_found' : (kindOf(code) ?? 'refused')
  return { kind, code, subcode, details: shownDetails(details), retryAfterMs, mayHaveLeft: false }
}

/** An answer that is no success. `body`: what its JSON says; anything where it is none. `waitMs`: as `retryAfterMs`. `secret`: must not be shown. */
export function problemOfAnswer(
  status: number,
  body: unknown,
  { waitMs, secret }: { waitMs: number | null; secret: string },
): GraphProblem {
  const error = isRecord(body) && isRecord(body['error']) ? body['error'] : null
  const code = error === null ? null : integer(error['code'])
  const lost = { subcode: null, retryAfterMs: waitMs, mayHaveLeft: status >= 500 }
  if (error === null || code === null) {
    const words = shownDetails(dialogWords(body).replaceAll(secret, '…'))
    const details = `the server answered with status ${status} and ${words === '' ? "nothing of Meta's" : `"${words}"`}`
    return { kind: kindOfStatus(status), code: null, details, status, ...lost }
  }
  const subcode = integer(error['error_subcode'])
  const details = shownDetails(wordsOf(error).replaceAll(secret, '…'))
  if (kindOf(code) === null) {
    const kind = error['is_transient'] === true ? 'retry' : kindOfStatus(status)
    return { ...lost, kind, code, subcode, details }
  }
  // Of the known ones only "unknown error" does not say that nothing happened.
  return {
    ...problemOfCode({ code, subcode, retryAfterMs: waitMs }),
    details,
    mayHaveLeft: code === 1 && status >= 500,
  }
}

/** Nothing came back, or nothing that can be read. */
export function lostAnswer(details: string, mayHaveLeft: boolean): GraphProblem {
  return {
    kind: 'retry',
    code: null,
    subcode: null,
    details: shownDetails(details),
    retryAfterMs: null,
    mayHaveLeft,
  }
}

/** It was not asked at all, because it cannot be. */
export function notAsked(kind: 'auth' | 'refused', details: string): GraphProblem {
  return { kind, code: null, subcode: null, details, retryAfterMs: null, mayHaveLeft: false }
}

function kindOf(code: number): GraphProblemKind | null {
  const family = FAMILIES.find(({ from, to }) => code >= from && code <= to)
  return KIND_OF_CODE.get(code) ?? family?.kind ?? null
}

/** Of what no Meta wrote: a proxy or a portal on the way lets it pass some time. */
const PASSING: ReadonlySet<number> = new Set([403, 407, 408, 425])

function kindOfStatus(status: number): GraphProblemKind {
  if (status === 401) return 'auth'
  if (status === 404) return 'not_found'
  if (status === 429) return 'rate_account'
  return status < 400 || status >= 500 || PASSING.has(status) ? 'retry' : 'refused'
}

/** `error_data.details` says most, then the title of the message. */
function wordsOf(error: Record<string, unknown>): string {
  const data = error['error_data']
  const words = [isRecord(data) ? data['details'] : undefined, error['error_user_msg'], error['message']]
  return words.find((each): each is string => typeof each === 'string' && each !== '') ?? ''
}

/** What 360dialog says of its own: `{meta: {developer_message}}`, or `{error: "…"}` (its API reference). */
function dialogWords(body: unknown): string {
  const { meta, error } = isRecord(body) ? body : {}
  const words = [isRecord(meta) ? meta['developer_message'] : undefined, error]
  return words.find((each): each is string => typeof each === 'string') ?? ''
}

function shownDetails(words: string): string {
  return cleanLine(words.replaceAll(LONG_WORD, '…').replaceAll(NUMBER, '…'), MAX_DETAILS)
}

function integer(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null
}
