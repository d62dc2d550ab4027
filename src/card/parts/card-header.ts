import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import type { Tone } from '../state/account-presentation.ts'
import { chatIcon } from './icons.ts'

export interface Badge {
  tone: Tone
  label: string
}

/** Name, account and the badge that says the state in a word. */
export function renderHeader(subtitle: string | null, { tone, label }: Badge): TemplateResult {
  return html`<header>
    <span class="logo">${chatIcon}</span>
    <div class="title">
      <h2 id="card-title">WhatsApp</h2>
      ${subtitle === null ? nothing : html`<div class="subtitle">${subtitle}</div>`}
    </div>
    <span class="badge ${tone}">${label}</span>
  </header>`
}
