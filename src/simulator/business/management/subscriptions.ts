import type { BusinessEnvironment } from '../business-environment.ts'
import { GraphError } from '../graph/graph-error.ts'
import type { BusinessAccount } from './business-account.ts'
import type { MetaApp } from './meta-app.ts'
import { verifyCallback } from './verify-callback.ts'

/** `GET /<account>/subscribed_apps`. */
export function listSubscriptions(account: BusinessAccount): object {
  return {
    data: [...account.subscribedApps].map(([app, override]) => ({
      whatsapp_business_api_data: {
        id: app.id,
        link: `https://www.facebook.com/games/?app_id=${app.id}`,
        name: app.name,
      },
      ...(override === null ? {} : { override_callback_uri: override.url }),
    })),
  }
}

/** `POST /<account>/subscribed_apps`: an override counts only for an app that is subscribed already. */
export async function subscribeApp(
  env: BusinessEnvironment,
  { account, app }: { account: BusinessAccount; app: MetaApp },
  body: Record<string, unknown>,
): Promise<object> {
  const { override_callback_uri: url, verify_token: verifyToken } = body
  if (url === undefined) {
    account.subscribedApps.set(app, null)
    return { success: true }
  }
  if (!account.subscribedApps.has(app))
    throw new GraphError(100, {
      message:
        '(#100) Before override the current callback uri, your app must be subscribed to receive messages for WhatsApp Business Account',
    })
  if (typeof url !== 'string' || !URL.canParse(url) || typeof verifyToken !== 'string')
    throw new GraphError(100, { details: 'override_callback_uri and verify_token belong together.' })
  account.subscribedApps.set(app, await verifyCallback(env, { url, verifyToken }))
  return { success: true }
}

/** `DELETE /<account>/subscribed_apps`. */
export function unsubscribeApp(account: BusinessAccount, app: MetaApp): object {
  if (!account.subscribedApps.delete(app))
    throw new GraphError(100, {
      message: '(#100) The app is not subscribed to this WhatsApp Business Account',
    })
  return { success: true }
}
