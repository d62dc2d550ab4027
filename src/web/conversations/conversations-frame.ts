import type { AccountView } from '../../protocol/account/account.ts'
import type { ConversationView } from '../../protocol/conversations/conversation-view.ts'
import type { LiveView } from '../card/state/live-view.ts'
import type { CardState } from '../card/state/card-state.ts'
import type { PairingDecisions } from '../card/state/pairing-decisions.ts'
import type { Words } from '../elements/language/words.ts'
import type { ConversationActions } from './state/conversation-actions.ts'
import type { ConversationsUi } from './state/conversations-ui.ts'
import type { AccountConversations, LiveConversations } from './state/live-conversations.ts'
import type { OpenThread } from './state/open-thread.ts'
import type { ListViewport } from './state/visible-rows.ts'
import type { ConversationsText } from './text/conversations-texts.ts'

/** What every part of the view draws from, once an account is shown. */
export interface ConversationsFrame {
  say: Words<ConversationsText>
  /** Whether its user has no shell in the sandbox. */
  hosted: boolean
  /** Connection, accounts and config, as the card knows them. */
  state: CardState
  ui: ConversationsUi
  /** Changes what is open or typed, and redraws. */
  set(change: Partial<ConversationsUi>): void
  live: LiveView
  conversations: LiveConversations
  account: AccountView
  shown: AccountConversations
  /** Decisions about people who ask for access. */
  actions: PairingDecisions
  /** Of dates and numbers: BCP 47, the language of the sentences. */
  locale: string
  /** True while no action can be taken: another one is under way, or the daemon cannot be reached. */
  disabled: boolean
  /** Whether the daemon has the method and the token allows it. */
  can(method: string): boolean
  /** Milliseconds since 1970, by the daemon's clock. */
  nowMs: number
  /** Where the list is scrolled to. */
  viewport: ListViewport
  /** Opens a conversation, at one of its messages where that is named; `null` goes back to the list. */
  open(conversationId: string | null, messageId?: string): void
  /** Scrolls the list so that this row is seen. */
  revealRow(index: number): void
}

/** What the parts about the open conversation draw from. */
export interface ThreadFrame extends ConversationsFrame {
  view: ConversationView
  thread: OpenThread
  chat: ConversationActions
  /** How many messages have arrived below what is seen. */
  newMessages: number
  /** Gives the focus to the list; closes the conversation where there is room for one of both only. */
  back(): void
  /** Goes to the newest message. */
  jumpToEnd(): void
}
