import type { BusinessEnvironment } from '../business-environment.ts'
import { GraphError } from '../graph/graph-error.ts'
import { newDigits } from '../new-id.ts'
import type { Override } from './business-account.ts'

/** Asks a callback address for the challenge, as Meta does before it takes one. Throws `GraphError` where the answer is another one. */
export async function verifyCallback(
  env: Pick<BusinessEnvironment, 'random' | 'habits'>,
  callback: Override,
): Promise<Override> {
  const challenge = newDigits(env.random, 10)
  const url = new URL(callback.url)
  url.searchParams.set('hub.mode', 'subscribe')
  url.searchParams.set('hub.challenge', challenge)
  url.searchParams.set('hub.verify_token', callback.verifyToken)
  const problem = await fetch(url, {
    redirect: 'manual',
    headers: { 'User-Agent': 'facebookplatform/1.0 (+http://developers.facebook.com)' },
    signal: AbortSignal.timeout(env.habits.webhookTimeoutMs),
  })
    .then(async (response) => {
      const answer = await response.text()
      if (response.status !== 200) return `HTTP Status Code = ${response.status}`
      return answer === challenge ? null : 'Response does not match challenge'
    })
    .catch(() => 'The URL could not be reached')
  if (problem !== null)
    throw new GraphError(2200, {
      message: `(#2200) Callback verification failed with the following errors: ${problem}`,
    })
  return callback
}
