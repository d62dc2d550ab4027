import { html } from './html.ts'
import type { Template } from './html.ts'
import { button } from './button.ts'
import type { ButtonOptions } from './button.ts'
import type { CardFrame } from '../card/parts/card-context.ts'

/** A button that asks before it acts. */
export interface Question {
  /** Unique in the card. */
  key: string
  label: unknown
  /** What a screen reader calls button and question. */
  name: string
  question: string
  yes: string
  run: () => unknown
}

export function renderAskButton(
  { ui, set, disabled }: CardFrame,
  { key, label, name }: Question,
  options: ButtonOptions = {},
): Template {
  const open = (): void => set({ asking: ui.asking === key ? null : key, focus: '#keep' })
  return button(label, open, { disabled, name, id: `ask-${key}`, ...options })
}

/** The open question of `key`; Escape or "Keep" closes it and gives the focus back to the button. */
export function renderQuestion(
  { ui, set, say, disabled }: CardFrame,
  { key, name, question, yes, run }: Question,
): Template {
  if (ui.asking !== key) return html``
  const close = (): void => set({ asking: null, focus: `#ask-${key}` })
  const confirm = (): void => {
    close()
    run()
  }
  const escape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') close()
  }
  return html`<div class="ask" role="group" aria-label=${name} @keydown=${escape}>
    <p>${question}</p>
    <div class="actions">
      ${button(say('Keep'), close, { id: 'keep' })} ${button(yes, confirm, { kind: 'bad', disabled })}
    </div>
  </div>`
}
