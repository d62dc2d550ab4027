import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { allowedCount, startDraft } from '../state/number-list.ts'
import { button } from '../../elements/controls/button.ts'
import type { CardContext } from '../card-context.ts'
import { failureText } from '../../elements/note.ts'
import { nameOf } from '../state/sender-names.ts'
import { renderNumberField } from '../parts/number-field.ts'
import { renderPerson } from '../parts/person.ts'

/** More would fill the page; the dialog has them all. */
const SHOWN = 8

/** Who may talk to the assistant, with the way to change it. */
export function renderAllowedNumbers(context: CardContext): TemplateResult | null {
  const { settings, state, say, hosted, isWritable, disabled } = context
  if (settings === null) return null
  const path = hosted ? null : state.config?.path
  return html`<section aria-labelledby="allowed-title">
    <div class="section-head">
      <h3 id="allowed-title">${say('Allowed numbers')}</h3>
      ${
        isWritable && settings.dmPolicy !== 'open'
          ? button(say('Edit allowed numbers'), () => openDialog(context, '#edit-numbers'), {
              kind: 'quiet',
              id: 'edit-numbers',
              disabled,
            })
          : null
      }
    </div>
    ${renderPolicy(context)}
    ${
      isWritable
        ? null
        : html`<p class="muted small-print">
            ${say(hosted ? 'They cannot be changed here.' : 'Changes are made in the config file.')}${path ? html` <code>${path}</code>` : null}
          </p>`
    }
  </section>`
}

/** `opener` gets the focus back when the dialog closes. */
function openDialog(
  { account, actions, live, set, settings, state, isWritable }: CardContext,
  opener: string,
): void {
  if (settings === null) return
  const draft = startDraft(account.account, settings, state.config?.revision)
  const isSearch = opener === '#all-numbers' || !isWritable
  live.clearFailure()
  set({ draft, opener, typed: {}, errors: {}, focus: isSearch ? '#filter-numbers' : '#new-number' })
  if (draft.removed !== null) void actions.findNumbers('')
}

function renderPolicy(context: CardContext): TemplateResult {
  const { say, isWritable } = context
  const { dmPolicy = 'allowlist', allowFrom = [] } = context.settings ?? {}
  const sentence = (text: string): TemplateResult => html`<p class="muted small-print">${text}</p>`
  if (dmPolicy === 'disabled') return sentence(say('Direct messages are switched off: nobody gets answers.'))
  if (dmPolicy === 'open') return sentence(say('Everybody who writes to this number gets answers.'))
  if (allowFrom.length === 0) {
    return isWritable
      ? renderFirstNumber(context)
      : sentence(say('Nobody is allowed to talk to the assistant yet.'))
  }
  const { settings } = context
  const more = (settings === null ? 0 : allowedCount(settings)) - SHOWN
  const name = say('Show all allowed numbers')
  return html`<ul class="chips" aria-label=${say('Allowed numbers')}>
    ${allowFrom
      .slice(0, SHOWN)
      .map(
        (number) =>
          html`<li class="chip" part="chip">${renderPerson(context, number, nameOf(settings, number))}</li>`,
      )}
    ${
      more > 0
        ? html`<li>
            ${button(say('+{count} more', { count: more }), () => openDialog(context, '#all-numbers'), {
              id: 'all-numbers',
              kind: 'small',
              name: `${say('+{count} more', { count: more })}: ${name}`,
            })}
          </li>`
        : null
    }
  </ul>`
}

function renderFirstNumber(context: CardContext): TemplateResult {
  const { live, actions, disabled, say } = context
  const failed = live.failed?.action.startsWith('allow ') === true ? live.failed.error : null
  return renderNumberField(context, {
    id: 'first-number',
    label: 'Who may talk to the assistant?',
    hint: 'With country code, such as +15551234567. Everybody else is ignored silently.',
    submitLabel: say('Add'),
    failure: failureText(say, failed),
    isBusy: disabled,
    submit: actions.allow,
  })
}
