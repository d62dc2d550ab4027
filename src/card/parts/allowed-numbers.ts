import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import type { NumberSubmitDetail } from '../elements/number-form.ts'
import type { CardContext } from './card-context.ts'

/** Who may talk to the assistant, with the way to change it. `edit` opens the dialog. */
export function renderAllowedNumbers(context: CardContext, edit: () => void): TemplateResult {
  const { settings, state, disabled } = context
  if (settings === null) return html``
  const isWritable = state.config?.configWrites === true
  return html`<section aria-labelledby="allowed-title">
    <div class="section-head">
      <h3 id="allowed-title">Allowed numbers</h3>
      ${
        isWritable
          ? html`<button class="quiet" id="edit-numbers" ?disabled=${disabled} @click=${edit}>
              Edit allowed numbers
            </button>`
          : nothing
      }
    </div>
    ${renderPolicy(context)}
    ${
      isWritable
        ? nothing
        : html`<p class="muted small-print">
            Changes are made in the config
            file${state.config?.path ? html` <code>${state.config.path}</code>` : nothing}.
          </p>`
    }
  </section>`
}

function renderPolicy(context: CardContext): TemplateResult {
  const { dmPolicy = 'allowlist', allowFrom = [] } = context.settings ?? {}
  if (dmPolicy === 'disabled') {
    return html`<p class="muted small-print">Direct messages are switched off: nobody gets answers.</p>`
  }
  if (dmPolicy === 'open') {
    return html`<p class="muted small-print">Everybody who writes to this number gets answers.</p>`
  }
  if (allowFrom.length === 0) return renderFirstNumber(context)
  return html`<ul class="chips" aria-label="Allowed numbers">
    ${allowFrom.map((number) => html`<li class="chip number">${number}</li>`)}
  </ul>`
}

function renderFirstNumber({ live, actions, disabled, state }: CardContext): TemplateResult {
  if (state.config?.configWrites !== true) {
    return html`<p class="small-print">Nobody is allowed to talk to the assistant yet.</p>`
  }
  const failed = live.failed?.action.startsWith('allow ') === true ? live.failed.error : null
  return html`<whatsapp-card-number-form
    label="Who may talk to the assistant?"
    hint="With country code. Everybody else is ignored silently."
    submit-label="Add"
    .disabled=${disabled}
    .error=${failed === null ? '' : [failed.message, failed.action].filter(Boolean).join(' ')}
    @number-submit=${(event: CustomEvent<NumberSubmitDetail>) => void actions.allow(event.detail.value)}
  ></whatsapp-card-number-form>`
}
