import type { BusinessSetting, CloudApiConfig } from '../../cloud-api-config.ts'
import type { PathSegment } from '../../document/json5-tree.ts'
import type { SecretReference } from '../../model.ts'
import { formatPath } from '../../document/config-document.ts'
import type { Problems } from '../../problems/problems.ts'
import { readSecret } from '../../secrets/read-secret.ts'
import { CLOUD_API_DEFAULTS, cloudApiMembers } from '../../settings/cloud-api-setting.ts'
import type { BusinessVariableName, BusinessVariables } from './business-variables.ts'
import type { AccountLayer } from '../foreign/account-layers.ts'
import type { RawAccount } from '../read-channel.ts'
import type { PathContext } from '../read-path.ts'

interface CloudApiInput extends PathContext {
  variables: BusinessVariables
  /** The variables of the environment name one number: that of the default account. */
  isDefault: boolean
}

type CloudApi = NonNullable<RawAccount['cloudApi']>

/** What other tools call it outside of `cloudApi`. */
const FLAT = {
  phoneNumberId: 'phoneNumberId',
  businessAccountId: 'businessAccountId',
  accessToken: 'accessToken',
  apiVersion: 'apiVersion',
  verifyToken: 'webhookVerifyToken',
} as const satisfies Partial<Record<keyof CloudApi, keyof RawAccount>>

/** Versions of the Graph API that have ended, or end: https://developers.facebook.com/docs/graph-api/changelog/versions */
const OLDEST_VERSION = {
  major: 21,
  ended: 'v20.0 ended on 24 September 2026, and v21.0 ends on 21 January 2027',
}

/** The Business account of an account: what its layers say, value by value, else the environment. */
export function readCloudApi(
  layers: readonly AccountLayer[],
  input: CloudApiInput,
  problems: Problems,
): CloudApiConfig {
  const { variables, isDefault } = input
  const find = <Key extends keyof CloudApi>(key: Key) => written(layers, key, problems)
  const plain = (
    key: 'phoneNumberId' | 'businessAccountId' | 'apiVersion',
    name: BusinessVariableName,
    isShared = false,
  ): BusinessSetting<string> | null => {
    const own = find(key)
    if (own !== null) return { value: own.value, origin: 'config', place: formatPath(own.path) }
    const variable = isDefault || isShared ? variables.get(name) : undefined
    return variable === undefined
      ? null
      : { value: variable.text, origin: 'environment', place: variable.place }
  }
  const secret = (
    key: 'accessToken' | 'verifyToken' | 'pathSecret',
    name?: BusinessVariableName,
  ): BusinessSetting<SecretReference> | null => {
    const own = find(key)
    if (own === null) return fromVariable(name === undefined ? undefined : variables.get(name))
    const value = readSecret(own.value, own.path, input, problems)
    return { value, origin: 'config', place: formatPath(own.path) }
  }
  const provider = find('provider')?.value ?? CLOUD_API_DEFAULTS.provider
  const apiVersion = plain('apiVersion', 'WHATSAPP_API_VERSION', true)
  noteVersion(apiVersion, find('apiVersion')?.path ?? null, problems)
  return {
    provider,
    phoneNumberId: plain('phoneNumberId', 'WHATSAPP_PHONE_NUMBER_ID'),
    businessAccountId: plain('businessAccountId', 'WHATSAPP_BUSINESS_ACCOUNT_ID'),
    accessToken: secret('accessToken', 'WHATSAPP_ACCESS_TOKEN'),
    appSecrets: appSecrets(find('appSecret'), input, problems),
    verifyToken: secret('verifyToken', 'WHATSAPP_WEBHOOK_VERIFY_TOKEN'),
    pathSecret: secret('pathSecret'),
    apiVersion,
    baseUrl: (find('baseUrl')?.value ?? CLOUD_API_DEFAULTS.baseUrl[provider]).replace(/\/+$/, ''),
    mediaHosts: find('mediaHosts')?.value ?? CLOUD_API_DEFAULTS.mediaHosts[provider],
  }
}

function fromVariable(
  variable: ReturnType<BusinessVariables['get']>,
): BusinessSetting<SecretReference> | null {
  if (variable === undefined) return null
  const { reference, place } = variable
  return { value: reference, origin: 'environment', place }
}

/** One secret, or several while one is replaced. */
function appSecrets(
  own: { value: NonNullable<CloudApi['appSecret']>; path: readonly PathSegment[] } | null,
  input: CloudApiInput,
  problems: Problems,
): CloudApiConfig['appSecrets'] {
  if (own === null) {
    const variable = fromVariable(input.variables.get('WHATSAPP_APP_SECRET'))
    return variable && { ...variable, value: [variable.value] }
  }
  const { value, path } = own
  const secrets = Array.isArray(value)
    ? value.map((each, index) => readSecret(each, [...path, index], input, problems))
    : [readSecret(value, path, input, problems)]
  return { value: secrets, origin: 'config', place: formatPath(path) }
}

interface Written<Key extends keyof CloudApi> {
  value: NonNullable<CloudApi[Key]>
  path: readonly PathSegment[]
}

/** The first layer that has it, under our name or another tool's. */
function written<Key extends keyof CloudApi>(
  layers: readonly AccountLayer[],
  key: Key,
  problems: Problems,
): Written<Key> | null {
  for (const { values, placeOf } of layers) {
    const value = values.cloudApi?.[key]
    if (value !== undefined && value !== null) return { value, path: [...placeOf('cloudApi'), key] }
    const flat = key in FLAT ? FLAT[key as keyof typeof FLAT] : null // it is one of its keys
    const found = flat === null ? null : readFlat(key, values[flat], placeOf(flat), problems)
    if (found !== null) return found
  }
  return null
}

/** What cannot be used is left out with a notice: a file that worked as a phone's goes on to work. */
function readFlat<Key extends keyof CloudApi>(
  key: Key,
  value: unknown,
  path: readonly PathSegment[],
  problems: Problems,
): Written<Key> | null {
  const expansion = problems.expansions.at(path)
  // The variable of a secret is read when it is used.
  const isLater = (expansion?.variable ?? null) !== null && (key === 'accessToken' || key === 'verifyToken')
  const isUnset = (expansion?.failure ?? null) !== null && !isLater
  if (value === undefined || value === null || value === '' || isUnset) return null
  const parsed = cloudApiMembers[key].safeParse(value)
  // The member's own schema has read it.
  if (parsed.success) return { value: parsed.data as NonNullable<CloudApi[Key]>, path }
  problems.notice(
    'ignored',
    path,
    `${parsed.error.issues[0]?.message ?? 'It cannot be used'}. It is left out.`,
  )
  return null
}

function noteVersion(
  version: BusinessSetting<string> | null,
  path: readonly PathSegment[] | null,
  problems: Problems,
): void {
  if (version === null || path === null) return
  const major = Number(/^v(\d+)/.exec(version.value)?.[1] ?? Number.NaN)
  if (major > OLDEST_VERSION.major || Number.isNaN(major)) return
  const message = `Meta ends old versions of the Graph API: ${OLDEST_VERSION.ended}. Set ${CLOUD_API_DEFAULTS.apiVersion}, or leave this key out.`
  problems.notice('old_version', path, message)
}
