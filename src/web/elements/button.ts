import { html } from './html.ts'
import type { Template } from './html.ts'

export interface ButtonOptions {
  /** How it looks; several words are allowed: `primary`, `quiet`, `bad`, `small`, `icon`. */
  kind?: string
  id?: string
  disabled?: boolean
  /** What a screen reader says, where the label alone is not enough. */
  name?: string
  describedBy?: string | undefined
}

export function button(
  label: unknown,
  act: () => unknown,
  { kind = '', id, disabled = false, name, describedBy }: ButtonOptions = {},
): Template {
  return html`<button
    type="button"
    part="button ${kind}"
    class=${kind}
    id=${id ?? null}
    ?disabled=${disabled}
    aria-label=${name ?? null}
    aria-describedby=${describedBy ?? null}
    @click=${act}
  >
    ${label}
  </button>`
}
