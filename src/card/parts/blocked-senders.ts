import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import { blockedSendersOf } from '../state/card-state.ts'
import type { BlockedSender } from '../state/card-state.ts'
import { formatDateTime } from '../text/date.ts'
import { crossIcon } from './icons.ts'
import type { CardContext } from './card-context.ts'
import { renderFailure } from './note.ts'

const SHOWN = 5

/** Who wrote without being allowed, each with "Allow". They got no answer and do not know that anybody read it. */
export function renderBlockedSenders(context: CardContext): TemplateResult | typeof nothing {
  const blocked = blockedSendersOf(context.state, context.account.account)
  if (blocked.length === 0) return nothing
  const rest = blocked.length - SHOWN
  return html`<section aria-labelledby="blocked-title">
    <h3 id="blocked-title">Wrote, but is not allowed</h3>
    <ul class="rows">
      ${blocked.slice(0, SHOWN).map((sender) => renderSender(context, sender))}
    </ul>
    ${rest > 0 ? html`<p class="muted small-print">and ${rest} more</p>` : nothing}
  </section>`
}

function renderSender(
  { actions, disabled, live, state }: CardContext,
  sender: BlockedSender,
): TemplateResult {
  const { phoneNumber, name, at } = sender
  const who = phoneNumber ?? name ?? 'Somebody'
  const canAllow = phoneNumber !== null && state.config?.configWrites === true
  const failure = live.failure(`allow ${phoneNumber ?? ''}`)
  const dismiss = (): void => live.dispatch({ type: 'blockedDismissed', blocked: sender })
  return html`<li>
      <div class="who">
        <div>
          <strong class="number">${who}</strong
          >${phoneNumber !== null && name !== null ? html` ${name}` : nothing}
        </div>
        <div class="muted small-print">
          ${phoneNumber === null ? 'WhatsApp hides the number, so it cannot be allowed yet' : formatDateTime(at)}
        </div>
      </div>
      ${
        canAllow
          ? html`<button
              class="small"
              aria-label="Allow ${who}"
              ?disabled=${disabled}
              @click=${() => void actions.allow(phoneNumber)}
            >
              Allow
            </button>`
          : nothing
      }
      <button class="small quiet" aria-label="Hide ${who}" @click=${dismiss}>${crossIcon}</button>
    </li>
    ${failure === null ? nothing : html`<li>${renderFailure(failure)}</li>`}`
}
