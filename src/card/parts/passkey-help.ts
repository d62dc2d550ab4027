import { html } from '../html.ts'
import type { Template } from '../html.ts'
import type { CardContext } from './card-context.ts'

/** What to do on a phone that demands a passkey before it links a device. */
export function renderPasskeyHelp({ account, say }: CardContext): Template | null {
  if (account.state !== 'passkey_required') return null
  const steps = [
    say('On the phone, open WhatsApp › Settings › Account › Passkeys'),
    say('Switch the passkey for linked devices off, or remove it'),
    say('Come back here and try again, or link with the phone number instead'),
  ]
  return html`<ol class="steps" aria-label=${say('On the phone')}>
    ${steps.map((step) => html`<li><span>${step}</span></li>`)}
  </ol>`
}
