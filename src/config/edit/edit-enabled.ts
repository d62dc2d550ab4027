import { channelSection } from '../read/channel-section.ts'
import { setValue } from '../document/set-value.ts'
import type { ConfigEdit } from './config-edit.ts'
import { refuseOverruled } from './refuse-overruled.ts'

/** Pauses or resumes one account. */
export function enabledEdit(account: string, enabled: boolean): ConfigEdit {
  return {
    account,
    keys: ['enabled'],
    prepare(current) {
      if (enabled) refuseOverruled(current, account, 'enabled')
    },
    apply(document, current) {
      if (current.accounts[account]?.enabled === enabled) return document
      const section = channelSection(document).path
      const own = [...section, 'accounts', account]
      const holder = document.nodeAt(own) === null ? section : own
      return setValue(document, [...holder, 'enabled'], enabled)
    },
    check(_before, after) {
      if (after.accounts[account]?.enabled !== enabled) throw new Error('the edit did not switch the account')
    },
    present: (_file, current) => ({ enabled: current.accounts[account]?.enabled ?? null }),
  }
}
