import type { CopyOutcome } from '../../elements/controls/copy-button.ts'
import type { SignupStop } from '../business/business-signup.ts'
import type { ControlUi } from '../../elements/controls/control-frame.ts'

/** The list of allowed numbers while it is edited. */
export interface NumbersDraft {
  /** Whose list it is. */
  account: string
  /** The list that the edit began with. */
  base: readonly string[]
  numbers: readonly string[]
  revision: string | undefined
  /** Whether somebody else's edit was merged in, so that the person must check the list. */
  isMerged: boolean
  /** Where the list is too long to be sent as a whole: numbers to remove that are not in `base`. */
  removed: readonly string[] | null
  /** The names that were typed, by number; `''` takes a name away. */
  names: Readonly<Record<string, string>>
}

/** What the person has open or typed. Nothing of it comes from the daemon. */
export interface CardUi extends ControlUi {
  /** The chosen account, where the page does not name one. */
  selected: string | null
  /** The pairing code's phone number is being asked for. */
  choosingCode: boolean
  draft: NumbersDraft | null
  /** What opened the dialog, as a selector. */
  opener: string
  /** The parts that are open, of those that are folded at first. */
  unfolded: readonly string[]
  /** The number that an agent is being chosen for. */
  agentFor: string | null
  /** All numbers with an agent of their own are listed, not only the first. */
  showsAllAgents: boolean
  addingAccount: boolean
  /** How far the page's sign-up of a Business number is; `null` for none. */
  signup: SignupStop | null
  copied: CopyOutcome | null
}

export const INITIAL_UI: CardUi = {
  selected: null,
  choosingCode: false,
  asking: null,
  draft: null,
  opener: '#edit-numbers',
  unfolded: [],
  agentFor: null,
  showsAllAgents: false,
  addingAccount: false,
  signup: null,
  errors: {},
  typed: {},
  copied: null,
  focus: null,
}
