import type { AccountConfig } from '../../src/config/model.ts'
import { plainSettings } from '../../src/config/settings/account-settings.ts'
import { effectiveSettings } from '../../src/config/settings/effective-settings.ts'
import { NO_BUSINESS } from './no-business.ts'

/** An account that answers these people with their own words, at once. */
export function accountConfig(allowFrom: readonly string[]): AccountConfig {
  return {
    ...effectiveSettings(plainSettings, []),
    cloudApi: NO_BUSINESS,
    isTransportSet: false,
    id: 'default',
    section: 'channels.whatsapp',
    authDir: null,
    access: { dmPolicy: 'allowlist', allowFrom },
    groupAccess: { groupPolicy: 'allowlist', groupAllowFrom: null, groups: {} },
    senders: {},
    commands: { enabled: true, owners: [] },
    mentionPatterns: { patterns: [], mode: 'allow', allowIn: [], denyIn: [] },
    direct: {},
    dms: {},
    coalesce: null,
    transcription: null,
    pace: { perMinute: 100_000, perHour: 1_000_000, firstContactsPerDay: 20 },
    agents: { echo: { connector: 'echo', settings: {} } },
    webhooks: [],
    defaultAgent: 'echo',
  }
}
