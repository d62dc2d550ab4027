import { createHash } from 'node:crypto'
import { isRecord } from '../../../protocol/is-record.ts'
import { callbackAddress } from '../credentials/callback-address.ts'
import { againInAnHour, type Failure, isTokenEnded, reasonOfProblem } from './reason-of-problem.ts'
import { DONE, failed, RUNNING, type SetUpContext, skipped, stepOf } from './set-up-context.ts'

/**
 * Subscribes the app to the webhooks of the Business account, once for each token, account and address, and looks whether it still is. Its
 * own address is a second call: Meta refuses it before the app is subscribed. Source: `/<WABA>/subscribed_apps`.
 */
export async function subscribeApp(context: SetUpContext): Promise<Failure | null> {
  const { credentials, facts, report, nameOf } = context
  const { businessAccountId, provider } = credentials()
  if (provider === '360dialog') return configureWebhook(context)
  if (businessAccountId === null) {
    report(
      'subscribe',
      skipped(
        'Without the id of the Business account it cannot be seen whether its webhooks come.',
        `Set ${nameOf('businessAccountId')}.`,
      ),
    )
    return null
  }
  report('subscribe', RUNNING)
  const wanted = fingerprint(context)
  const isKept = facts.current.subscribed === wanted && (await isSubscribed(context, businessAccountId))
  const failure = isKept ? null : await subscribe(context, businessAccountId)
  if (failure === null) {
    facts.update({ subscribed: wanted })
    report('subscribe', DONE)
    return null
  }
  report(
    'subscribe',
    failure.kind === 'wait' ? stepOf(failure) : failed('webhooks_not_subscribed', failure.detail),
  )
  // Messages still go out; that nothing comes in is said as a caution.
  return isTokenEnded(failure) ? failure : againInAnHour(failure)
}

/** True also where it cannot be seen: then the webhooks show it. */
async function isSubscribed({ ask }: SetUpContext, businessAccountId: string): Promise<boolean> {
  const answer = await ask({ method: 'GET', path: `${businessAccountId}/subscribed_apps` })
  if (!answer.ok) return true
  const data = isRecord(answer.body) ? answer.body['data'] : undefined
  return !Array.isArray(data) || data.length > 0
}

async function subscribe(
  { ask, credentials, file }: SetUpContext,
  businessAccountId: string,
): Promise<Failure | null> {
  const path = `${businessAccountId}/subscribed_apps`
  const plain = await ask({ method: 'POST', path })
  if (!plain.ok) return reasonOfProblem(plain.problem)
  const callback = file.current?.callbackUrl ?? null
  if (callback === null) return null
  const own = await ask({
    method: 'POST',
    path,
    json: { override_callback_uri: callback, verify_token: credentials().verifyToken },
  })
  return own.ok ? null : reasonOfProblem(own.problem)
}

/**
 * 360dialog posts to one address for each key: to the one that somebody gave when the number was connected, with the secret at its end. Where none
 * was given it stays as it is. Source: 360dialog, `/v1/configs/webhook`.
 */
async function configureWebhook({ ask, credentials, file, report }: SetUpContext): Promise<Failure | null> {
  const callback = file.current?.callbackUrl ?? null
  if (callback === null) {
    report(
      'subscribe',
      skipped(
        'Where 360dialog posts to is set in its Hub.',
        'Set the callback address of the card there: the number > Channel Webhook.',
      ),
    )
    return null
  }
  report('subscribe', RUNNING)
  const url = callbackAddress(callback, credentials())
  const path = 'v1/configs/webhook'
  const current = await ask({ method: 'GET', path })
  const isSet = current.ok && isRecord(current.body) && current.body['url'] === url
  const answer = isSet ? current : await ask({ method: 'POST', path, json: { url } })
  if (answer.ok) {
    report('subscribe', DONE)
    return null
  }
  const failure = reasonOfProblem(answer.problem)
  const detail = failure.detail?.replaceAll(url, callback)
  report(
    'subscribe',
    failure.kind === 'wait'
      ? stepOf(failure)
      : {
          ...failed('webhooks_not_subscribed', detail),
          action: 'Set the callback address of the card in the 360dialog Hub: the number > Channel Webhook.',
        },
  )
  return isTokenEnded(failure) ? failure : againInAnHour(failure)
}

function fingerprint({ credentials, file }: SetUpContext): string {
  const { accessToken, businessAccountId } = credentials()
  const parts = [accessToken, businessAccountId, file.current?.callbackUrl ?? '']
  return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22)
}
