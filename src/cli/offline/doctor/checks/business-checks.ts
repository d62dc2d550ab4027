import { businessNames } from '../../../../config/cloud-api-config.ts'
import type { AccountConfig, SecretReference } from '../../../../config/model.ts'
import { unusableSecret } from '../../../../config/secrets/unusable-secret.ts'
import type { AccountView } from '../../../../protocol/account/account.ts'
import type { BusinessStep, BusinessView } from '../../../../protocol/account/business.ts'
import { STEP_NAMES } from '../../../remote/accounts/business-lines.ts'
import { type Check, fine, type Found, problem, warning } from '../check.ts'
import type { DoctorFacts } from '../doctor-facts.ts'
import { isBusiness } from '../is-business.ts'
import { subjectOf } from './account-checks.ts'
import { lookAtCallback } from './look-at-callback.ts'
import { capitalized } from '../../../../text/sentence.ts'

/** What `health_status` is about. */
const HEALTH_NAMES: Readonly<Record<string, string>> = {
  PHONE_NUMBER: 'The number',
  WABA: 'The WhatsApp account',
  BUSINESS: 'The company',
  APP: 'The app',
}

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
    id: 'business.health',
    looksAt: 'what WhatsApp says of whether the number may send: number, account, company, app',
    look: (facts) => running(facts).flatMap(lookAtHealth),
  },
  {
    id: 'business.webhook',
    looksAt: 'whether webhooks of WhatsApp arrive, and were signed as they must be',
    look: (facts) => running(facts).map(lookAtWebhook),
  },
  {
    id: 'business.callback',
    looksAt:
      'whether the callback address, where it is known here, leads to this daemon, and to nothing but its webhooks',
    look: async (facts, signal) => {
      const found = await Promise.all(
        running(facts).map(async ({ account, business: { webhook } }) => {
          const { callbackUrl } = webhook
          if (callbackUrl === null) return []
          return lookAtCallback({ subject: subjectOf(account), ...webhook, callbackUrl }, facts, signal)
        }),
      )
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
  return Object.values(config?.accounts ?? {}).filter(isBusiness)
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

function lookAtSteps({ account, business, until }: BusinessAccount): Found[] {
  const subject = subjectOf(account)
  const steps = business.steps.filter(({ step }) => step !== 'webhook')
  const open = steps.filter(({ state, code }) => state === 'failed' || (state === 'waiting' && code !== null))
  if (open.length > 0) return open.map((step) => lookAtStep(step, until, subject))
  const done = business.steps.filter(({ state }) => state === 'done').map(({ step }) => STEP_NAMES[step])
  return done.length === 0 ? [] : [fine(`In order: ${done.join(', ')}.`, subject)]
}

/** What is tried again by itself is a warning, with the time where it is known. */
function lookAtStep(
  { step, state, message, action }: BusinessStep,
  until: AccountView['until'],
  subject: string,
): Found {
  const words = `${capitalized(STEP_NAMES[step])}: ${message ?? 'failed.'}`
  const cure = action ?? 'Look at it in WhatsApp Manager.'
  if (state === 'failed') return problem(words, cure, subject)
  return warning(
    until === null ? words : `${words} Until ${new Date(until).toLocaleString()}.`,
    cure,
    subject,
  )
}

/** In WhatsApp's own words, as of the last check. */
function lookAtHealth({ account, business }: BusinessAccount): Found[] {
  const subject = subjectOf(account)
  const health = business.health ?? null
  if (health === null) return []
  if (health.problems.length === 0)
    return [fine(`WhatsApp says that the number may send (${health.canSend}).`, subject)]
  return health.problems.map(({ about, canSend, code, message, solution }) => {
    const found = canSend === 'BLOCKED' ? problem : warning
    const words = `${HEALTH_NAMES[about] ?? about}: ${message}${code === null ? '' : ` (code ${code})`}`
    const cure = solution ?? 'See Meta Business Suite > Business support > Account overview.'
    return found(words, `${cure} Then: whatsappd link --account ${account}, to ask WhatsApp again.`, subject)
  })
}

function lookAtWebhook({ account, business }: BusinessAccount): Found {
  const subject = subjectOf(account)
  const { lastAt, refused, lastRefusal, path } = business.webhook
  const isAtDialog = business.provider === '360dialog'
  if (lastRefusal !== null && (lastAt === null || lastRefusal.at > lastAt))
    return problem(
      `${refused} webhooks were refused: ${lastRefusal.why}`,
      isAtDialog
        ? 'Compare the callback address with 360dialog Hub > the number > Channel Webhook: it ends in the secret of the card; docs/business.md.'
        : 'Compare the app secret with App Dashboard > App settings > Basic; docs/business.md.',
      subject,
    )
  if (lastAt === null)
    return warning(
      'No webhook of WhatsApp has come yet.',
      isAtDialog
        ? `360dialog Hub > the number > Channel Webhook: https://<your host>${path}, with the secret of the card at its end.`
        : `App Dashboard > WhatsApp > Configuration: callback URL https://<your host>${path}, the verify token of the card, field "messages"; app in Live mode.`,
      subject,
    )
  return fine(`Webhooks arrive; the last one at ${new Date(lastAt).toLocaleString()}.`, subject)
}
