import type { ReactiveController } from 'lit'

const EVENTS = ['keydown', 'keypress', 'keyup'] as const
const EDITING = new Set(['Backspace', 'Delete', 'Enter', 'Home', 'End'])
const ARROWS = /^Arrow/

/**
 * Keeps the keys that its host has used from the page around it: what is typed into a field, what presses a button, and what a
 * part handled itself (`onKey`). Outside of a shadow root the page cannot see that the key went to a field, and would take
 * it for one of its own shortcuts. Other keys, such as Tab and an Escape that nothing here needed, reach the page.
 */
export class KeyGuard implements ReactiveController {
  readonly #host: HTMLElement
  /** Pressed and kept; the page does not see them released either. */
  readonly #kept = new Set<string>()

  constructor(host: HTMLElement) {
    this.#host = host
  }

  hostConnected(): void {
    for (const type of EVENTS) this.#host.addEventListener(type, this.#guard)
  }

  hostDisconnected(): void {
    for (const type of EVENTS) this.#host.removeEventListener(type, this.#guard)
    this.#kept.clear()
  }

  readonly #guard = (event: KeyboardEvent): void => {
    if (event.type === 'keydown') {
      if (event.defaultPrevented || isUsed(event)) this.#kept.add(event.key)
      else this.#kept.delete(event.key)
    }
    if (this.#kept.has(event.key)) event.stopPropagation()
    if (event.type === 'keyup') this.#kept.delete(event.key)
  }
}

/** Whether the control that has the focus does something with this key. */
function isUsed(event: KeyboardEvent): boolean {
  const { key } = event
  const [control] = event.composedPath()
  const isCommand = (event.ctrlKey || event.metaKey) && !event.getModifierState('AltGraph')
  const isCharacter = key.length === 1 && !isCommand
  if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement)
    return isCharacter || EDITING.has(key) || ARROWS.test(key) || (isCommand && /^[acvxyz]$/i.test(key))
  if (control instanceof HTMLSelectElement)
    return isCharacter || key === 'Enter' || key === 'Home' || key === 'End' || ARROWS.test(key)
  if (!(control instanceof HTMLElement) || isCommand) return false
  return key === 'Enter'
    ? control.matches('button, summary, a')
    : key === ' ' && control.matches('button, summary')
}
