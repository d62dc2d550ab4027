import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { renderSwitch } from '../../elements/controls/switch.ts'
import type { CardContext } from '../card-context.ts'

/** Pauses and resumes an account; the link stays either way. */
export function renderEnabledSwitch({
  account: { linked, enabled },
  say,
  actions,
  can,
  disabled,
}: CardContext): TemplateResult | null {
  if ((!linked && enabled) || !can('accounts.setEnabled')) return null
  const hint = say('When off, the account stays set up but answers nothing.')
  return html`<section>
    ${renderSwitch('enabled', say('Answer messages'), hint, enabled, disabled, () => actions.setEnabled(!enabled))}
  </section>`
}
