import type { SecretReference, WebhookConfig } from '../../../../config/model.ts'
import { webhookKey } from '../../../../network/standard-webhooks.ts'
import type { WebhookView } from '../../../../protocol/webhook-view.ts'
import { type Check, fine, type Found, problem, warning } from '../check.ts'
import type { DoctorFacts } from '../doctor-facts.ts'

/** A receiver that restarts is no problem yet. */
const LONG_MS = 600_000

/** Of the receivers of events. */
export const WEBHOOK_CHECKS: readonly Check[] = [
  {
    id: 'webhook.secret',
    looksAt: 'whether the secrets of the webhooks can be read, and sign',
    look: (facts) => webhooksOf(facts).map((webhook) => lookAtSecrets(webhook, facts)),
  },
  {
    id: 'webhook.receiver',
    looksAt: 'whether events arrive where webhooks post them, as the running daemon says',
    look: ({ daemon }) => (daemon.state === 'running' ? daemon.webhooks.map(lookAtReceiver) : []),
  },
]

function webhooksOf({ config }: DoctorFacts): WebhookConfig[] {
  if (config === null) return []
  const all = [config.daemon, ...Object.values(config.accounts)].flatMap(({ webhooks }) => webhooks)
  return [...new Map(all.map((webhook) => [webhook.place, webhook])).values()]
}

function lookAtSecrets({ place, secret, previousSecret }: WebhookConfig, { secrets }: DoctorFacts): Found {
  const subject = `webhook ${place}`
  for (const [name, reference] of Object.entries({ secret, previousSecret })) {
    const why = reference === null ? null : whyUnusable(reference, secrets)
    if (why !== null)
      return problem(
        `The ${name} cannot sign: ${why}.`,
        'Give it a secret such as the output of: echo "whsec_$(openssl rand -base64 32)"',
        subject,
      )
  }
  return fine('Its secret can sign.', subject)
}

function whyUnusable(reference: SecretReference, secrets: DoctorFacts['secrets']): string | null {
  try {
    return webhookKey(secrets.read(reference)) === null
      ? 'it is not whsec_ and 24 to 64 bytes in base64'
      : null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function lookAtReceiver({
  webhook,
  place,
  state,
  problem: why,
  failingSince,
  queued,
  dead,
}: WebhookView): Found {
  const subject = `webhook ${place}`
  const retry = `Then post at once what waits: whatsappd webhooks retry ${webhook}`
  if (state === 'gone' || state === 'misconfigured')
    return problem(why ?? 'Nothing can be posted.', retry, subject)
  if (state === 'failing') {
    const message = `No event arrives: ${queued} wait. ${why ?? ''}`.trim()
    const isLong = failingSince !== null && Date.now() - Date.parse(failingSince) >= LONG_MS
    return isLong ? problem(message, retry, subject) : warning(message, retry, subject)
  }
  if (dead > 0)
    return warning(
      `${dead} events were given up.`,
      `Post them again: whatsappd webhooks retry ${webhook}`,
      subject,
    )
  return fine(state === 'idle' ? 'No event was posted yet.' : 'Events arrive.', subject)
}
