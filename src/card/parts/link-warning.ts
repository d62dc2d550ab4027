import { html } from 'lit'
import type { TemplateResult } from 'lit'

/** Said before every link: what scanning does to the account. */
export function renderLinkWarning(): TemplateResult {
  return html`<div class="note warning">
    <strong>The account you scan becomes the assistant.</strong>
    <span>
      Allowed people who write to it get the assistant's answers. A second number is better than your own.
      With only one number, allow that number and chat with yourself.
    </span>
  </div>`
}
