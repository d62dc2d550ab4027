import { healthIn } from './number-health.ts'
import type { Failure } from './reason-of-problem.ts'
import type { SetUpContext } from './set-up-context.ts'

/**
 * Whether messages can be sent, once the number is registered: before, WhatsApp says that it may not. Of 360dialog's numbers this is known
 * already. Nothing depends on it. Source: `GET /<phone number id>?fields=health_status`.
 */
export async function readHealth({ ask, credentials, facts }: SetUpContext): Promise<Failure | null> {
  const { provider, phoneNumberId } = credentials()
  if (provider === '360dialog') return null
  const answer = await ask({ method: 'GET', path: phoneNumberId, query: { fields: 'health_status' } })
  facts.update({ health: answer.ok ? healthIn(answer.body) : null })
  return null
}
