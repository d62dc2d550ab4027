import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/controls/button.ts'
import type { CardContext } from '../card-context.ts'
import { plusIcon } from '../../elements/icons.ts'
import { editing } from '../late-parts.ts'

/** The field for the name of the new account. */
const FIELD = 'account-name'

/** "Connect another account": asks for a name, creates the account and chooses it, so that it can be linked. */
export function renderAddAccount(context: CardContext): TemplateResult | null {
  const { say, set, ui, can, live, disabled, state } = context
  if (!can('accounts.create') || state.config?.configWrites === false) return null
  if (!ui.addingAccount) {
    const open = (): void => {
      live.clearFailure()
      set({ addingAccount: true, focus: `#${FIELD}` })
    }
    return html`<section>
      ${button(html`${plusIcon} ${say('Connect another account')}`, open, { disabled, id: 'add-account' })}
    </section>`
  }
  return html`<section>
    ${editing.draw(context, (parts) => parts.renderAddAccountForm(context, FIELD), `#${FIELD}`)}
  </section>`
}
