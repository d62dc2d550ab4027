import type { AccountConfigView } from '../../protocol/config-view.ts'

/** Why a link may not be started with these settings, as a sentence for the person; `null` when it may. */
export function linkRefusal(settings: AccountConfigView | null): string | null {
  if (settings === null) return null
  if (settings.dmPolicy === 'allowlist' && settings.allowFrom.length === 0) {
    return 'Add at least one allowed number first: without it nobody could talk to the assistant.'
  }
  return null
}
