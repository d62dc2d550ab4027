import type { AccountView } from '../../protocol/account.ts'
import type { AccountConfigView } from '../../protocol/config-view.ts'
import type { CardActions } from '../state/card-actions.ts'
import type { CardState } from '../state/card-state.ts'
import type { LiveView } from '../state/live-view.ts'

/** What the card's parts draw from; one for each rendering of a known account. */
export interface CardContext {
  state: CardState
  account: AccountView
  /** `null` when the token may not read the config. */
  settings: AccountConfigView | null
  live: LiveView
  actions: CardActions
  /** True while no action can be taken: another one is under way, or the daemon is away. */
  disabled: boolean
}
