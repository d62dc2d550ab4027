import type { WebhookReceiver } from '../../../messaging/webhook-receiver.ts'
import { NOTHING_CAME } from './health-counts.ts'
import { judgeHead, receiveWebhook } from './receive-webhook.ts'
import type { WebhookNumbers } from './webhook-numbers.ts'

/**
 * The address of an account whose files are closed: what is for the account itself cannot be stored, so that it must come again; what is for
 * other accounts of the daemon, which share the address, is taken in.
 */
export function closedReceiver(account: string, numbers: WebhookNumbers): WebhookReceiver {
  return {
    health: NOTHING_CAME,
    challenge: () => null,
    refusal: (head) => judgeHead(account, head, numbers.open(account)),
    turnedAway: () => {},
    receive: (request) => receiveWebhook(account, request, numbers),
  }
}
