import type { ChannelPath, SecretReference } from './model.ts'

/** A value of the Business account, with where it comes from. */
export interface BusinessSetting<Value> {
  value: Value
  origin: 'config' | 'environment'
  /** The key, or the variable, as people find it. */
  place: string
}

/**
 * The Business account of an account, as file and environment have it. Secrets stay references until they are used. `null`: nobody
 * says it.
 */
export interface CloudApiConfig {
  provider: 'meta' | '360dialog'
  phoneNumberId: BusinessSetting<string> | null
  businessAccountId: BusinessSetting<string> | null
  accessToken: BusinessSetting<SecretReference> | null
  appSecrets: BusinessSetting<readonly SecretReference[]> | null
  verifyToken: BusinessSetting<SecretReference> | null
  pathSecret: BusinessSetting<SecretReference> | null
  apiVersion: BusinessSetting<string> | null
  /** Without a slash at its end. */
  baseUrl: string
  mediaHosts: readonly string[]
}

/** Under which keys and variables each of these may be given, for advice. */
export type BusinessNames = Readonly<
  Record<'phoneNumberId' | 'businessAccountId' | 'accessToken' | 'appSecret', string>
>

/** The variables of the ids name one number: that of the default account. */
export function businessNames(section: ChannelPath, isDefault: boolean): BusinessNames {
  const name = (key: string, variable: string | null): string =>
    `${section}.cloudApi.${key}${variable === null ? '' : ` or ${variable}`}`
  return {
    phoneNumberId: name('phoneNumberId', isDefault ? 'WHATSAPP_PHONE_NUMBER_ID' : null),
    businessAccountId: name('businessAccountId', isDefault ? 'WHATSAPP_BUSINESS_ACCOUNT_ID' : null),
    accessToken: name('accessToken', 'WHATSAPP_ACCESS_TOKEN'),
    appSecret: name('appSecret', 'WHATSAPP_APP_SECRET'),
  }
}

/** Whether somebody has given enough of it to reach WhatsApp. */
export function isCompleteBusiness({ phoneNumberId, accessToken }: CloudApiConfig): boolean {
  return phoneNumberId !== null && accessToken !== null
}
