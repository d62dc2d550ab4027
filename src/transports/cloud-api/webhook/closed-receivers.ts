import type { Logger } from 'pino'
import type { WebhookAnswer, WebhookReceiver } from '../../../messaging/webhook-receiver.ts'
import { HealthCounts } from './health-counts.ts'
import { judgeHead, receiveWebhook, TOO_MUCH } from './receive-webhook.ts'
import type { WebhookNumbers } from './webhook-numbers.ts'

export interface ClosedReceiversDependencies {
  numbers: WebhookNumbers
  logger: Logger
}

/**
 * The addresses of accounts whose files are closed: what is for the account itself cannot be stored, so that it must come again, which is
 * counted; what is for other accounts of the daemon, which share the address, is taken in.
 */
export function closedReceivers({
  numbers,
  logger,
}: ClosedReceiversDependencies): (account: string) => WebhookReceiver {
  const health = new Map<string, HealthCounts>()
  const healthOf = (account: string): HealthCounts => {
    const known = health.get(account)
    if (known !== undefined) return known
    const made = new HealthCounts({
      // Of a closed account nothing is shown.
      changed: () => {},
      logger: logger.child({ account }),
      now: Date.now,
    })
    health.set(account, made)
    return made
  }
  return (account) => {
    const counts = healthOf(account)
    const counted = <T extends WebhookAnswer | null>(answer: T): T => {
      if (answer !== null && answer.status >= 500) counts.postponed(answer.reason ?? '')
      return answer
    }
    return {
      health: counts.current,
      challenge: () => null,
      refusal: (head) => counted(judgeHead(account, head, numbers.open(account))),
      turnedAway: () => counts.postponed(TOO_MUCH),
      receive: async (request) => counted(await receiveWebhook(account, request, numbers)),
    }
  }
}
