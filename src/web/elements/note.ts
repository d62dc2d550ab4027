import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { Said, Words } from './language/words.ts'

/** What the colours say: `good` all is well, `busy` something is in progress, `idle` nothing is, `warning` look here, `bad` it failed. */
export type Tone = 'good' | 'busy' | 'idle' | 'warning' | 'bad'

type DaemonWords = Pick<Words<string>, 'said'>

/** A sentence on a coloured ground, and what to do about it. */
export function renderNote(tone: Tone, message: string, action = ''): TemplateResult {
  return html`<div class="note ${tone}" part="note ${tone}">
    <strong>${message}</strong>${action && html`<span>${action}</span>`}
  </div>`
}

/** A reason of the daemon, in its own words. */
export function renderReason(words: DaemonWords, tone: Tone, reason: Said | null): TemplateResult | null {
  return reason && renderNote(tone, ...words.said(reason))
}

/** A failed action; screen readers announce it immediately. */
export function renderFailure(words: DaemonWords, error: Said): TemplateResult {
  return html`<div role="alert">${renderNote('bad', ...words.said(error))}</div>`
}

/** A failure as one line, for below a field; `''` for none. */
export function failureText(words: DaemonWords, error: Said | null): string {
  return error === null ? '' : words.said(error).join(' ').trim()
}
