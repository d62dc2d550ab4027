import { createHash } from 'node:crypto'
import { isRecord } from '../../../protocol/is-record.ts'
import { type Failure, isTokenEnded, reasonOfProblem } from './reason-of-problem.ts'
import { DONE, failed, RUNNING, type SetUpContext, skipped, stepOf } from './set-up-context.ts'

/**
 * Subscribes the app to the webhooks of the Business account, once for each token, account and address, and looks whether it still is. Its
 * own address is a second call: Meta refuses it before the app is subscribed. Source: `/<WABA>/subscribed_apps`.
 */
export async function subscribeApp(context: SetUpContext): Promise<Failure | null> {
  const { credentials, facts, report, nameOf } = context
  const { businessAccountId, provider } = credentials()
  if (provider === '360dialog') {
    report('subscribe', skipped('Set the callback address in the 360dialog Hub, or by its API.'))
    return null
  }
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
  return failure.kind === 'wait' || isTokenEnded(failure) ? failure : null
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
  const { verifyToken, pathSecret } = credentials()
  const address = pathSecret === null ? callback : `${callback.replace(/\/+$/, '')}/${pathSecret}`
  const own = await ask({
    method: 'POST',
    path,
    json: { override_callback_uri: address, verify_token: verifyToken },
  })
  return own.ok ? null : reasonOfProblem(own.problem)
}

function fingerprint({ credentials, file }: SetUpContext): string {
  const { accessToken, businessAccountId } = credentials()
  const parts = [accessToken, businessAccountId, file.current?.callbackUrl ?? '']
  return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22)
}
