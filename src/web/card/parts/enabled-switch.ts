import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext } from './card-context.ts'
import { renderSwitch } from '../../elements/switch.ts'

/** Pauses and resumes an account; the link stays either way. */
export function renderEnabledSwitch({
  account: { linked, enabled },
  say,
  actions,
  can,
  disabled,
}: CardContext): TemplateResult | null {
  if ((!linked && enabled) || !can('accounts.setEnabled')) return null
  const hint = say('Off: stays linked, but receives and answers nothing.')
  return html`<section>
    ${renderSwitch('enabled', say('Enabled'), hint, enabled, disabled, () => actions.setEnabled(!enabled))}
  </section>`
}
