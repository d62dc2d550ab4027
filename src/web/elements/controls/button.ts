import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'

export interface ButtonOptions {
  /** How it looks; several words are allowed: `primary`, `quiet`, `bad`, `small`, `icon`. */
  kind?: string
  id?: string
  disabled?: boolean
  /** The accessible name, where the label alone is not enough. */
  name?: string
  describedBy?: string | undefined
}

export function button(
  label: unknown,
  act: (event: Event) => unknown,
  { kind = '', id, disabled = false, name, describedBy }: ButtonOptions = {},
): TemplateResult {
  return html`<button
    type="button"
    part="button ${kind}"
    class=${kind}
    id=${id ?? nothing}
    ?disabled=${disabled}
    aria-label=${name ?? nothing}
    aria-describedby=${describedBy ?? nothing}
    @click=${act}
  >
    ${label}
  </button>`
}
