import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { formatCountdown, formatDateTime, secondsUntil } from '../text/time.ts'
import type { CardContext } from '../card-context.ts'
import { renderNote, renderReason } from '../../elements/note.ts'

/** The daemon's reason with what to do, until when, and the next attempt. */
export function renderReasonAndAttempt({ account, shown, say, state, locale }: CardContext): TemplateResult {
  const { attempt, nextAttemptAt, until } = account
  return html`
    ${renderReason(say, shown.tone, account.reason)}
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
              time: formatCountdown(secondsUntil(nextAttemptAt, Date.now(), state.clockOffsetMs), locale),
            })}
          </p>`
    }
  `
}

/** The reason for screen readers alone, where the panel below says the rest. */
export function renderSpokenReason({ account }: CardContext): TemplateResult {
  return html`<p class="visually-hidden">${account.reason?.message}</p>`
}

/** Whether those who write get answers, and if not, why. */
function renderAnswering({ account, hosted, say, locale, settings, state }: CardContext): TemplateResult {
  const { assistant } = account
  if (settings?.hasAssistant === false) {
    return renderNote(
      'warning',
      say('WhatsApp is connected.'),
      hosted
        ? say(
            'No assistant is configured: people who write get their own words back. Tell the people who run your sandbox.',
          )
        : say(
            'No assistant is configured: people who write get their own words back. Add one under {path} in the config file.',
            { path: `${state.config?.section}.agents` },
          ),
    )
  }
  if (assistant?.ok !== false) {
    return renderNote(
      'good',
      say('WhatsApp is connected.'),
      say("Allowed people who write to this number get the assistant's answers."),
    )
  }
  const { agent, since, lastSuccessAt, lastFailure } = assistant
  return html`
    ${renderNote(
      'warning',
      say('WhatsApp is connected, but the assistant does not answer.'),
      lastSuccessAt === null
        ? say('{agent} has not answered since {date}.', { agent, date: formatDateTime(since, locale) })
        : say('{agent} last answered on {date}.', { agent, date: formatDateTime(lastSuccessAt, locale) }),
    )}
    ${renderReason(say, 'bad', lastFailure && { ...lastFailure, code: `assistant.${lastFailure.code}` })}
  `
}

/** A connected account's number, name and date. */
export function renderConnected(context: CardContext): TemplateResult {
  const { account, say, locale } = context
  const { phoneNumber, displayName, linkedSince, health } = account
  const rows = [
    [say('Number'), phoneNumber ?? say('not known yet')],
    [say('Name'), displayName],
    [say('Linked since'), linkedSince === null ? null : formatDateTime(linkedSince, locale)],
  ] as const
  return html`
    ${renderAnswering(context)}
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
            say('Replies wait until WhatsApp acknowledges again. Reconnect if this lasts.'),
          )
        : null
    }
    ${renderReason(say, 'warning', account.reason)}
    <p class="muted small-print">
      ${say('WhatsApp unlinks this device when the phone stays offline for 14 days.')}
    </p>
  `
}
