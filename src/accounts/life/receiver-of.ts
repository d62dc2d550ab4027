import type { Link, Transports } from '../../transports/link.ts'
import type { WebhookReceiver } from '../../messaging/webhook-receiver.ts'

/** Where the messenger's server posts to; `null` where nobody posts. `parts`: of the open account, `null` while it is closed. */
export function receiverOf(
  account: string,
  parts: { link: Pick<Link, 'webhook'> } | null,
  transports: Transports,
): WebhookReceiver | null {
  if (parts !== null) return parts.link.webhook
  for (const transport of Object.values(transports)) {
    const receiver = transport.webhookWhileClosed?.(account)
    if (receiver !== undefined) return receiver
  }
  return null
}
