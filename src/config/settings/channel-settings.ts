import { z } from 'zod'
import { accountSettings } from './account-settings.ts'
import { setting } from './setting.ts'
import { positive, text } from './value-schemas.ts'

export const ACCOUNT_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/i

/** `channels.whatsapp`. */
export const channelSettings = {
  ...accountSettings,
  accounts: setting(z.record(z.string().regex(ACCOUNT_ID), z.object(accountSettings)), {
    description: 'Several accounts by id; each takes what it does not set from above.',
    default: { default: {} },
    example: {},
  }),
  defaultAccount: setting(text.regex(ACCOUNT_ID), {
    description: 'The account that is meant where none is named.',
    default: 'default',
    example: 'default',
  }),
  maxAccounts: setting(positive.max(1_000), {
    description:
      'How many accounts may be linked, or be created from a dashboard. Those that are linked already go on, also beyond it.',
    default: 10,
    example: 10,
  }),
}
