import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext } from './card-context.ts'

/** Pauses and resumes an account; the link stays either way. */
export function renderEnabledSwitch({
  account,
  actions,
  disabled,
}: CardContext): TemplateResult | typeof nothing {
  if (!account.linked && account.enabled) return nothing
  return html`<section>
    <div class="switch-row">
      <div>
        <h3 id="enabled-title">Enabled</h3>
        <p class="muted small-print" id="enabled-hint">
          Off: stays linked, but receives and answers nothing.
        </p>
      </div>
      <button
        class="switch"
        role="switch"
        aria-checked=${account.enabled ? 'true' : 'false'}
        aria-labelledby="enabled-title"
        aria-describedby="enabled-hint"
        ?disabled=${disabled}
        @click=${() => void actions.setEnabled(!account.enabled)}
      ></button>
    </div>
  </section>`
}
