import { type BusinessNames, businessNames, type CloudApiConfig } from '../../../config/cloud-api-config.ts'
import type { Config } from '../../../config/model.ts'

/** What the config says of a Business account. */
export interface BusinessSettings {
  cloudApi: CloudApiConfig
  isTransportSet: boolean
  /** For advice. */
  names: BusinessNames
}

/** `null` for an account that has just left the config. */
export function businessSettingsOf(
  { accounts, defaultAccount, section }: Config,
  id: string,
): BusinessSettings | null {
  const account = accounts[id]
  return account === undefined ? null : { ...account, names: businessNames(section, id === defaultAccount) }
}
