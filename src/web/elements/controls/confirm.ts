import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from './button.ts'
import type { ButtonOptions } from './button.ts'
import type { ControlFrame } from './control-frame.ts'
import { onKey } from '../keyboard/on-key.ts'

/** A button that asks before it acts. */
export interface Question {
  /** Unique in the element. */
  key: string
  label: unknown
  /** The accessible name of the button and of the question. */
  name: string
  question: unknown
  yes: string
  run: () => unknown
}

export function renderAskButton(
  { ui, set, disabled }: ControlFrame,
  { key, label, name }: Question,
  options: ButtonOptions = {},
): TemplateResult {
  const open = (): void => set({ asking: ui.asking === key ? null : key, focus: '#keep' })
  return button(label, open, { disabled, name, id: `ask-${key}`, ...options })
}

/** The open question of `key`; Escape or "Keep" closes it and gives the focus back to the button. */
export function renderQuestion(
  { ui, set, say, disabled }: ControlFrame,
  { key, name, question, yes, run }: Question,
): TemplateResult | null {
  if (ui.asking !== key) return null
  const close = (): void => set({ asking: null, focus: `#ask-${key}` })
  const confirm = (): void => {
    close()
    run()
  }
  return html`<div class="ask" role="group" aria-label=${name} @keydown=${onKey('Escape', close)}>
    <p>${question}</p>
    <div class="actions">
      ${button(say('Keep'), close, { id: 'keep' })} ${button(yes, confirm, { kind: 'bad', disabled })}
    </div>
  </div>`
}
