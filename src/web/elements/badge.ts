import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { Tone } from './note.ts'

/** A state in a word. */
export interface Badge {
  tone: Tone
  label: string
}

export function renderBadge({ tone, label }: Badge): TemplateResult {
  return html`<span class="badge ${tone}" part="badge ${tone}">${label}</span>`
}
