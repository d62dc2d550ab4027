import type { CloudApiConfig } from '../../../config/cloud-api-config.ts'
import type { BusinessConnection } from '../../../protocol/account/business.ts'
import { DaemonError } from '../../../protocol/errors.ts'
import { withoutPathSecret } from './callback-address.ts'
import { NO_CONNECTION, type StoredConnection } from './connection-file.ts'
import { unusableSecret } from '../../../config/secrets/unusable-secret.ts'

/** What of a connection the config may have, too. */
const IN_CONFIG = {
  accessToken: 'accessToken',
  phoneNumberId: 'phoneNumberId',
  businessAccountId: 'businessAccountId',
  appSecret: 'appSecrets',
  verifyToken: 'verifyToken',
} as const

/**
 * What is stored after somebody connected: what is given in the place of what was there; another token begins anew. `pathSecret` is never stored with
 * the address. Throws `DaemonError`
 * (`misconfigured`) where the config says the same otherwise, where something cannot be used, and where something is missing.
 */
export function mergeConnection(
  before: StoredConnection | null,
  given: BusinessConnection,
  { settings, pathSecret }: { settings: CloudApiConfig; pathSecret: string },
): StoredConnection {
  for (const [key, inConfig] of Object.entries(IN_CONFIG) as [keyof typeof IN_CONFIG, keyof CloudApiConfig][])
    refuseWhatConfigHas(key, given[key], settings[inConfig] as CloudApiConfig['phoneNumberId'])
  for (const key of ['accessToken', 'appSecret'] as const) {
    const why = given[key] === undefined ? null : unusableSecret(given[key])
    if (why !== null) throw refused(`${key} ${why}.`, 'Correct it, then connect again.')
  }
  const kept = given.accessToken === undefined ? (before ?? NO_CONNECTION) : anew(before, given)
  const stored: StoredConnection = {
    phoneNumberId: given.phoneNumberId ?? kept.phoneNumberId,
    businessAccountId: given.businessAccountId ?? kept.businessAccountId,
    accessToken: given.accessToken ?? kept.accessToken,
    appSecret: given.appSecret ?? kept.appSecret,
    verifyToken: given.verifyToken ?? kept.verifyToken,
    pin: given.pin ?? kept.pin,
    isCoexistence: given.isCoexistence ?? kept.isCoexistence,
    callbackUrl:
      given.callbackUrl === undefined ? kept.callbackUrl : withoutPathSecret(given.callbackUrl, pathSecret),
  }
  const hasToken = stored.accessToken !== null || settings.accessToken !== null
  // The key of 360dialog is for one number, whatever its account.
  const hasAccount =
    settings.provider === '360dialog' ||
    stored.businessAccountId !== null ||
    settings.businessAccountId !== null
  if (!hasToken)
    throw refused(
      'No access token is given, and neither config nor environment has one.',
      'Give accessToken.',
    )
  if (given.accessToken !== undefined && !hasAccount)
    throw refused('The id of the WhatsApp Business account is missing.', 'Give businessAccountId.')
  return stored
}

/** Another number, or the same one with another token: only what the daemon has made for that number stays. */
function anew(before: StoredConnection | null, given: BusinessConnection): StoredConnection {
  const isSame =
    before !== null &&
    (given.phoneNumberId === undefined || given.phoneNumberId === before.phoneNumberId) &&
    (given.businessAccountId === undefined || given.businessAccountId === before.businessAccountId)
  return isSame ? { ...before, isCoexistence: false } : NO_CONNECTION
}

function refuseWhatConfigHas(
  key: string,
  given: string | undefined,
  inConfig: { value: unknown; origin: string; place: string } | null,
): void {
  if (given === undefined || inConfig === null || inConfig.origin !== 'config' || inConfig.value === given)
    return
  throw refused(
    `The config file has ${inConfig.place}, which wins over the ${key} that is given here.`,
    `Take ${inConfig.place} out of the config file, then connect again.`,
  )
}

function refused(message: string, action: string): DaemonError {
  return new DaemonError('misconfigured', { message, action })
}
