import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import type { RequestError } from '../../client/request-error.ts'
import type { Tone } from '../state/account-presentation.ts'

/** A sentence on coloured ground and what to do about it. */
export function renderNote(tone: Tone, message: string, action?: string): TemplateResult {
  return html`<div class="note ${tone}">
    <strong>${message}</strong>${action === undefined ? nothing : html`<span>${action}</span>`}
  </div>`
}

/** A failed action, announced at once. */
export function renderFailure({ message, action }: RequestError): TemplateResult {
  return html`<div role="alert">${renderNote('bad', message, action)}</div>`
}
