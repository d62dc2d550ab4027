import { DaemonError } from '../../protocol/errors.ts'
import { TOKEN_REFUSALS } from '../../protocol/tokens/token-refusals.ts'
import type { Refusal } from './authenticate.ts'

/** What the sender of a refused token is answered, over HTTP as over a socket: `unauthorized` with `details.reason`. */
export function refusalError({ reason, claim }: Refusal): DaemonError {
  const sentence = TOKEN_REFUSALS[reason]
  return new DaemonError('unauthorized', {
    message: claim === null ? sentence : `${sentence} Claim: ${claim}.`,
    details: { reason, ...(claim !== null && { claim }) },
  })
}
