import { setTimeout as wait } from 'node:timers/promises'
import type { WhatsappdClient } from '../../../client/client.ts'
import { RequestError } from '../../../client/request-error.ts'

/** The daemon takes 50 requests a second in the long run. */
const WAIT_MS = 500
const MAX_WAITS = 120

/** A client that waits where the daemon has had too many requests of it, for a minute at most each. Ends with the signal's reason. */
export function patientClient(
  client: Pick<WhatsappdClient, 'request'>,
  signal: AbortSignal,
): Pick<WhatsappdClient, 'request'> {
  return {
    request: async (method, params) => {
      for (let waits = 0; ; waits += 1) {
        try {
          return await client.request(method, params)
        } catch (error) {
          const isTooFast = error instanceof RequestError && error.code === 'rate_limited'
          if (!isTooFast || waits >= MAX_WAITS) throw error
          await wait(WAIT_MS, undefined, { signal })
        }
      }
    },
  }
}
