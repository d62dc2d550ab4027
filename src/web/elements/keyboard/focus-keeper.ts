import type { ReactiveController } from 'lit'

const CONTROLS = 'a[href], button, input, select, textarea, summary'
const HEADINGS = 'h1, h2, h3'

/** Where the focus was, remembered while everything was still in its place. */
interface Held {
  control: HTMLElement
  /** The list item around it, then those after it, then those before it, the nearest first. */
  rows: Element[]
  /** Which of its row's controls it is. */
  indexInRow: number
  /** Those before it, the nearest first. */
  headings: HTMLElement[]
}

/**
 * Keeps the focus in an element whose control disappears by what it does: it goes to the next row of its list, else to the nearest
 * heading above. A control that is disabled while `isBusy` gets the focus back. Never takes the focus from another place.
 */
export class FocusKeeper implements ReactiveController {
  readonly #host: HTMLElement
  readonly #isBusy: () => boolean
  #held: Held | null = null
  #isLost = false

  constructor(host: HTMLElement, isBusy: () => boolean = () => false) {
    this.#host = host
    this.#isBusy = isBusy
  }

  hostUpdate(): void {
    const focused = this.#host.shadowRoot?.activeElement
    if (!(focused instanceof HTMLElement)) {
      if (!this.#isLost) this.#held = null
    } else if (this.#held?.control !== focused || isUsable(focused)) {
      this.#held = placeOf(focused)
      this.#isLost = false
    }
  }

  hostUpdated(): void {
    const held = this.#held
    if (held === null) return
    this.#isLost ||= !isUsable(held.control)
    if (!this.#isLost || this.#isBusy()) return
    this.#isLost = false
    this.#held = null
    const { activeElement } = document
    const isNowhere = activeElement === null || activeElement === document.body
    if (!isNowhere && this.#host.shadowRoot?.activeElement !== held.control) return
    // In a frame it would take the focus from the page around it.
    if (globalThis.parent !== globalThis.window && !document.hasFocus()) return
    const next = successorOf(held) ?? firstOf(this.#host)
    if (next?.matches(HEADINGS) && !next.hasAttribute('tabindex')) next.tabIndex = -1
    next?.focus({ preventScroll: true })
    if (next?.matches(':focus-visible')) next.scrollIntoView({ block: 'nearest' })
  }
}

function placeOf(control: HTMLElement): Held {
  const row = control.closest('li')
  const rows = [...(row?.parentElement?.children ?? [])]
  const index = row === null ? 0 : rows.indexOf(row)
  const root = control.getRootNode()
  const headings = root instanceof ShadowRoot ? [...root.querySelectorAll<HTMLElement>(HEADINGS)] : []
  const isBefore = (heading: Element): boolean =>
    Boolean(heading.compareDocumentPosition(control) & Node.DOCUMENT_POSITION_FOLLOWING)
  return {
    control,
    rows: [...rows.slice(index), ...rows.slice(0, index).toReversed()],
    indexInRow: row === null ? 0 : [...row.querySelectorAll(CONTROLS)].indexOf(control),
    headings: headings.filter(isBefore).toReversed(),
  }
}

function successorOf({ control, rows, indexInRow, headings }: Held): HTMLElement | undefined {
  if (isUsable(control)) return control
  for (const row of rows) {
    const controls = [...row.querySelectorAll<HTMLElement>(CONTROLS)].filter(isUsable)
    const same = controls[Math.min(indexInRow, controls.length - 1)]
    if (same !== undefined) return same
  }
  return headings.find(isUsable)
}

function firstOf({ shadowRoot }: HTMLElement): HTMLElement | undefined {
  const find = (selector: string): HTMLElement | undefined =>
    [...(shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])].find(isUsable)
  return find(HEADINGS) ?? find(CONTROLS)
}

function isUsable(element: HTMLElement): boolean {
  return element.isConnected && !element.matches(':disabled') && isShown(element)
}

/** A part with `display: contents` has no box of its own: the browser never calls it visible, and what it holds can have the focus. */
function isShown(element: HTMLElement): boolean {
  if (getComputedStyle(element).display !== 'contents') return element.checkVisibility()
  return element.parentElement === null || element.parentElement.checkVisibility()
}
