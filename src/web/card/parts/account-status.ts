import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { formatCountdown, formatDateTime, secondsUntil } from '../text/time.ts'
import type { CardContext } from '../card-context.ts'
import { renderNote, renderReason } from '../../elements/note.ts'
import type { Tone } from '../../elements/note.ts'
import type { Said } from '../../elements/language/words.ts'
import { attention } from '../late-parts.ts'

/** The daemon's reason with what to do, until when, and the next attempt. */
export function renderReasonAndAttempt(context: CardContext): TemplateResult {
  const { account, say, state, locale } = context
  const { attempt, nextAttemptAt, until } = account
  return html`
    ${account.reason?.code === 'not_linked' ? renderInvitation(say, account.reason) : renderAccountReason(context)}
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

/** The badge says that nothing is linked; this says what to do. */
function renderInvitation(say: CardContext['say'], reason: Said): TemplateResult {
  const [message, action] = say.said(reason)
  return html`<p class="visually-hidden">${message}</p>
    <p class="muted">${action}</p>`
}

/** The reason for screen readers alone, where the panel below says the rest. */
export function renderSpokenReason({ account, say }: CardContext): TemplateResult {
  return html`<p class="visually-hidden">${account.reason && say.said(account.reason)[0]}</p>`
}

/** Why those who write get no answers, or not to everything; nothing where they do. */
function renderAnswering(context: CardContext): TemplateResult | null {
  const { assistant } = context.account
  const isWell =
    context.settings?.hasAssistant !== false &&
    assistant?.ok !== false &&
    assistant?.transcription?.ok !== false
  return isWell ? null : attention.draw(context, (parts) => parts.renderAnsweringProblem(context))
}

/** What is to be known of an account that is connected; nothing to see where all is well. */
export function renderConnected(context: CardContext): TemplateResult {
  const { account, say } = context
  // The badge says the first sentence to those who see.
  return html`<p class="visually-hidden">${say('WhatsApp is connected.')}</p>
    ${renderAnswering(context)}
    ${
      account.health?.canSend === false
        ? renderNote(
            'warning',
            say('Connected, but WhatsApp does not acknowledge what is sent.'),
            say('Replies wait until WhatsApp acknowledges again. Reconnect if this lasts.'),
          )
        : null
    }
    ${renderAccountReason(context, 'warning')} `
}

/** The daemon's reason: the sentence and what to do; what is technical of it is below "Details". */
function renderAccountReason(context: CardContext, tone: Tone = context.shown.tone): TemplateResult | null {
  const { account, say } = context
  const { reason } = account
  if (reason?.detail === undefined) return renderReason(say, tone, reason)
  const { code, message, detail } = reason
  return html`${renderReason(say, tone, { ...reason, message: message.replace(` (${detail})`, '') })}
  ${attention.draw(context, (parts) => parts.renderDetails(context, { key: 'reason', lines: [message, code] }))}`
}
