import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { renderNote } from '../../elements/note.ts'
import type { Said } from '../../elements/language/words.ts'
import type { CardContext } from '../card-context.ts'
import { formatDateTime } from '../text/time.ts'
import { renderDetails } from './details.ts'

/** Why those who write get no answers, or not to everything. */
export function renderAnsweringProblem(context: CardContext): TemplateResult {
  const { account, hosted, say, locale, settings, state } = context
  const { assistant } = account
  if (settings?.hasAssistant === false) {
    return renderNote(
      'warning',
      say('No assistant is configured: people who write get their own words back.'),
      hosted
        ? say('Tell the people who run your sandbox.')
        : say('Add one under {path} in the config file.', { path: `${state.config?.section}.agents` }),
    )
  }
  if (assistant?.ok !== false) return html`${renderUnheardVoice(context)}`
  const { agent, since, lastSuccessAt, lastFailure } = assistant
  return html`
    ${renderNote(
      'warning',
      say('The assistant does not answer.'),
      lastSuccessAt === null
        ? say('{agent} has not answered since {date}.', { agent, date: formatDateTime(since, locale) })
        : say('{agent} last answered on {date}.', { agent, date: formatDateTime(lastSuccessAt, locale) }),
    )}
    ${lastFailure && renderAssistantFailure(context, lastFailure)}
  `
}

/** The assistant answers, and is not told what people say in voice messages. */
function renderUnheardVoice(context: CardContext): TemplateResult | null {
  const { account, hosted, say } = context
  const { ok, lastFailure = null } = account.assistant?.transcription ?? { ok: true }
  if (ok || lastFailure === null) return null
  const { code, message, action } = lastFailure
  const lines = [message, action, `transcription.${code}`]
  return html`${renderNote(
    'warning',
    say('Voice messages are not written down for the assistant.'),
    hosted
      ? say('Only the people who run your sandbox can solve this: tell them what is written here.')
      : `${message} ${action}`,
  )}
  ${renderDetails(context, { key: 'transcription', lines })}`
}

/** The sentence of a failure names addresses and settings: people of a hosted dashboard find it below "Details". */
function renderAssistantFailure(context: CardContext, failure: Said): TemplateResult {
  const { hosted, say } = context
  const code = `assistant.${failure.code}`
  const [message, action] = say.said({ ...failure, code, message: hosted ? '' : failure.message })
  const lines = [failure.message, failure.action ?? [], code].flat()
  return html`${renderNote('bad', message || action, message && action)}
  ${renderDetails(context, { key: 'assistant', lines })}`
}
