import { RequestError } from '../../../../src/client/request-error.ts'
import type { WhatsappdClient } from '../../../../src/client/client.ts'

type Answer = (params: Record<string, unknown>) => unknown

/** The requests of a client, answered by the test. What it has no answer for is refused as by a daemon that is away. */
export class ScriptedRequests {
  readonly asked: { method: string; params: Record<string, unknown> }[] = []
  readonly answers: Record<string, Answer> = {}

  get client(): Pick<WhatsappdClient, 'request'> {
    const request = async (method: string, params: Record<string, unknown>): Promise<unknown> => {
      this.asked.push({ method, params })
      const answer = this.answers[method]
      if (answer === undefined) throw new RequestError('daemon_offline', 'The daemon is offline.')
      return answer(params)
    }
    // Typed by method there; a test answers what the method would.
    return { request: request as WhatsappdClient['request'] }
  }
}
