import { ERROR_CODES } from '../../../../protocol/errors.ts'
import { isRecord } from '../../../../protocol/is-record.ts'
import { fine, type Found, warning } from '../check.ts'
import type { DoctorFacts } from '../doctor-facts.ts'
import { outboundNetwork } from '../outbound.ts'

/** What must not be found at a callback address: what else this daemon answers, with and without a token. */
const OTHER_PATHS = ['/', '/livez', '/readyz', '/v1/accounts'] as const
const TIMEOUT_MS = 5_000
const MAX_ANSWER = 4_096

export interface Callback {
  subject: string
  callbackUrl: string
  /** When the last webhook came, if any did. */
  lastAt: string | null
}

/**
 * Whether the address leads to a daemon of ours, and to nothing but its webhooks. What cannot be asked from this machine is no finding once webhooks
 * arrive: a sandbox need not reach its own public address.
 */
export async function lookAtCallback(
  { subject, callbackUrl, lastAt }: Callback,
  facts: DoctorFacts,
  signal: AbortSignal,
): Promise<Found[]> {
  const network = await outboundNetwork(facts)
  const ask = async (url: string): Promise<Answer> => {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
      const response = await network.fetch(url, {
        method: 'GET',
        headers: {},
        signal: limit,
        redirect: 'manual',
      })
      const text = (await response.text()).slice(0, MAX_ANSWER)
      return { status: response.status, isOurs: isErrorOfOurs(text) }
    } catch {
      return { status: null, isOurs: false }
    }
  }
  const { origin } = new URL(callbackUrl)
  const [webhook, ...others] = await Promise.all(
    [callbackUrl, ...OTHER_PATHS.map((path) => `${origin}${path}`)].map(ask),
  )
  const reached = OTHER_PATHS.filter((_, index) => isReached(others[index]))
  const found: Found[] = []
  // Without a challenge the daemon refuses, in its own words; of an account that it does not have it says that there is nothing.
  const isHere = webhook?.isOurs === true && webhook.status === 403
  if (!isHere && lastAt === null)
    found.push(
      warning(
        `The callback address ${callbackUrl} does not lead to this account: ${answerText(webhook)}.`,
        'Let the tunnel pass /webhooks/whatsapp/ on to the daemon, or correct the address: docs/business.md, Tunnels.',
        subject,
      ),
    )
  if (reached.length > 0)
    found.push(
      warning(
        `At ${origin} more can be reached than the webhooks: ${reached.join(', ')}.`,
        'Publish /webhooks/whatsapp/ alone: docs/business.md, Tunnels.',
        subject,
      ),
    )
  return found.length > 0 ? found : [fine(`Nothing but the webhooks was found at ${origin}.`, subject)]
}

interface Answer {
  /** `null`: nothing answered. */
  status: number | null
  /** It is an error as every route of ours answers it. */
  isOurs: boolean
}

function isReached(answer: Answer | undefined): boolean {
  return answer?.isOurs === true || (answer?.status ?? 999) < 400
}

function answerText(answer: Answer | undefined): string {
  return answer === undefined || answer.status === null
    ? 'nothing answers there'
    : `${answer.isOurs ? 'the daemon knows no such path' : 'something else answers there'} (status ${answer.status})`
}

function isErrorOfOurs(text: string): boolean {
  try {
    const body: unknown = JSON.parse(text)
    const error = isRecord(body) ? body['error'] : undefined
    const code = isRecord(error) ? error['code'] : undefined
    return typeof code === 'string' && (ERROR_CODES as readonly string[]).includes(code)
  } catch {
    return false
  }
}
