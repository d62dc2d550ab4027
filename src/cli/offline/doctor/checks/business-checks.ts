import { businessNames, isCompleteBusiness } from '../../../../config/cloud-api-config.ts'
import type { AccountConfig, SecretReference } from '../../../../config/model.ts'
import { unusableSecret } from '../../../../config/secrets/unusable-secret.ts'
import type { AccountView } from '../../../../protocol/account/account.ts'
import type { BusinessStep, BusinessView } from '../../../../protocol/account/business.ts'
import { STEP_NAMES } from '../../../remote/accounts/business-lines.ts'
import { type Check, fine, type Found, problem, warning } from '../check.ts'
import type { DoctorFacts } from '../doctor-facts.ts'
import { outboundNetwork } from '../outbound.ts'
import { subjectOf } from './account-checks.ts'

/** What must not be found at a callback address: what else this daemon answers. */
const OTHER_PATHS = ['/', '/livez', '/v1/health'] as const
const TIMEOUT_MS = 5_000

/** Of numbers of WhatsApp Business accounts. */
export const BUSINESS_CHECKS: readonly Check[] = [
  {
    id: 'business.secrets',
    looksAt: 'whether token and app secret of a Business number can be read, and can be what they are for',
    look: (facts) => configured(facts).map((account) => lookAtSecrets(account, facts)),
  },
  {
    id: 'business.steps',
    looksAt: 'how far the set-up of a Business number is, as the running daemon says',
    look: (facts) => running(facts).flatMap(lookAtSteps),
  },
  {
    id: 'business.webhook',
    looksAt: 'whether webhooks of WhatsApp arrive, and were signed as they must be',
    look: (facts) => running(facts).map(lookAtWebhook),
  },
  {
    id: 'business.callback',
    looksAt: 'whether more than the webhooks can be reached at the callback address',
    look: async (facts, signal) => {
      const found = await Promise.all(running(facts).map((view) => lookAtCallback(view, facts, signal)))
      return found.flat()
    },
  },
]

type BusinessAccount = AccountView & { business: BusinessView }

function running({ daemon }: DoctorFacts): BusinessAccount[] {
  if (daemon.state !== 'running') return []
  return daemon.accounts.filter((view): view is BusinessAccount => (view.business ?? null) !== null)
}

/** Those that the file says are Business numbers. */
function configured({ config }: DoctorFacts): AccountConfig[] {
  return Object.values(config?.accounts ?? {}).filter(
    ({ transport, isTransportSet, cloudApi }) =>
      transport === 'cloud-api' || (!isTransportSet && isCompleteBusiness(cloudApi)),
  )
}

function lookAtSecrets({ id, cloudApi, section }: AccountConfig, { secrets }: DoctorFacts): Found {
  const subject = subjectOf(id)
  const { accessToken, appSecrets, provider } = cloudApi
  const given = [
    ...(accessToken === null ? [] : [{ place: accessToken.place, value: accessToken.value }]),
    ...(appSecrets?.value ?? []).map((value) => ({ place: appSecrets?.place ?? '', value })),
  ]
  for (const { place, value } of given) {
    const why = whyUnusable(value, secrets)
    if (why !== null) return problem(`${place}: ${why}.`, `Correct ${place}.`, subject)
  }
  if (provider === 'meta' && appSecrets === null)
    return warning(
      'There is no app secret in the config: webhooks are refused, unless a dashboard gave one.',
      `Set ${businessNames(section, true).appSecret}: App Dashboard > App settings > Basic > App secret > Show.`,
      subject,
    )
  return fine('What is given of token and app secret can be read.', subject)
}

function whyUnusable(reference: SecretReference, secrets: DoctorFacts['secrets']): string | null {
  try {
    return unusableSecret(secrets.read(reference).trim())
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function lookAtSteps({ account, business }: BusinessAccount): Found[] {
  const subject = subjectOf(account)
  const open = business.steps.filter(({ step, state }) => step !== 'webhook' && state === 'failed')
  if (open.length > 0) return open.map((step) => lookAtStep(step, subject))
  const done = business.steps.filter(({ state }) => state === 'done').map(({ step }) => STEP_NAMES[step])
  return done.length === 0 ? [] : [fine(`In order: ${done.join(', ')}.`, subject)]
}

function lookAtStep({ step, message, action }: BusinessStep, subject: string): Found {
  const name = STEP_NAMES[step]
  return problem(
    `${name.replace(/^./, (first) => first.toUpperCase())}: ${message ?? 'failed.'}`,
    action ?? 'Look at it in WhatsApp Manager.',
    subject,
  )
}

function lookAtWebhook({ account, business }: BusinessAccount): Found {
  const subject = subjectOf(account)
  const { lastAt, refused, lastRefusal, path } = business.webhook
  if (lastRefusal !== null && (lastAt === null || lastRefusal.at > lastAt))
    return problem(
      `${refused} webhooks were refused: ${lastRefusal.why}`,
      'Compare the app secret with App Dashboard > App settings > Basic; docs/business.md.',
      subject,
    )
  if (lastAt === null)
    return warning(
      'No webhook of WhatsApp has come yet.',
      `App Dashboard > WhatsApp > Configuration: callback URL https://<your host>${path}, the verify token of the card, field "messages"; app in Live mode.`,
      subject,
    )
  return fine(`Webhooks arrive; the last one at ${new Date(lastAt).toLocaleString()}.`, subject)
}

/** Only where the address is known here: a dashboard gave it when it connected the number. */
async function lookAtCallback(
  { account, business }: BusinessAccount,
  facts: DoctorFacts,
  signal: AbortSignal,
): Promise<Found[]> {
  const subject = subjectOf(account)
  const callback = business.webhook.callbackUrl ?? null
  if (callback === null) return []
  const { origin } = new URL(callback)
  const network = await outboundNetwork(facts)
  const reached: string[] = []
  for (const path of OTHER_PATHS) {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
      const response = await network.fetch(`${origin}${path}`, {
        method: 'GET',
        headers: {},
        signal: limit,
        redirect: 'manual',
      })
      await response.body?.cancel()
      if (response.status < 400) reached.push(path)
    } catch {
      // Nothing answers there, which is right.
    }
  }
  if (reached.length === 0) return [fine(`Nothing else was found at ${origin}.`, subject)]
  return [
    warning(
      `At ${origin} more can be reached than the webhooks: ${reached.join(', ')}.`,
      'Publish /webhooks/whatsapp/ alone: docs/business.md, Tunnels.',
      subject,
    ),
  ]
}
