/** What the person has open or typed in the controls of an element. */
export interface ControlUi {
  /** The key of the open question; `null` for none. */
  asking: string | null
  /** By field: what is being typed. */
  typed: Readonly<Record<string, string>>
  /** By field: what is wrong with what was typed. */
  errors: Readonly<Record<string, string>>
  /** What gets the focus after the next redraw, as a selector. */
  focus: string | null
}

/** What the controls need of the element that draws them. */
export interface ControlFrame {
  say(text: 'Keep'): string
  ui: ControlUi
  /** Changes what is open or typed, and redraws. */
  set(change: Partial<ControlUi>): void
  /** True while no action can be taken. */
  disabled: boolean
}
