import type { Fetch } from '../../../network/fetch-through.ts'
import type { FileForm } from '../../../network/file-form.ts'
import { retryAfterMs } from '../../../network/retry-after.ts'
import { isRecord } from '../../../protocol/is-record.ts'
import { isBeforeRequest } from './before-request.ts'
import { authHeaders, type GraphAccess, graphUrl, isUsableToken, mediaUrl } from './graph-access.ts'
import { type GraphProblem, lostAnswer, notAsked, problemOfAnswer } from './graph-problem.ts'
import { readBody } from './read-body.ts'
import { usageWaitMs } from './usage-wait.ts'

const TIMEOUT_MS = 30_000
/** Lists of templates are the longest. */
const MAX_ANSWER_BYTES = 4 * 1_024 * 1_024
/** What asks for a longer wait is not believed. */
const MAX_WAIT_MS = 24 * 60 * 60_000
/** Servers of files refuse what names no program. */
const USER_AGENT = 'whatsappd'

export interface GraphRequest {
  method: 'GET' | 'POST' | 'DELETE'
  /** Behind the version, as Meta has it: `<phone number id>/messages`; what the provider does otherwise happens inside. */
  path: string
  query?: Readonly<Record<string, string>>
  json?: unknown
  form?: FileForm
  signal: AbortSignal
  timeoutMs?: number
  /**
   * What Meta's refusal of the token here says of the account: that it has ended (`token`), or also that it may not do what the account is
   * for (`permission`). Absent: nothing.
   */
  ends?: 'token' | 'permission'
}

/** A call with a token that Meta did not take. */
export interface UseOfToken {
  ends: 'token' | 'permission'
  token: string
}

export type GraphAnswer = { ok: true; body: unknown } | { ok: false; problem: GraphProblem }

export interface GraphClientDependencies {
  /** As they are now; `null` where there are none. */
  access: () => GraphAccess | null
  fetch: Fetch
  /** Throws when another process may own the account by now: then nothing is changed at Meta. */
  fence?: (() => void) | undefined
  /** A call that says something of the token was refused. Must not throw. */
  refused?: (problem: GraphProblem, use: UseOfToken) => void
  now: () => number
}

/**
 * Calls of the Graph API: with the token as it is now, to the base URL alone, without following redirects. Every answer is read whole, up to
 * 4 MiB, and told apart by Meta's code. No call rejects.
 */
export class GraphClient {
  readonly #deps: GraphClientDependencies

  constructor(deps: GraphClientDependencies) {
    this.#deps = deps
  }

  async call(request: GraphRequest): Promise<GraphAnswer> {
    const access = this.#deps.access()
    const answer = await this.#ask(request, access)
    const { ends } = request
    if (!answer.ok && ends !== undefined && access !== null)
      this.#deps.refused?.(answer.problem, { ends, token: access.accessToken })
    return answer
  }

  /**
   * The answer of a server of files, which is not read yet; `null` where this address may not be asked. Rejects as `fetch` does.
   */
  async openFile(address: string, signal: AbortSignal): Promise<Response | null> {
    const access = this.#deps.access()
    const url = access === null || !isUsableToken(access.accessToken) ? null : mediaUrl(access, address)
    if (access === null || url === null) return null
    const headers = { ...authHeaders(access), 'accept-encoding': 'identity', 'user-agent': USER_AGENT }
    return this.#deps.fetch(url.href, { method: 'GET', headers, signal, redirect: 'manual' })
  }

  async #ask(request: GraphRequest, access: GraphAccess | null): Promise<GraphAnswer> {
    const { method, path, query = {}, json, form, timeoutMs = TIMEOUT_MS } = request
    if (access === null) return { ok: false, problem: notAsked('auth', 'there is no access token') }
    if (!isUsableToken(access.accessToken))
      return { ok: false, problem: notAsked('auth', 'the access token has characters that no token has') }
    const url = graphUrl(access, path, query)
    if (url === null) return { ok: false, problem: notAsked('refused', '360dialog does not offer this') }
    if (request.signal.aborted) return { ok: false, problem: lostAnswer('cancelled', false) }
    try {
      if (method !== 'GET') this.#deps.fence?.()
    } catch (error) {
      return { ok: false, problem: lostAnswer(error instanceof Error ? error.message : String(error), false) }
    }
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)])
    let response: Response
    try {
      response = await this.#deps.fetch(url.href, {
        method,
        headers: {
          ...authHeaders(access),
          accept: 'application/json',
          'accept-encoding': 'identity',
          'user-agent': USER_AGENT,
          ...(json !== undefined && { 'content-type': 'application/json' }),
          ...form?.headers,
        },
        ...(json !== undefined && { body: JSON.stringify(json) }),
        ...(form !== undefined && { body: form.stream(signal), duplex: 'half' as const }),
        signal,
        redirect: 'manual',
      })
    } catch (error) {
      return { ok: false, problem: problemOfFailure(error, method !== 'GET' && !isBeforeRequest(error)) }
    }
    try {
      return await this.#read(response, access, { method, signal })
    } catch (error) {
      // Whatever it says of connections: an answer had begun, so that the request has left.
      return { ok: false, problem: problemOfFailure(error, method !== 'GET') }
    }
  }

  async #read(
    response: Response,
    { accessToken }: GraphAccess,
    { method, signal }: { method: string; signal: AbortSignal },
  ): Promise<GraphAnswer> {
    const { status, headers } = response
    const text = await readBody(response, MAX_ANSWER_BYTES, signal)
    const body = text === null ? null : parsed(text)
    const isRefused = isRecord(body) && isRecord(body['error'])
    if (status >= 200 && status < 300 && body !== undefined && body !== null && !isRefused)
      return { ok: true, body }
    if (status >= 200 && status < 300 && !isRefused)
      return { ok: false, problem: lostAnswer('the answer is no JSON, or too long', method !== 'GET') }
    const waits = [retryAfterMs(headers, new Date(this.#deps.now())), usageWaitMs(headers)]
    const named = waits.filter((wait) => wait !== null)
    const waitMs = named.length === 0 ? null : Math.min(MAX_WAIT_MS, Math.max(...named))
    return { ok: false, problem: problemOfAnswer(status, body, { waitMs, secret: accessToken }) }
  }
}

function problemOfFailure(error: unknown, mayHaveLeft: boolean): GraphProblem {
  const { name, message, cause } = error as Error & { cause?: Error & { code?: string } }
  const why = cause?.code ?? (name === 'TypeError' || name === 'Error' ? message : name)
  return lostAnswer(`the answer did not come: ${why}`, mayHaveLeft)
}

/** `undefined` for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
