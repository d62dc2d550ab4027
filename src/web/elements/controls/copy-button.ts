import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from './button.ts'

const COPIED_MS = 3_000
const SELECTED_MS = 15_000
const SELECTED =
  'The browser does not let this page copy. The text is selected: copy it with Ctrl+C, ⌘C or a long press.'

/** What came of the last "Copy", until `untilMs` (local clock): the text is in the clipboard, or only selected. */
export interface CopyOutcome {
  key: string
  isDone: boolean
  untilMs: number
}

/** What the button needs of the element that draws it. */
interface CopyFrame {
  say(text: 'Copied' | typeof SELECTED): string
  ui: { copied: CopyOutcome | null }
  set(change: { copied: CopyOutcome }): void
}

/** A text that a person takes elsewhere. */
export interface Copyable {
  /** Unique in the card. */
  key: string
  /** Words, or an icon with a `name`. */
  label: unknown
  /** How it looks, as of other buttons. */
  kind?: string
  /** The accessible name, where the label alone is not enough. */
  name?: string
  text: string
  /** The element that shows the text, as a selector: it is selected where the page may not write to the clipboard. */
  source: string
}

/**
 * "Copy", and what came of it: copied, for three seconds, or selected, because the page is not served over https or the browser forbids
 * it.
 */
export function renderCopyButton({ say, set, ui }: CopyFrame, copyable: Copyable): TemplateResult {
  const { key, label, kind = 'small', name, text, source } = copyable
  const isDone = ui.copied?.key === key && ui.copied.isDone
  const isSelected = ui.copied?.key === key && !ui.copied.isDone
  const copy = async ({ currentTarget }: Event): Promise<void> => {
    const shown = currentTarget instanceof Element ? rootOf(currentTarget).querySelector(source) : null
    let copied = { key, isDone: true, untilMs: Date.now() + COPIED_MS }
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      select(shown)
      copied = { key, isDone: false, untilMs: Date.now() + SELECTED_MS }
    }
    set({ copied })
  }
  const options = isDone ? { kind: 'small' } : { kind, ...(name && { name }) }
  return html`${button(isDone ? say('Copied') : label, copy, options)}
    <span role="status" class="small-print">${isSelected ? say(SELECTED) : null}</span>`
}

function rootOf(element: Element): ShadowRoot | Document {
  const root = element.getRootNode()
  return root instanceof ShadowRoot ? root : document
}

function select(shown: Element | null): void {
  if (shown instanceof HTMLInputElement) shown.select()
  // Unlike `selectAllChildren` it may name nodes in a shadow root.
  else if (shown !== null) getSelection()?.setBaseAndExtent(shown, 0, shown, shown.childNodes.length)
}
