import type { BusinessSetting } from '../../../config/cloud-api-config.ts'
import type { StoredConnection } from './connection-file.ts'

/**
 * Config first, then what is connected; variables only where nothing is, and not with a token that was connected: they may be of another
 * number. `setting`: where the value comes from, for its check; `null` for a stored one.
 */
export function idOf(
  setting: BusinessSetting<string> | null,
  stored: StoredConnection | null,
  key: 'phoneNumberId' | 'businessAccountId',
): { value: string; setting: BusinessSetting<string> | null } | null {
  const own = stored?.[key] ?? null
  if (setting?.origin !== 'config' && (own !== null || stored?.accessToken != null))
    return own === null ? null : { value: own, setting: null }
  return setting === null ? null : { value: setting.value, setting }
}
