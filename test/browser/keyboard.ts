import type { Page } from 'playwright-core'

const MAX_TABS = 120

/** A page whose person has a keyboard and nothing else. */
export class Keyboard {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** What has the focus, through every shadow root: by its label, its text or its tag. */
  focused(): Promise<string> {
    return this.#page.evaluate(focusedName)
  }

  /** Presses Tab until the focus is on `name`. */
  async tabTo(name: string): Promise<void> {
    const passed: string[] = []
    for (let tabs = 0; tabs < MAX_TABS; tabs++) {
      const focused = await this.focused()
      if (focused === name) return
      passed.push(focused)
      await this.#page.keyboard.press('Tab')
    }
    throw new Error(`no way by Tab to "${name}"; passed ${[...new Set(passed)].join(', ')}`)
  }

  async press(name: string, key = 'Enter'): Promise<void> {
    await this.tabTo(name)
    await this.#page.keyboard.press(key)
  }

  /** The controls of the card that Tab never gets to, and those that do not show that they have the focus. */
  async missed(): Promise<string[]> {
    const controls = await this.#page.evaluate(markControls)
    const reached = new Set<number>()
    const unseen: string[] = []
    for (let tabs = 0; tabs < MAX_TABS && reached.size < controls.length; tabs++) {
      await this.#page.keyboard.press('Tab')
      const { index, isSeen } = await this.#page.evaluate(focusedControl)
      if (index === -1) continue
      reached.add(index)
      if (!isSeen) unseen.push(`${controls[index]} (not to be seen)`)
    }
    return [...controls.filter((_name, index) => !reached.has(index)), ...unseen]
  }
}

/** Runs in the page: the name of what has the focus there, through every shadow root. */
export function focusedName(): string {
  let focused = document.activeElement
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  const root = focused?.getRootNode()
  const labelledBy = focused?.getAttribute('aria-labelledby')
  const label = labelledBy && root instanceof ShadowRoot ? root.getElementById(labelledBy) : null
  const own =
    focused instanceof HTMLInputElement || focused instanceof HTMLSelectElement ? focused.labels?.[0] : null
  const text = focused?.getAttribute('aria-label') ?? (label ?? own ?? focused)?.textContent ?? ''
  return text.trim().replaceAll(/\s+/g, ' ')
}

/** Remembers every control that a person could use now, on the elements themselves, and answers with their texts. */
function markControls(): string[] {
  const card =
    document.querySelector('whatsapp-card') ??
    document.querySelector('whatsapp-page')?.shadowRoot?.querySelector('whatsapp-card')
  const root = card?.shadowRoot
  const within = root?.querySelector('dialog[open]') ?? root
  const controls = [...(within?.querySelectorAll<HTMLElement>('a, button, input, select, summary') ?? [])]
  const usable = controls.filter((control) => !control.matches(':disabled') && control.checkVisibility())
  usable.forEach((control, index) => (control.dataset['control'] = String(index)))
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  return usable.map((control) => control.ariaLabel ?? (control.textContent.trim() || control.id))
}

function focusedControl(): { index: number; isSeen: boolean } {
  let focused = document.activeElement
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  if (!(focused instanceof HTMLElement)) return { index: -1, isSeen: false }
  const { outlineStyle, outlineWidth } = getComputedStyle(focused)
  return {
    index: Number(focused.dataset['control'] ?? -1),
    isSeen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
  }
}
