import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import type { LinkOffer } from '../../protocol/account.ts'
import type { CardContext } from './card-context.ts'

/** The phone's steps and the live QR or pairing code. `chooseCode` asks for the phone number first. */
export function renderLinkPanel(context: CardContext, chooseCode: () => void): TemplateResult {
  const { account, state, actions, disabled } = context
  const offer = state.offers[account.account] ?? null
  const isCode = offer?.method === 'code'
  return html`
    ${renderSteps(isCode)} ${renderOffer(context, offer)}
    <div class="actions">
      <button ?disabled=${disabled} @click=${() => void actions.cancelLink()}>Cancel</button>
      ${
        isCode
          ? html`<button class="quiet" ?disabled=${disabled} @click=${() => void actions.link()}>
              Use a QR code instead
            </button>`
          : html`<button class="quiet" ?disabled=${disabled} @click=${chooseCode}>
              Link with phone number instead
            </button>`
      }
    </div>
  `
}

function renderOffer({ state, actions, disabled }: CardContext, offer: LinkOffer | null): TemplateResult {
  if (offer === null) {
    return html`<div class="waiting"><span class="spinner"></span>Waiting for WhatsApp's code…</div>`
  }
  if (offer.method === 'code') {
    return html`<whatsapp-card-code
      .offer=${offer}
      .clockOffsetMs=${state.clockOffsetMs}
    ></whatsapp-card-code>`
  }
  return html`<whatsapp-card-qr
    .offer=${offer}
    .clockOffsetMs=${state.clockOffsetMs}
    .busy=${disabled}
    @refresh=${() => void actions.link()}
  ></whatsapp-card-qr>`
}

function renderSteps(isCode: boolean): TemplateResult {
  return html`<ol class="steps" aria-label="On the phone">
    <li>
      <span>Open <strong>WhatsApp</strong> on the phone</span>
    </li>
    <li>
      <span>Go to <strong>Settings › Linked Devices</strong> and tap <strong>Link a Device</strong></span>
    </li>
    ${
      isCode
        ? html`<li>
            <span>Tap <strong>Link with phone number instead</strong> and enter this code</span>
          </li>`
        : html`<li><span>Point the phone at this code</span></li>`
    }
    ${nothing}
  </ol>`
}
