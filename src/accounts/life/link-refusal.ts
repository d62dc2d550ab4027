import { whyNobodyMayWrite } from '../../access/why-nobody-may-write.ts'
import type { AccountConfig } from '../../config/model.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { Capabilities } from '../../messaging/capabilities.ts'
import { REASONS } from '../../protocol/reasons.ts'
import type { AccountLimit } from './account-dependencies.ts'

/** Why an account over another transport must not become a Business account; `null` where it may. */
export function businessRefusal(
  config: AccountConfig,
  linked: boolean,
  accountLimit: AccountLimit | null,
): DaemonError | null {
  if (linked)
    return new DaemonError('already_linked', {
      message: 'A phone is linked to this account: it cannot be a Business account besides.',
      action: 'Create another account for the Business number, or disconnect the phone first.',
    })
  if (config.isTransportSet)
    return new DaemonError('misconfigured', {
      message: `The config says that this account is a linked device (transport: "${config.transport}").`,
      action: `Set transport to "cloud-api" at ${config.section}, or take the key out; then connect again.`,
    })
  return accountLimit === null ? null : noPlace(config, accountLimit)
}

function noPlace(config: AccountConfig, { maxAccounts, accounts }: AccountLimit): DaemonError {
  return new DaemonError('max_sessions_reached', {
    message: `The limit of accounts is reached: maxAccounts is ${maxAccounts}, and the places are taken by ${accounts.join(', ')}.`,
    action: `Remove an account, or raise ${config.section}.maxAccounts in the config file.`,
    details: { maxAccounts, count: accounts.length, accounts: [...accounts] },
  })
}

/** Why an account must not be linked now (it is paused, linked, one too many, or no person is allowed); `null` where it may be. */
export function linkRefusal(
  config: AccountConfig,
  linked: boolean,
  accountLimit: AccountLimit | null,
  { linking }: Pick<Capabilities, 'linking'>,
): DaemonError | null {
  if (!config.enabled) return new DaemonError('account_disabled')
  if (!linking.includes('qr'))
    return new DaemonError('link_failed', {
      message: 'This is a WhatsApp Business account: it is connected with a token, and no phone is linked.',
      action:
        'Connect the number in the dashboard, or with "whatsappd link"; docs/business.md shows the way.',
    })
  if (linked) return new DaemonError('already_linked')
  if (accountLimit !== null) return noPlace(config, accountLimit)
  const why = whyNobodyMayWrite(config)
  if (why === null) return null
  const { section } = config
  if (why === 'nobody_allowed')
    return new DaemonError('allowlist_empty', {
      action: `Add at least one phone number to ${section}.allowFrom.`,
    })
  return new DaemonError('allowlist_empty', {
    message: REASONS[why].message,
    action: `Set ${section}.dmPolicy to "allowlist", or name a group in ${section}.groups, then link.`,
  })
}
