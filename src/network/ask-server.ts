import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Fetch } from './fetch-through.ts'
import { ProxyError } from './proxy-error.ts'

/** Why a server gave no answer. `clock`: its certificate is not valid on the date that this machine shows. */
export type NoAnswerKind = 'name' | 'proxy' | 'clock' | 'certificate' | 'timeout' | 'connection'

export type ServerAnswer =
  | {
      isAnswer: true
      status: number
      /** How far this machine's clock is ahead of the server's, milliseconds; `null` where that cannot be told. */
      clockAheadMs: number | null
      response: Response
    }
  | { isAnswer: false; kind: NoAnswerKind; why: string }

export interface ServerQuestion {
  method: 'GET' | 'HEAD'
  headers: Readonly<Record<string, string>>
  /** How long the answer may take, milliseconds. */
  limitMs: number
  /** Whether no proxy is between: only then this machine itself resolves the name. */
  isDirect: boolean
  signal: AbortSignal
}

/** `Date` has whole seconds, and the half of a longer way would be a guess. */
const LONGEST_EXACT_WAY_MS = 10_000
const NAME_CODES: ReadonlySet<unknown> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EAI_NONAME',
])
const DATE_CODES: ReadonlySet<unknown> = new Set(['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED'])
/** Of OpenSSL, as Node names them: https://nodejs.org/api/tls.html#x509-certificate-error-codes. */
const CERTIFICATE_CODE =
  /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_(?:CA|PURPOSE)|HOSTNAME_MISMATCH|ERR_TLS_CERT|ERROR_IN_CERT)/
const MAX_DEPTH = 5

/**
 * Whether a server answers to HTTP, with whatever status, and how its clock is. Never rejects; the body of the answer is the caller's to
 * read or to cancel.
 */
export async function askServer(
  url: string,
  fetch: Fetch,
  { method, headers, limitMs, isDirect, signal }: ServerQuestion,
): Promise<ServerAnswer> {
  const name = isDirect ? resolveName(url) : { isResolved: true }
  const limit = AbortSignal.timeout(limitMs)
  const begunAt = Date.now()
  const begunMonotonic = performance.now()
  try {
    const any = AbortSignal.any([signal, limit])
    const response = await fetch(url, { method, headers, redirect: 'manual', signal: any })
    const tookMs = performance.now() - begunMonotonic
    return {
      isAnswer: true,
      status: response.status,
      clockAheadMs: clockAhead(response.headers.get('date'), begunAt, tookMs),
      response,
    }
  } catch (error) {
    if (limit.aborted)
      return name.isResolved
        ? { isAnswer: false, kind: 'timeout', why: `no answer within ${limitMs / 1_000} s` }
        : { isAnswer: false, kind: 'name', why: `its name was not resolved within ${limitMs / 1_000} s` }
    return { isAnswer: false, ...reasonOf(error) }
  }
}

/** The server wrote its date, cut to whole seconds, between the two moments; what lies within that is no difference. */
function clockAhead(date: string | null, begunAt: number, tookMs: number): number | null {
  const theirs = date === null ? Number.NaN : Date.parse(date)
  if (Number.isNaN(theirs) || tookMs > LONGEST_EXACT_WAY_MS) return null
  // The earliest and the latest that this clock can have been ahead.
  const [least, most] = [begunAt - (theirs + 1_000), begunAt + tookMs - theirs]
  if (least > 0) return Math.round(least)
  return most < 0 ? Math.round(most) : 0
}

/** Beside the connection, which resolves the name itself: a resolver that is silent is told from a server that is. */
function resolveName(url: string): { isResolved: boolean } {
  const host = new URL(url).hostname.replaceAll(/^\[|\]$/g, '')
  const name = { isResolved: isIP(host) !== 0 }
  const resolved = (): void => void (name.isResolved = true)
  if (!name.isResolved) lookup(host).then(resolved, resolved)
  return name
}

function reasonOf(error: unknown): { kind: NoAnswerKind; why: string } {
  for (const each of causesOf(error)) {
    if (each instanceof ProxyError) return { kind: 'proxy', why: each.message }
    const { code } = each as { code?: unknown }
    if (typeof code !== 'string') continue
    if (NAME_CODES.has(code)) return { kind: 'name', why: `its name cannot be resolved (${code})` }
    if (DATE_CODES.has(code)) return { kind: 'clock', why: code }
    if (CERTIFICATE_CODE.test(code)) return { kind: 'certificate', why: code }
    return { kind: 'connection', why: code }
  }
  // The text of an error may hold anything.
  return { kind: 'connection', why: 'no connection was made' }
}

/** `fetch` hides the error of the connection below its own, and several attempts in one. */
function causesOf(error: unknown, depth = 0): unknown[] {
  if (!(error instanceof Error) || depth > MAX_DEPTH) return []
  const inner = error instanceof AggregateError ? error.errors : [error.cause]
  return [...inner.flatMap((each) => causesOf(each, depth + 1)), error]
}
