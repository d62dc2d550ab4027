import { channelSection } from '../read/channel-section.ts'
import { setValue } from '../document/edit-text.ts'
import type { FileEdit } from './file-edit.ts'
import { nodeAt, parseConfig } from '../document/parse.ts'

/** Pauses or resumes one account. */
export function enabledEdit(account: string, enabled: boolean): FileEdit {
  return {
    account,
    keys: ['enabled'],
    apply(text, current) {
      if (current.accounts[account]?.enabled === enabled) return text
      const parsed = parseConfig(text)
      const section = channelSection(parsed).path
      const own = [...section, 'accounts', account]
      return setValue(text, [...(nodeAt(parsed.root, own) === null ? section : own), 'enabled'], enabled)
    },
    check(_before, after) {
      if (after.accounts[account]?.enabled !== enabled) throw new Error('the edit did not switch the account')
    },
    present: (_file, current) => ({ enabled: current.accounts[account]?.enabled ?? null }),
  }
}
