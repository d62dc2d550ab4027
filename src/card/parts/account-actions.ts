import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import { presentAccount } from '../state/account-presentation.ts'
import type { PresentedAction } from '../state/account-presentation.ts'
import { linkRefusal } from '../state/link-refusal.ts'
import type { CardContext } from './card-context.ts'

/** The buttons of the account's state. A link that would be refused says why instead. */
export function renderAccountActions(
  context: CardContext,
  chooseCode: () => void,
): TemplateResult | typeof nothing {
  const { actions } = presentAccount(context.account)
  if (actions.length === 0) return nothing
  const refusal = actions.some(([action]) => action === 'link') ? linkRefusal(context.settings) : null
  return html`<div class="actions">
      ${actions.map(([action, label], index) =>
        renderAction(context, action, label, index === 0, refusal !== null, chooseCode),
      )}
    </div>
    ${refusal === null ? nothing : html`<p id="link-refusal" class="muted small-print">${refusal}</p>`}`
}

function renderAction(
  { account, actions, disabled, live }: CardContext,
  action: PresentedAction,
  label: string,
  isFirst: boolean,
  isRefused: boolean,
  chooseCode: () => void,
): TemplateResult {
  if (action === 'disconnect') {
    return html`<whatsapp-card-confirm
      label=${label}
      question="The link is removed from the phone and its credentials are erased here. A new scan is needed to connect again; the history is kept."
      confirm-label="Yes, disconnect"
      .disabled=${disabled}
      @confirm=${() => void actions.disconnect()}
    ></whatsapp-card-confirm>`
  }
  const isLink = action === 'link' || action === 'linkByCode'
  const work: Record<Exclude<PresentedAction, 'disconnect'>, () => unknown> = {
    link: actions.link,
    linkByCode: chooseCode,
    cancelLink: actions.cancelLink,
    reconnect: actions.reconnect,
  }
  const isPrimary = isFirst && account.state !== 'connected'
  return html`<button
    class=${isPrimary ? 'primary' : action === 'linkByCode' ? 'quiet' : ''}
    ?disabled=${disabled || (isLink && isRefused)}
    aria-describedby=${isLink && isRefused ? 'link-refusal' : nothing}
    @click=${work[action]}
  >
    ${live.busy === action ? 'One moment…' : label}
  </button>`
}
