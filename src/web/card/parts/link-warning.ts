import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'

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
