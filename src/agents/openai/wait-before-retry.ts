import { setTimeout as delay } from 'node:timers/promises'
import { AgentError } from '../agent-error.ts'

/** Between the tries of a request that the server could not take. */
const DELAYS_MS: readonly number[] = [500, 2_000]
/** A server that asks for more is not waited for. */
const MAX_RETRY_AFTER_MS = 20_000

/**
 * Waits until a request that failed with `error` may be sent again, as long as the server asks for; `retries`: how often it was. Throws the
 * error where another try would not help, or not soon, and rejects where `signal` is aborted. `delaysMs`: shorter waits, for tests.
 */
export async function waitBeforeRetry(
  error: unknown,
  retries: number,
  { signal, delaysMs = DELAYS_MS }: { signal: AbortSignal; delaysMs?: readonly number[] | undefined },
): Promise<void> {
  const wait = delaysMs[retries]
  if (!(error instanceof AgentError) || wait === undefined || !error.retryable) throw error
  const asked = error.retryAfterMs ?? wait
  if (asked > MAX_RETRY_AFTER_MS) throw error
  await delay(asked, undefined, { signal })
}
