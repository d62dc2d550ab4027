import type { WebhooksPort } from '../../../src/control/ports.ts'
import { DaemonError } from '../../../src/protocol/errors.ts'
import type { MethodResult } from '../../../src/protocol/methods.ts'
import type { WebhookView } from '../../../src/protocol/webhook-view.ts'

const SINCE = '2026-01-02T03:04:05.000Z'

/** Receivers of events, as plain state. */
export class FakeWebhooks implements WebhooksPort {
  views: WebhookView[] = [webhookView()]

  list(): MethodResult<'webhooks.list'> {
    return { webhooks: this.views, deadLetters: [] }
  }

  retry(webhook: string): MethodResult<'webhooks.retry'> {
    return { webhook: this.#view(webhook), requeued: 0 }
  }

  async test(webhook: string): Promise<MethodResult<'webhooks.test'>> {
    this.#view(webhook)
    return { webhook, ok: true, status: 200, problem: null, tookMs: 3 }
  }

  #view(id: string): WebhookView {
    const found = this.views.find(({ webhook }) => webhook === id)
    if (found === undefined) throw new DaemonError('webhook_not_found')
    return found
  }
}

function webhookView(overrides: Partial<WebhookView> = {}): WebhookView {
  return {
    webhook: 'wh_0123456789ab',
    place: 'whatsappd.webhooks[0]',
    target: 'http://127.0.0.1:9000/…',
    events: ['*'],
    accounts: null,
    texts: false,
    state: 'ok',
    problem: null,
    lastDeliveredAt: SINCE,
    failingSince: null,
    nextAttemptAt: null,
    queued: 0,
    dead: 0,
    dropped: 0,
    ...overrides,
  }
}
