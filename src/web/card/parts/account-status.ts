import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { presentAccount } from '../state/account-presentation.ts'
import { formatCountdown, secondsUntil } from '../text/countdown.ts'
import { formatDateTime } from '../text/date.ts'
import type { CardContext } from './card-context.ts'
import { renderNote, renderReason } from '../../elements/note.ts'

/** The state as a sentence with what to do; for a connected account its number, name and date. */
export function renderAccountStatus(context: CardContext): TemplateResult {
  const { account, say, state, locale } = context
  if (account.state === 'connected') return renderConnected(context)
  // The steps beside the code say the rest.
  if (account.state === 'awaiting_scan') {
    return html`<p class="visually-hidden">${account.reason?.message}</p>`
  }
  const { attempt, nextAttemptAt, until } = account
  return html`
    ${renderReason(say, presentAccount(account).tone, account.reason)}
    ${
      until === null
        ? null
        : html`<p class="small-print">${say('Until {date}.', { date: formatDateTime(until, locale) })}</p>`
    }
    ${
      nextAttemptAt === null || until !== null
        ? null
        : html`<p class="muted small-print number" role="timer">
            ${attempt ? say('Attempt {number} failed.', { number: attempt }) : null}
            ${say('Next attempt in {time}.', {
              time: formatCountdown(secondsUntil(nextAttemptAt, Date.now(), state.clockOffsetMs)),
            })}
          </p>`
    }
  `
}

function renderConnected({ account, say, locale }: CardContext): TemplateResult {
  const { phoneNumber, displayName, linkedSince, health } = account
  const rows = [
    [say('Number'), phoneNumber ?? say('not known yet')],
    [say('Name'), displayName],
    [say('Linked since'), linkedSince === null ? null : formatDateTime(linkedSince, locale)],
  ] as const
  return html`
    ${renderNote('good', say('WhatsApp is connected.'), say("Allowed people who write to this number get the assistant's answers."))}
    <dl class="identity">
      ${rows.map(([term, value], index) =>
        value === null
          ? null
          : html`<dt>${term}</dt>
              <dd class=${index === 0 ? 'number' : ''}><bdi>${value}</bdi></dd>`,
      )}
    </dl>
    ${
      health?.canSend === false
        ? renderNote(
            'warning',
            say('Connected, but WhatsApp does not acknowledge what is sent.'),
            say('Replies wait and go out when it does. Reconnect if this lasts.'),
          )
        : null
    }
    ${renderReason(say, 'warning', account.reason)}
    <p class="muted small-print">
      ${say('WhatsApp unlinks this device when the phone stays offline for 14 days.')}
    </p>
  `
}
