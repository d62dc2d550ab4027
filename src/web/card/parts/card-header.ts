import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { Tone } from '../../elements/note.ts'
import { chatIcon } from '../../elements/icons.ts'

export interface Badge {
  tone: Tone
  label: string
}

/** Name, account and the badge that says the state in a word. */
export function renderHeader(subtitle: string | null, badge: Badge): TemplateResult {
  return html`<header part="header">
    <span class="logo good">${chatIcon}</span>
    <div class="title">
      <h2 id="card-title">WhatsApp</h2>
      ${subtitle === null ? null : html`<div class="subtitle">${subtitle}</div>`}
    </div>
    ${renderBadge(badge)}
  </header>`
}

export function renderBadge({ tone, label }: Badge): TemplateResult {
  return html`<span class="badge ${tone}" part="badge ${tone}">${label}</span>`
}
