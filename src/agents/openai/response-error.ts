import { AgentError } from '../agent-error.ts'
import { toReportedError } from './reported-error.ts'
import { retryAfterMs } from '../../network/retry-after.ts'

const MAX_BODY_LENGTH = 16_384

/** What an answer other than 2xx means; `who` gave it, for people. Never throws; reads a bounded part of the body. */
export async function toResponseError(
  response: Response,
  now: Date,
  who = 'the assistant',
): Promise<AgentError> {
  const { status, headers } = response
  const text = await readBeginning(response)
  const error = toReportedError(errorIn(text), status, { retryAfterMs: retryAfterMs(headers, now), who })
  if (!/^\s*<(?:!doctype|html|\?xml)/i.test(text) || error.code === 'context_overflow') return error
  const { code, retryable } = error
  return new AgentError(code, `${who} answered ${status} with an HTML page instead of an answer`, {
    retryable,
    retryAfterMs: error.retryAfterMs,
    action:
      'Check that baseUrl is the address of that server and not of a website, and what a proxy before it says.',
  })
}

async function readBeginning(response: Response): Promise<string> {
  let text = ''
  try {
    const decoder = new TextDecoder()
    for await (const bytes of response.body ?? []) {
      text += decoder.decode(bytes, { stream: true })
      if (text.length > MAX_BODY_LENGTH) break
    }
  } catch {
    // What came before is enough.
  }
  return text.slice(0, MAX_BODY_LENGTH)
}

/** Also of an event of a stream; without JSON its words are looked at. */
function errorIn(text: string): unknown {
  const json = text.trim().replace(/^(?:event:[^\n]*\n)?data:\s*/, '')
  try {
    return JSON.parse(json)
  } catch {
    return json.startsWith('<') ? null : json
  }
}
