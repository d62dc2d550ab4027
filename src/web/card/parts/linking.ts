import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/button.ts'
import type { CardContext } from '../card-context.ts'
import { OWN_NUMBER } from './choose-code.ts'
import { linking } from '../late-parts.ts'

/** What replaces the buttons while an account is being linked. The way out is there before the script of the part is. */
export function renderLinking(context: CardContext): TemplateResult {
  const { account, say, actions, disabled } = context
  const { passkey } = account
  const panel = linking.draw(context, (parts) =>
    passkey === undefined ? parts.renderLinkPanel(context) : parts.renderPasskeyPanel(context, passkey),
  )
  if (linking.isLoaded) return panel
  return html`${panel}
    <div class="actions">${button(say('Cancel'), actions.cancelLink, { disabled })}</div>`
}

/** Asks for the number of the phone that gets a pairing code. */
export function renderCodeForm(context: CardContext): TemplateResult {
  return linking.draw(context, (parts) => parts.renderCodeForm(context), `#${OWN_NUMBER}`)
}
