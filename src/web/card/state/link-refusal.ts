import type { AccountConfigView } from '../../../protocol/config-view.ts'
import type { CardText } from '../text/card-texts.ts'

/** Why a link may not be started with these settings, as a sentence for the person; `null` when it may. */
export function linkRefusal(settings: AccountConfigView | null): CardText | null {
  return settings?.dmPolicy === 'allowlist' && settings.allowFrom.length === 0
    ? 'Add at least one allowed number first: without it nobody could talk to the assistant.'
    : null
}
