import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/controls/button.ts'
import type { CardContext } from '../card-context.ts'
import { OWN_NUMBER } from './choose-code.ts'
import { account, linking, passkey as withPasskey } from '../late-parts.ts'

/** Shown before every link: what linking does to the account. */
export function renderLinkWarning({ say }: CardContext): TemplateResult {
  return html`<details class="note warning" part="note warning">
    <summary>
      <span>${say('The account that you link becomes the assistant.')} <u>${say('Why?')}</u></span>
    </summary>
    <p>
      ${say(
        'The assistant answers allowed people who write to it. Use a separate number, not your personal one. If you have only one number, allow it and write to yourself.',
      )}
    </p>
  </details>`
}

/** What replaces the buttons while an account is being linked. The way out is there before the script of the part is. */
export function renderLinking(context: CardContext): TemplateResult {
  const { say, actions, disabled } = context
  const { passkey } = context.account
  const panel =
    passkey === undefined
      ? linking.draw(context, (parts) => parts.renderLinkPanel(context))
      : withPasskey.draw(context, (parts) => parts.renderPasskeyPanel(context, passkey))
  if ((passkey === undefined ? linking : withPasskey).loaded) return panel
  return html`${panel}
    <div class="actions">${button(say('Cancel'), actions.cancelLink, { disabled })}</div>`
}

/** Asks for the number of the phone that gets a pairing code. */
export function renderCodeForm(context: CardContext): TemplateResult {
  return account.draw(context, (parts) => parts.renderCodeForm(context), `#${OWN_NUMBER}`)
}
