import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { ConversationsFrame } from '../conversations-frame.ts'

/** Which account is shown, where the daemon has several and the page names none. */
export function renderAccountChoice({ say, state, account, set }: ConversationsFrame): TemplateResult | null {
  const accounts = Object.values(state.accounts)
  if (accounts.length < 2) return null
  return html`<div class="account-choice">
    <select
      id="account"
      part="input"
      aria-label=${say('WhatsApp account')}
      @change=${({ currentTarget }: Event & { currentTarget: HTMLSelectElement }) => set({ account: currentTarget.value })}
    >
      ${accounts.map(
        (each) =>
          html`<option value=${each.account} ?selected=${each.account === account.account}>
            ${state.config?.accounts[each.account]?.name ?? each.name ?? each.phoneNumber ?? each.account}
          </option>`,
      )}
    </select>
  </div>`
}
