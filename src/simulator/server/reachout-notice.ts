import { S_WHATSAPP_NET } from '@whiskeysockets/baileys'
import type { Account } from './account.ts'
import { type Environment, seconds } from './environment.ts'
import type { Stanza } from '../wire/stanza.ts'
import { stanza } from '../wire/stanza.ts'

/** Whether an account may write to nobody new, as WhatsApp writes it: times are seconds in text, and `"0"` is none (Baileys rc14). */
export function reachoutState({ reachoutLock }: Account): Record<string, unknown> {
  return {
    is_active: reachoutLock !== null,
    time_enforcement_ends: String(reachoutLock?.until ?? 0),
    enforcement_type: 'DEFAULT',
  }
}

/** The notification that this has changed (whatsmeow, Baileys rc14 `handleMexNotification`). */
export function reachoutNotice(account: Account, network: Pick<Environment, 'now' | 'random'>): Stanza {
  const data = { xwa2_notify_account_reachout_timelock: reachoutState(account) }
  const id = network.random(8).toString('hex')
  return stanza('notification', { from: S_WHATSAPP_NET, type: 'mex', id, t: seconds(network) }, [
    stanza(
      'update',
      { op_name: 'NotificationUserReachoutTimelockUpdate' },
      Buffer.from(JSON.stringify({ data })),
    ),
  ])
}
