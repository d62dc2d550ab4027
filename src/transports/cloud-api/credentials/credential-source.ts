import {
  type BusinessNames,
  type BusinessSetting,
  type CloudApiConfig,
  isCompleteBusiness,
} from '../../../config/cloud-api-config.ts'
import type { SecretReference } from '../../../config/model.ts'
import {
  CLOUD_API_DEFAULTS,
  apiVersionSchema,
  businessIdSchema,
} from '../../../config/settings/cloud-api-setting.ts'
import type { ReasonCode } from '../../../protocol/reasons.ts'
import type { BusinessCredentials } from './business-credentials.ts'
import type { ConnectionFile, StoredConnection } from './connection-file.ts'
import { idOf } from './id-of.ts'
import { unusableSecret } from '../../../config/secrets/unusable-secret.ts'

/** Why there are no credentials. */
export interface MissingCredentials {
  reason: Extract<ReasonCode, 'business_not_connected' | 'business_incomplete' | 'config_invalid'>
  /** Keys and variables. */
  detail?: string
}

export interface CredentialSourceDependencies {
  /** What config and environment say now. */
  settings: () => CloudApiConfig
  /** For advice. */
  names: () => BusinessNames
  /** Throws an `Error` that names the place and never the value. */
  readSecret: (reference: SecretReference) => string
  file: ConnectionFile
  /** What the daemon has made for the account: the verify token and the path secret where nobody gave one. */
  made: () => { verifyToken: string; pathSecret: string }
}

/** Shorter than anybody notices. */
const HOLDS_MS = 200

type Found = { credentials: BusinessCredentials } | { missing: MissingCredentials }

/**
 * The credentials as they are now, from config, connection and environment: each value from the first of them that has it, so that what the
 * file refers to wins, and what somebody connected wins over variables that every process here has.
 */
export class CredentialSource {
  readonly #deps: CredentialSourceDependencies
  /** Every status asks several times, and secrets of files are read each time. */
  #known: { settings: CloudApiConfig; stored: StoredConnection | null; until: number; found: Found } | null =
    null

  constructor(deps: CredentialSourceDependencies) {
    this.#deps = deps
  }

  /** `null` where something is missing or cannot be used. Throws `StorageError`. */
  get current(): BusinessCredentials | null {
    const found = this.#find()
    return 'credentials' in found ? found.credentials : null
  }

  /** Why `current` is `null`; `null` where it is not. Throws `StorageError`. */
  get missing(): MissingCredentials | null {
    const found = this.#find()
    return 'missing' in found ? found.missing : null
  }

  /** Keys and variables that hold the token and the app secret, as people find them. */
  get references(): readonly string[] {
    const { accessToken, appSecrets } = this.#deps.settings()
    return [accessToken, appSecrets].flatMap((setting) => setting?.place ?? [])
  }

