import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import type { ControlUi } from '../../elements/controls/control-frame.ts'

/** What a person has begun to write in one conversation. */
export interface Draft {
  text: string
  files: readonly File[]
  /** The message that it answers. */
  quote: MessageView | null
}

export const EMPTY_DRAFT: Draft = { text: '', files: [], quote: null }

/** What the person has open or typed. Nothing of it comes from the daemon. */
export interface ConversationsUi extends ControlUi {
  /** The chosen account, where the page does not name one. */
  account: string | null
  /** What is being searched for; `''` shows the list. */
  query: string
  /** The row that the arrow keys are at, by its id. */
  activeRow: string | null
  /** The message that the arrow keys are at; the newest without one. */
  activeMessage: string | null
  /** The message whose actions are open. */
  actionsOf: string | null
  /** Whether the details of the person are open. */
  showsDetails: boolean
  /** The template that is filled in, by its key; `''` while one is chosen, `null` for none. */
  template: string | null
  /** By conversation. */
  drafts: Readonly<Record<string, Draft>>
}

export const INITIAL_CONVERSATIONS_UI: ConversationsUi = {
  account: null,
  query: '',
  activeRow: null,
  activeMessage: null,
  actionsOf: null,
  showsDetails: false,
  template: null,
  drafts: {},
  asking: null,
  errors: {},
  typed: {},
  focus: null,
}
