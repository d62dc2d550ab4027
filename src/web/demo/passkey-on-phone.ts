import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import type { PhoneView } from '../../protocol/demo-state.ts'

export interface PasskeyOnPhoneOptions {
  phone: PhoneView
  /** What was signed for the link that goes on; `''` for nothing. */
  answer: string
  busy: boolean
  addPasskey: () => void
  removePasskeys: () => void
  sign: () => void
}

/** What the phone shows of a link with its passkey that goes on, or whether it has one. */
export function renderPasskeyOnPhone(options: PasskeyOnPhoneOptions): TemplateResult {
  const { phone, busy, addPasskey, removePasskeys } = options
  if (phone.passkeyLink !== null) return renderLink(options, phone.passkeyLink)
  return html`<p class="muted small-print" id="passkey-hint">
      ${
        phone.hasPasskey
          ? 'This account has a passkey: WhatsApp asks for it when a device is linked.'
          : 'WhatsApp asks some accounts for a passkey when a device is linked.'
      }
    </p>
    <button
      class="small"
      ?disabled=${busy}
      aria-describedby="passkey-hint"
      @click=${phone.hasPasskey ? removePasskeys : addPasskey}
    >
      ${phone.hasPasskey ? 'Remove the passkey' : 'Give this account a passkey'}
    </button>`
}

function renderLink(
  { answer, busy, sign }: PasskeyOnPhoneOptions,
  { step, code }: NonNullable<PhoneView['passkeyLink']>,
): TemplateResult {
  if (step === 'code')
    return html`<div role="status">
      <p>Compare this code with the one on the card:</p>
      <p><strong class="number">${code}</strong></p>
    </div>`
  if (step === 'checking') return html`<p role="status">Linking… Keep WhatsApp open.</p>`
  return html`<div role="status">
      <p><strong>Continue on WhatsApp Web</strong></p>
      <p class="muted small-print">
        No browser has the passkey of this simulated phone. Sign here, and paste the answer into the card.
      </p>
    </div>
    <button class="primary wide" ?disabled=${busy} @click=${sign}>Sign with the passkey</button>
    ${
      answer === ''
        ? nothing
        : html`<label for="passkey-answer">The answer, to be copied</label>
            <input
              id="passkey-answer"
              readonly
              .value=${answer}
              @focus=${({ currentTarget }: FocusEvent & { currentTarget: HTMLInputElement }) =>
                currentTarget.select()}
            />`
    }`
}
