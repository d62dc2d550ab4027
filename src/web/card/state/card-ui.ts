/** The list of allowed numbers while it is edited. */
export interface NumbersDraft {
  /** The list that the edit began with. */
  base: readonly string[]
  numbers: readonly string[]
  revision: string | undefined
  /** Whether somebody else's edit was merged in, which the person has to look at. */
  isMerged: boolean
  /** Where the list is too long to be sent as a whole: numbers that are taken off it without being in `base`. */
  removed: readonly string[] | null
}

/** What the person has open or typed; nothing that the daemon knows. */
export interface CardUi {
  /** The chosen account, where the page does not name one. */
  selected: string | null
  /** The pairing code's phone number is being asked for. */
  choosingCode: boolean
  /** Which question is open, by key. */
  asking: string | null
  draft: NumbersDraft | null
  addingAccount: boolean
  /** By field: what is wrong with what was typed. */
  errors: Readonly<Record<string, string>>
  /** By field: what is being typed. */
  typed: Readonly<Record<string, string>>
  hasCopied: boolean
  /** What gets the focus after the next redraw, as a selector. */
  focus: string | null
}

export const INITIAL_UI: CardUi = {
  selected: null,
  choosingCode: false,
  asking: null,
  draft: null,
  addingAccount: false,
  errors: {},
  typed: {},
  hasCopied: false,
  focus: null,
}
