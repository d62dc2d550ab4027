import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { LinkOffer } from '../../../protocol/account.ts'
import { button } from '../../elements/button.ts'
import type { CardContext } from './card-context.ts'
import { renderLinkCode } from './link-code.ts'
import { renderLinkQr } from './link-qr.ts'
import { failureText } from '../../elements/note.ts'
import { renderNumberField } from './number-field.ts'

/** The phone's steps and the live QR or pairing code. */
export function renderLinkPanel(context: CardContext): TemplateResult {
  const { account, say, set, state, actions, disabled } = context
  const offer = state.offers[account.account] ?? null
  const isCode = offer?.method === 'code'
  const quiet = { kind: 'quiet', disabled }
  return html`
    ${renderSteps(context, isCode)} ${renderOffer(context, offer)}
    <div class="actions">
      ${button(say('Cancel'), actions.cancelLink, { disabled })}
      ${
        isCode
          ? button(say('Use a QR code instead'), actions.link, quiet)
          : button(
              say('Link with phone number instead'),
              () => set({ choosingCode: true, focus: '#own-number' }),
              quiet,
            )
      }
    </div>
  `
}

/** Asks for the number of the phone that gets a pairing code. */
export function renderCodeForm(context: CardContext): TemplateResult {
  const { live, say, set, actions, disabled } = context
  const failure = live.failure('linkByCode')
  const submit = async (number: string): Promise<void> => {
    if (await actions.linkByCode(number)) set({ choosingCode: false, typed: {} })
  }
  return html`${renderNumberField(context, {
      id: 'own-number',
      label: 'Phone number of the WhatsApp account to link',
      hint: 'You get a code of eight characters to enter on that phone.',
      submitLabel: live.busy === 'linkByCode' ? say('One moment…') : say('Get code'),
      failure: failureText(say, failure),
      isBusy: disabled,
      submit,
    })}
    <div class="actions">
      ${button(say('Use a QR code instead'), () => set({ choosingCode: false }), { kind: 'quiet' })}
    </div>`
}

function renderOffer(context: CardContext, offer: LinkOffer | null): TemplateResult {
  if (offer?.method === 'code') return renderLinkCode(context, offer)
  if (offer !== null) return renderLinkQr(context, offer)
  return html`<div class="waiting">
    <span class="spinner"></span>${context.say("Waiting for WhatsApp's code…")}
  </div>`
}

function renderSteps({ say }: CardContext, isCode: boolean): TemplateResult {
  const last = isCode
    ? say('Tap “Link with phone number instead” and enter this code')
    : say('Point the phone at this code')
  return html`<ol class="steps" aria-label=${say('On the phone')}>
    ${[
      say('Open WhatsApp on the phone'),
      say('Go to Settings › Linked Devices and tap “Link a Device”'),
      last,
    ].map((step) => html`<li><span>${step}</span></li>`)}
  </ol>`
}
