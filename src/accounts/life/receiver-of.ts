import type { Link } from '../../transports/link.ts'
import type { WebhookAnswer, WebhookReceiver } from '../../messaging/webhook-receiver.ts'

const CLOSED: WebhookAnswer = { status: 503, reason: 'The account is not open.' }

/** Of an account whose directory is closed: nothing can be stored, so everything must come again. */
const CLOSED_RECEIVER: WebhookReceiver = {
  health: { lastAt: null, refused: 0, lastRefusal: null, foreign: 0, unsupported: 0 },
  challenge: () => null,
  refusal: () => CLOSED,
  turnedAway: () => {},
  receive: () => Promise.resolve(CLOSED),
}

/** Where the messenger's server posts to; `null` where nobody posts. `parts`: of the open account, `null` while it is closed. */
export function receiverOf(parts: { link: Pick<Link, 'webhook'> } | null): WebhookReceiver | null {
  return parts === null ? CLOSED_RECEIVER : parts.link.webhook
}
