import { html } from './html.ts'
import type { Template } from './html.ts'
import type { RequestError } from '../../client/request-error.ts'
import type { AccountView } from '../../protocol/account.ts'
import type { Tone } from '../card/state/account-presentation.ts'
import type { Words } from '../card/text/words.ts'

/** A sentence on coloured ground and what to do about it. */
export function renderNote(tone: Tone, message: string, action = ''): Template {
  return html`<div class="note ${tone}" part="note ${tone}">
    <strong>${message}</strong>${action && html`<span>${action}</span>`}
  </div>`
}

/** Why the account is as it is, in the daemon's words. */
export function renderReason(say: Words, tone: Tone, { reason }: AccountView): Template | null {
  return reason && renderNote(tone, ...say.said(reason))
}

/** A failed action, announced at once. */
export function renderFailure(say: Words, error: RequestError): Template {
  return html`<div role="alert">${renderNote('bad', ...say.said(error))}</div>`
}

/** The same in one line, for below a field; `''` for none. */
export function failureText(say: Words, error: RequestError | null): string {
  return error === null ? '' : say.said(error).join(' ').trim()
}
