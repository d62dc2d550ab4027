import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext } from './card-context.ts'

/** Where on the phone a person finds what the daemon's sentence speaks of. */
export function renderPasskeyHelp({ account, say }: CardContext): TemplateResult | null {
  if (account.state !== 'passkey_required') return null
  return html`<p class="small-print">
    ${say('You find passkeys on the phone under Settings › Account › Passkeys.')}
  </p>`
}
