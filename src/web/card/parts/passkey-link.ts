import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/button.ts'
import type { CardContext } from '../card-context.ts'
import type * as PasskeyPanel from '../passkey/passkey-panel.ts'
import { groupPairingCode, renderCountdown, spellPairingCode } from './link-panel.ts'

type Part = Pick<typeof PasskeyPanel, 'renderPasskeyPanel'>

let part: Part | 'loading' | 'failed' | null = null

/** A link with a passkey that goes on. Its part of the card is a script of its own, which few people ever need. */
export function renderPasskeyLink(context: CardContext): TemplateResult {
  const { account, say, set, actions, disabled } = context
  const { passkey } = account
  if (part !== null && typeof part === 'object' && passkey !== undefined)
    return part.renderPasskeyPanel(context, passkey, { groupPairingCode, renderCountdown, spellPairingCode })
  if (part !== 'failed') void load(() => set({}))
  return html`${
      part === 'failed'
        ? html`<p>${say('A part of this page could not be loaded. Reload the page.')}</p>`
        : html`<div class="waiting"><span class="spinner"></span>${say('One moment…')}</div>`
    }
    <div class="actions">${button(say('Cancel'), actions.cancelLink, { disabled })}</div>`
}

async function load(redraw: () => void): Promise<void> {
  if (part !== null) return
  part = 'loading'
  part = await import('../passkey/passkey-panel.ts').catch((): 'failed' => 'failed')
  redraw()
}
