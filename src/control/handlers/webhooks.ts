import type { WebhooksPort } from '../ports.ts'
import type { NamespaceHandlers } from './handler.ts'

export function webhooksHandlers({ webhooks }: { webhooks: WebhooksPort }): NamespaceHandlers<'webhooks'> {
  return {
    'webhooks.list': () => webhooks.list(),
    'webhooks.retry': ({ webhook, deadLetter = null }) => webhooks.retry(webhook, deadLetter),
    'webhooks.test': ({ webhook }) => webhooks.test(webhook),
  }
}
