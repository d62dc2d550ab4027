import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { renderBadge } from '../../elements/badge.ts'
import type { Badge } from '../../elements/badge.ts'
import { chatIcon } from '../../elements/icons.ts'

/** Name, account and the badge that says the state in a word. */
export function renderHeader(subtitle: string | null, badge: Badge): TemplateResult {
  return html`<header part="header">
    <span class="logo good">${chatIcon}</span>
    <div class="title">
      <h2 id="card-title">WhatsApp</h2>
      ${subtitle === null ? null : html`<div class="subtitle"><bdi>${subtitle}</bdi></div>`}
    </div>
    ${renderBadge(badge)}
  </header>`
}
