import { retryAfterMs } from '../../network/retry-after.ts'
import type { SecretReference } from '../../config/model.ts'
import type { Fetch } from '../../network/fetch-through.ts'
import { AddressRefused } from '../../network/guarded-fetch.ts'
import { webhookHeaders, webhookKey } from '../../network/standard-webhooks.ts'
import type { Endpoint } from './endpoint.ts'

/** For the whole of a request. */
const TIMEOUT_MS = 15_000
/** Of an answer; nothing in it is used. */
const MAX_ANSWER_BYTES = 64 * 1_024
const GONE = 410
/** The server is there, and what answers behind it is not, or has no time. */
const UNAVAILABLE: ReadonlySet<number> = new Set([429, 502, 503, 504])

/**
 * What came of a try. `refused`: the receiver does not take this one; `unavailable`: it takes none now; `gone`: it takes none any more;
 * `misconfigured`: nothing was sent. `problem`: a sentence without a full stop that names the place in the file and the cure, and holds
 * nothing of the URL, the secret or the answer.
 */
export type PostOutcome =
  | { kind: 'delivered'; status: number }
  | { kind: 'refused' | 'unavailable'; status: number | null; problem: string; retryAfterMs: number | null }
  | { kind: 'gone'; status: number; problem: string }
  | { kind: 'misconfigured'; status: null; problem: string }

export interface PostWebhookDeps {
  /** Connects to the addresses only that may be posted to. */
  fetch: Fetch
  /** Throws an `Error` that names the place of the secret and never the value. */
  readSecret: (reference: SecretReference) => string
  version: string
  now: () => Date
  /** Shorter, for tests. */
  timeoutMs?: number | undefined
}

export interface PostedWebhook {
  endpoint: Endpoint
  id: string
  body: string
  /** Of the trace that it belongs to (W3C Trace Context). */
  traceparent?: string | null
  signal: AbortSignal
}

/** Posts one message, signed as Standard Webhooks are. Never rejects, but with the reason of `signal`. */
export async function postWebhook(
  deps: PostWebhookDeps,
  { endpoint, id, body, traceparent = null, signal }: PostedWebhook,
): Promise<PostOutcome> {
  const { fetch, version, now, timeoutMs = TIMEOUT_MS } = deps
  let keys: Buffer[]
  try {
    keys = keysOf(endpoint, deps)
  } catch (error) {
    return {
      kind: 'misconfigured',
      status: null,
      problem: error instanceof Error ? error.message : String(error),
    }
  }
  const limit = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': `whatsappd/${version}`,
        ...(traceparent !== null && { traceparent }),
        ...webhookHeaders({ id, at: now(), body }, keys),
      },
      body,
      signal: AbortSignal.any([signal, limit]),
      redirect: 'manual',
    })
    await discardBody(response)
    return judge(endpoint, response, now())
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof AddressRefused)
      return {
        kind: 'misconfigured',
        status: null,
        problem: `nothing is posted there: ${error.why}. Correct ${endpoint.place}.url`,
      }
    const why = limit.aborted ? `it did not answer within ${timeoutMs / 1_000} s` : unreachable(error)
    return {
      kind: 'unavailable',
      status: null,
      problem: `${why}. Check that the receiver of ${endpoint.place} runs, and its url`,
      retryAfterMs: null,
    }
  }
}

function keysOf({ place, secret, previousSecret }: Endpoint, { readSecret }: PostWebhookDeps): Buffer[] {
  const read = (reference: SecretReference, setting: string): Buffer => {
    let value: string
    try {
      value = readSecret(reference)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new Error(`the ${setting} of ${place} cannot be read: ${why}`, { cause: error })
    }
    const key = webhookKey(value)
    if (key !== null) return key
    throw new Error(
      `the ${setting} of ${place} can sign nothing. Give it a secret such as the output of: echo "whsec_$(openssl rand -base64 32)"`,
    )
  }
  return [
    read(secret, 'secret'),
    ...(previousSecret === null ? [] : [read(previousSecret, 'previousSecret')]),
  ]
}

function judge({ place }: Endpoint, { status, headers }: Response, now: Date): PostOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', status }
  if (status === GONE) {
    const problem = `it answered HTTP 410: it wants no more events. Take ${place} out of the file, or change it to begin again`
    return { kind: 'gone', status, problem }
  }
  if (status >= 300 && status < 400) {
    const problem = `it answered with a redirect (HTTP ${status}), which is not followed. Write the address that it leads to into ${place}.url`
    return { kind: 'refused', status, problem, retryAfterMs: null }
  }
  return {
    kind: UNAVAILABLE.has(status) ? 'unavailable' : 'refused',
    status,
    problem: `it answered HTTP ${status}${adviceFor(status, place)}`,
    retryAfterMs: retryAfterMs(headers, now),
  }
}

function adviceFor(status: number, place: string): string {
  if (status === 401 || status === 403) return `. Check that it verifies with the secret of ${place}`
  if (status === 404 || status === 405) return `. Check the path of ${place}.url, which is posted to`
  return `. The log of the receiver of ${place} says why`
}

/** A code of Node's or of a proxy; words of an error may hold the address. */
function unreachable(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown; message?: unknown } }
  const found = cause?.code ?? code
  if (found === 'ERR_PROXY' && typeof cause?.message === 'string') return cause.message
  return typeof found === 'string' ? `it cannot be reached (${found})` : 'it cannot be reached'
}

/** To its end where that is near: a receiver that is cut off in the middle of its answer may take it for a failure. */
async function discardBody({ body }: Response): Promise<void> {
  if (body === null) return
  let length = 0
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      length += (value as Uint8Array).byteLength
      if (length > MAX_ANSWER_BYTES) return
    }
  } catch {
    // What it answered is known: a body that breaks off changes nothing.
  } finally {
    reader.cancel().catch(() => {})
  }
}
