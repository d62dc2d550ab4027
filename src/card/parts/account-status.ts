import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import { presentAccount } from '../state/account-presentation.ts'
import { formatCountdown, secondsUntil } from '../text/countdown.ts'
import { formatDateTime } from '../text/date.ts'
import type { CardContext } from './card-context.ts'
import { renderNote } from './note.ts'

/** The state as a sentence with what to do; for a connected account its number, name and date. */
export function renderAccountStatus({ account, state }: CardContext): TemplateResult {
  if (account.state === 'connected') return renderConnected(account)
  // The steps beside the code say the rest.
  if (account.state === 'awaiting_scan') {
    return html`<p class="visually-hidden">${account.reason?.message}</p>`
  }
  const { tone } = presentAccount(account)
  const { reason, attempt, nextAttemptAt, until } = account
  return html`
    ${reason === null ? nothing : renderNote(tone, reason.message, reason.action)}
    ${until === null ? nothing : html`<p class="small-print">Until ${formatDateTime(until)}.</p>`}
    ${
      nextAttemptAt === null
        ? nothing
        : html`<p class="muted small-print number" role="timer" aria-live="off">
            ${attempt === null || attempt === 0 ? '' : `Attempt ${attempt} failed. `}Next attempt in
            ${formatCountdown(secondsUntil(nextAttemptAt, Date.now(), state.clockOffsetMs))}.
          </p>`
    }
  `
}

function renderConnected(account: CardContext['account']): TemplateResult {
  const { phoneNumber, displayName, linkedSince, health } = account
  return html`
    ${renderNote(
      'good',
      'WhatsApp is connected.',
      `Allowed people who write to ${phoneNumber ?? 'this account'} get the assistant's answers.`,
    )}
    <dl class="identity">
      <dt>Number</dt>
      <dd class="number">${phoneNumber ?? 'not known yet'}</dd>
      ${
        displayName === null
          ? nothing
          : html`<dt>Name</dt>
              <dd>${displayName}</dd>`
      }
      ${
        linkedSince === null
          ? nothing
          : html`<dt>Linked since</dt>
              <dd>${formatDateTime(linkedSince)}</dd>`
      }
    </dl>
    ${
      health?.canSend === false
        ? renderNote(
            'warning',
            'Connected, but WhatsApp does not acknowledge what is sent.',
            'Replies wait and go out when it does. Reconnect if this lasts.',
          )
        : nothing
    }
    ${account.reason === null ? nothing : renderNote('warning', account.reason.message, account.reason.action)}
  `
}
