import type { GraphClient } from '../graph/graph-client.ts'

const TIMEOUT_MS = 10_000

/**
 * The app gets no webhooks of the Business account any more. False where WhatsApp could not be asked, or refused. That this is the way is
 * UNVERIFIED: `DELETE /<WABA>/subscribed_apps`.
 */
export async function unsubscribeApp(
  graph: Pick<GraphClient, 'call'>,
  businessAccountId: string,
): Promise<boolean> {
  const answer = await graph.call({
    method: 'DELETE',
    path: `${businessAccountId}/subscribed_apps`,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    timeoutMs: TIMEOUT_MS,
  })
  return answer.ok
}