  #find(): Found {
    const settings = this.#deps.settings()
    const stored = this.#deps.file.current
    const known = this.#known
    const now = performance.now()
    if (known?.settings === settings && known.stored === stored && now < known.until) return known.found
    const found = this.#read(settings, stored)
    this.#known = { settings, stored, until: now + HOLDS_MS, found }
    return found
  }

  #read(settings: CloudApiConfig, stored: StoredConnection | null): Found {
    if (!isCompleteBusiness(settings) && !completes(stored, settings))
      return { missing: this.#incomplete(settings, stored) }
    try {
      return { credentials: this.#complete(settings, stored) }
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      return { missing: { reason: 'config_invalid', detail } }
    }
  }

  #incomplete(settings: CloudApiConfig, stored: StoredConnection | null): MissingCredentials {
    const { accessToken, phoneNumberId, businessAccountId, appSecrets } = settings
    const names = this.#deps.names()
    if (this.#deps.file.isDamaged)
      return {
        reason: 'business_not_connected',
        detail: 'business.json in the directory of the account is damaged',
      }
    const isEmpty = [accessToken, phoneNumberId, businessAccountId, appSecrets].every((each) => each === null)
    if (isEmpty && stored === null) return { reason: 'business_not_connected' }
    const lacks = (['accessToken', 'phoneNumberId'] as const).filter(
      (key) => settings[key] === null && stored?.[key] == null,
    )
    return { reason: 'business_incomplete', detail: lacks.map((key) => names[key]).join('; ') }
  }

  /** Throws an `Error` with a sentence for a person. */
  #complete(settings: CloudApiConfig, stored: StoredConnection | null): BusinessCredentials {
    const { accessToken, appSecrets, verifyToken, pathSecret, provider, baseUrl, mediaHosts } = settings
    const ownToken = accessToken?.origin === 'config' ? null : (stored?.accessToken ?? null)
    const token = ownToken ?? (accessToken && this.#secret(accessToken))
    if (token === null) throw new Error(`the access token is missing: ${this.#deps.names().accessToken}`)
    const made = this.#deps.made()
    const secrets =
      stored?.appSecret != null && appSecrets?.origin !== 'config'
        ? [stored.appSecret]
        : (appSecrets?.value ?? []).map((value) => this.#secret({ place: appSecrets?.place ?? '', value }))
    return {
      provider,
      phoneNumberId: checkedId(settings.phoneNumberId, stored, 'phoneNumberId') ?? '',
      businessAccountId: checkedId(settings.businessAccountId, stored, 'businessAccountId'),
      accessToken: token,
      appSecrets: secrets,
      demandsSignature: provider === 'meta' || appSecrets?.origin === 'config' || stored?.appSecret != null,
      verifyToken: this.#either(verifyToken, stored?.verifyToken ?? null) ?? made.verifyToken,
      apiVersion: versionOf(settings.apiVersion),
      baseUrl,
      mediaHosts,
      pathSecret: provider === '360dialog' ? pathSecretOf(this.#either(pathSecret, null), made) : null,
      source: ownToken !== null ? 'connected' : (accessToken?.origin ?? 'config'),
    }
  }

  #either(setting: BusinessSetting<SecretReference> | null, stored: string | null): string | null {
    if (stored !== null && setting?.origin !== 'config') return stored
    return setting && this.#text(setting)
  }

  #secret(setting: Pick<BusinessSetting<SecretReference>, 'value' | 'place'>): string {
    const text = this.#text(setting)
    const why = unusableSecret(text)
    if (why !== null) throw new Error(`${setting.place} ${why}`)
    return text
  }

  #text({ value, place }: Pick<BusinessSetting<SecretReference>, 'value' | 'place'>): string {
    try {
      return this.#deps.readSecret(value).trim()
    } catch (error) {
      throw new Error(`${place}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  }
}

/** Whether a number can be reached with what somebody connected and the rest of the settings: the id of the number can be looked up. */
function completes(stored: StoredConnection | null, settings: CloudApiConfig): boolean {
  if (stored === null) return false
  const { accessToken, phoneNumberId, businessAccountId } = stored
  return (
    accessToken !== null || (settings.accessToken !== null && (phoneNumberId ?? businessAccountId) !== null)
  )
}

/** Throws where it is no id. */
function checkedId(...of: Parameters<typeof idOf>): string | null {
  const found = idOf(...of)
  if (found === null || found.setting === null) return found?.value ?? null
  if (!businessIdSchema.safeParse(found.value).success)
    throw new Error(
      `${found.setting.place} must be the digits of the id that WhatsApp Manager shows, which is not the phone number`,
    )
  return found.value
}

function versionOf(setting: BusinessSetting<string> | null): string {
  if (setting === null) return CLOUD_API_DEFAULTS.apiVersion
  if (!apiVersionSchema.safeParse(setting.value).success)
    throw new Error(`${setting.place} must be a version such as ${CLOUD_API_DEFAULTS.apiVersion}, with the v`)
  return setting.value
}

/** Throws. */
function pathSecretOf(given: string | null, { pathSecret }: { pathSecret: string }): string {
  if (given === null) return pathSecret
  if (/^[\w-]{22,128}$/.test(given)) return given
  throw new Error('cloudApi.pathSecret must be 22 to 128 letters, digits, "-" and "_"')
}
