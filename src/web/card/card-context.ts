import type { TemplateResult } from 'lit'
import type { AccountView } from '../../protocol/account/account.ts'
import type { AccountConfigView } from '../../protocol/config/config-view.ts'
import type { ShownState } from './account-states.ts'
import type { AccountEdits } from './account/account-edits.ts'
import type { LinkActions } from './state/link-actions.ts'
import type { CardState } from './state/card-state.ts'
import type { CardUi } from './state/card-ui.ts'
import type { LiveView } from './state/live-view.ts'
import type { PairingDecisions } from './state/pairing-decisions.ts'
import type { Words } from '../elements/language/words.ts'
import type { CardText } from './text/card-texts.ts'

/** What every part of the card draws from, also before the daemon has answered. */
export interface CardFrame {
  say: Words<CardText>
  /** Whether its user has no shell in the sandbox. */
  hosted: boolean
  /** Whether the page answers a person who wants to connect a Business number. */
  businessSignup: boolean
  state: CardState
  ui: CardUi
  /** Changes what is open or typed, and redraws. */
  set(change: Partial<CardUi>): void
  live: LiveView
  /** Of countries, dates and numbers: BCP 47, the language of the sentences. */
  locale: string
  /** True while no action can be taken: another one is under way, or the daemon cannot be reached. */
  disabled: boolean
  /** Whether the daemon has the method and the token allows it. */
  can(method: string): boolean
  /** What `part` draws from `frame`; where it throws, a sentence that says so. */
  draw<Frame extends CardFrame>(
    part: (frame: Frame) => TemplateResult | null,
    frame: Frame,
  ): TemplateResult | null
  /** The same card about another of the accounts. */
  about(account: AccountView): CardContext
}

/** What the parts about one account draw from. */
export interface CardContext extends CardFrame {
  account: AccountView
  /** How its state is shown, and what can be done in it. */
  shown: ShownState
  /** `null` when the token may not read the config. */
  settings: AccountConfigView | null
  /** The edits are there once the late part `account` is, without which nothing that makes one is drawn. */
  actions: LinkActions & AccountEdits
  /** Whether the allowed numbers and settings of this account may be edited from here. */
  isWritable: boolean
}

/** What people who ask for access are drawn from, in whichever element. */
export type PairingFrame = Pick<
  CardContext,
  'account' | 'can' | 'disabled' | 'live' | 'locale' | 'say' | 'set' | 'state'
> & { actions: PairingDecisions }
