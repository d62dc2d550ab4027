import { html } from '../html.ts'
import type { Template } from '../html.ts'
import type { RequestError } from '../../client/request-error.ts'
import type { AccountView } from '../../protocol/account.ts'
import type { Tone } from '../state/account-presentation.ts'
import type { Words } from '../text/words.ts'

/** A sentence on coloured ground and what to do about it. */
export function renderNote(tone: Tone, message: string, action?: string): Template {
  return html`<div class="note ${tone}" part="note ${tone}">
    <strong>${message}</strong>${action === undefined ? null : html`<span>${action}</span>`}
  </div>`
}

/** Why the account is as it is, in the daemon's words. */
export function renderReason(say: Words, tone: Tone, { reason }: AccountView): Template | null {
  if (reason === null) return null
  const { code, message, action } = reason
  return renderNote(tone, say.said(code, message), say.said(`${code}.action`, action))
}

/** A failed action, announced at once. */
export function renderFailure(say: Words, error: RequestError): Template {
  const { code, message, action } = error
  return html`<div role="alert">
    ${renderNote('bad', say.said(code, message), action && say.said(`${code}.action`, action))}
  </div>`
}

/** The same in one line, for below a field. */
export function failureText(say: Words, { code, message, action = '' }: RequestError): string {
  return `${say.said(code, message)} ${say.said(`${code}.action`, action)}`.trim()
}
