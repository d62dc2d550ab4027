import type { WhatsappdClient } from '../../../client/client.ts'
import type { MethodResult } from '../../../protocol/methods.ts'
import { describeFailure } from '../../describe-failure.ts'

/** The daemon writes the whole file of an account anew: minutes where it is large and the disk slow. */
const TIMEOUT_MS = 600_000

type Forgotten = MethodResult<'conversations.forget'>

/**
 * Erases what `who` said in these accounts, one after the other. What fails in one account keeps it from no other: `failures` has a line
 * for each that is not done, with its name. Never rejects.
 */
export async function forgetInAccounts(
  client: Pick<WhatsappdClient, 'request'>,
  accounts: readonly string[],
  who: string,
  done: (forgotten: Forgotten) => void,
): Promise<{ forgotten: Forgotten[]; failures: string[] }> {
  const forgotten: Forgotten[] = []
  const failures: string[] = []
  for (const account of accounts) {
    try {
      const params = { account, conversation: who, confirm: true }
      const result = await client.request('conversations.forget', params, { timeoutMs: TIMEOUT_MS })
      forgotten.push(result)
      done(result)
    } catch (error) {
      failures.push(`${account}: ${describeFailure(error).line}`)
    }
  }
  return { forgotten, failures }
}
