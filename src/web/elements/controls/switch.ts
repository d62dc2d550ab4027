import { html } from 'lit'
import type { TemplateResult } from 'lit'

/** A labelled switch. `id` is unique in the element. */
export function renderSwitch(
  id: string,
  title: string,
  hint: string,
  isOn: boolean,
  disabled: boolean,
  toggle: () => unknown,
): TemplateResult {
  return html`<div class="switch-row">
    <div>
      <h3 id="${id}-title">${title}</h3>
      <p class="muted small-print" id="${id}-hint">${hint}</p>
    </div>
    <button
      type="button"
      id=${id}
      part="switch"
      class="switch"
      role="switch"
      aria-checked=${isOn}
      aria-labelledby="${id}-title"
      aria-describedby="${id}-hint"
      ?disabled=${disabled}
      @click=${toggle}
    ></button>
  </div>`
}
