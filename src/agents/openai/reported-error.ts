import { isRecord } from '../../protocol/is-record.ts'
import type { AgentFailureCode } from '../../protocol/account/agent-failures.ts'
import { AgentError } from '../agent-error.ts'
import { isContextOverflow } from './context-overflow.ts'
import { RefusedFiles, refusedKind } from './refused-files.ts'

/** Of the server's own words, which are looked at and never repeated. */
const MAX_WORDS_LENGTH = 4_000
const MAX_DEPTH = 4
/** A code in words: a number only repeats the status. */
const SAFE_WORD = /^(?=.*[a-z])[\w.-]{1,64}$/i
const RETRYABLE_STATUS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504, 529])
const FILTERED = /content[ _]?(?:filter|management)|content[ _]policy|moderation|safety[ _]/i
const NO_CREDIT = /insufficient[ _](?:quota|balance|funds|credits?)|billing|exceeded your current quota/i

/** The first that fits the words of an error says what it means: its code, its type, its message. */
const BY_WORDS: readonly (readonly [words: RegExp, status: number])[] = [
  [FILTERED, 451],
  [/rate[ _-]?limit|too[ _]many[ _]requests|resource_exhausted|quota|insufficient[ _]balance/i, 429],
  [
    /not[ _]authenticated|unauthori[sz]ed|unauthenticated|authentication|(?:invalid|incorrect|missing|no)[ _](?:api[ _-]?)?(?:key|token|credentials)|api[ _-]?key[ _](?:not|is|was|required)/i,
    401,
  ],
  [/permission|forbidden|access[ _]denied/i, 403],
  [/model[ _](?:\S+[ _])?(?:not[ _]found|does not exist|is not (?:found|loaded))|not_found/i, 404],
  [/overloaded|unavailable|capacity|bad gateway|timed?[ _]?out/i, 503],
  [/invalid[ _]request|bad[ _]?request|validation|unprocessable/i, 400],
]

const BY_STATUS: Readonly<Record<number, { code: AgentFailureCode; hint: string }>> = {
  400: { code: 'bad_request', hint: 'the request does not suit this model' },
  401: { code: 'unauthorized', hint: 'check apiKey' },
  402: { code: 'rate_limited', hint: 'too many requests, or no credit' },
  403: { code: 'unauthorized', hint: 'the key may not use this model' },
  404: { code: 'not_found', hint: 'check baseUrl and model' },
  405: { code: 'not_found', hint: 'check baseUrl' },
  422: { code: 'bad_request', hint: 'the request does not suit this model' },
  429: { code: 'rate_limited', hint: 'too many requests, or no credit' },
  451: { code: 'refused', hint: 'its filter kept the answer back' },
}

/** Whether a JSON object of an answer is an error, or carries one: `error`, `errors`, `detail`, a code where no answer is. */
export function isReportedError(value: Readonly<Record<string, unknown>>): boolean {
  const { error, errors, object, type, choices, message } = value
  if (isWords(error) || (isRecord(error) && Object.values(error).some(Boolean)) || error === true) return true
  if (Array.isArray(errors) && errors.length > 0) return true
  if (object === 'error' || type === 'error') return true
  if (Array.isArray(choices) || isRecord(message)) return false
  const { detail, msg, success } = value
  return (
    [detail, message, msg].some((words) => isWords(words) || isRecord(words) || Array.isArray(words)) ||
    success === false ||
    statusIn(value) !== null
  )
}

/**
 * What an error of a server (`who`, for people) means, from its status and its words; `status` is that of the HTTP answer, `null` inside
 * of a 200. The words themselves are repeated only where they are a code.
 */
export function toReportedError(
  body: unknown,
  status: number | null,
  options: { retryAfterMs?: number | null; who?: string } = {},
): AgentError {
  const { who = 'the assistant' } = options
  const facts = factsOf(body)
  const detail = facts.code === null ? '' : ` (${facts.code})`
  const begin = status === null ? `${who} reported an error${detail}` : `${who} answered ${status}${detail}`
  const words = [...facts.codes, ...facts.words].join('\n').slice(0, MAX_WORDS_LENGTH)
  if (isContextOverflow(words, status ?? facts.status)) {
    return new AgentError('context_overflow', `${begin}: the conversation is too long for the model`)
  }
  const meant = meaningOf(facts, status)
  const known = BY_STATUS[meant ?? 0]
  const code = known?.code ?? (meant === null || meant >= 500 ? 'server_error' : 'bad_answer')
  const hint =
    known?.hint ??
    (meant !== null && meant < 400 ? 'it redirects; give its final address as baseUrl' : 'unexpected')
  // Inside of a 200 a hint is worth its words only where something is known.
  const message = status === null && known === undefined ? begin : `${begin}: ${hint}`
  const error = new AgentError(code, message, {
    retryable: meant !== null && RETRYABLE_STATUS.has(meant) && !NO_CREDIT.test(words),
    retryAfterMs: options.retryAfterMs ?? null,
  })
  const refused = refusedKind(words)
  return refused === null ? error : new RefusedFiles(error, refused)
}

/** The status that an error stands for: the told one, but that filters hide behind a 400. Words of a message may be the person's. */
function meaningOf(facts: ErrorFacts, status: number | null): number | null {
  if (status !== null) return facts.codes.some((code) => FILTERED.test(code)) ? 451 : status
  const words = [...facts.codes, ...facts.words].join('\n')
  return facts.status ?? BY_WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? null
}

interface ErrorFacts {
  /** Machine-readable, and safe to repeat. */
  code: string | null
  status: number | null
  codes: string[]
  words: string[]
}

/** What an error says, wherever it says it: errors are wrapped in errors, and in lists. */
function factsOf(body: unknown): ErrorFacts {
  const facts: ErrorFacts = { code: null, status: null, codes: [], words: [] }
  gather(body, facts, 0)
  return facts
}

function gather(value: unknown, facts: ErrorFacts, depth: number): void {
  if (depth > MAX_DEPTH) return
  if (typeof value === 'string') facts.words.push(value.slice(0, MAX_WORDS_LENGTH))
  if (Array.isArray(value)) for (const each of value.slice(0, 5)) gather(each, facts, depth + 1)
  if (!isRecord(value)) return
  const { error, errors, code, type, status, detail, message, msg, error_type, metadata, raw } = value
  // The innermost says it best.
  for (const inner of [error, errors, detail]) gather(inner, facts, depth + 1)
  facts.status ??= statusIn(value)
  const codes = [code, type, status, error_type].map(String).filter(isSafeWord)
  facts.code ??= codes[0] ?? null
  facts.codes.push(...codes)
  for (const inner of [message, msg, metadata, raw]) gather(inner, facts, depth + 1)
}

/** An HTTP status that stands inside of an error. */
function statusIn(value: Readonly<Record<string, unknown>>): number | null {
  const { code, status, status_code, statusCode } = value
  const found = [code, status, status_code, statusCode]
    .map(Number)
    .find((number) => number >= 400 && number < 600)
  return found ?? null
}

function isSafeWord(word: string): boolean {
  return SAFE_WORD.test(word) && word !== 'undefined' && word !== 'null' && word !== 'error'
}

function isWords(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}
