import { html } from '../html.ts'
import type { Template } from '../html.ts'
import type { NumbersDraft } from '../state/card-ui.ts'
import { countryOf } from '../text/countries.ts'
import { readNumber } from '../text/read-number.ts'
import { button } from './button.ts'
import type { CardContext } from './card-context.ts'
import { crossIcon } from './icons.ts'
import { failureText, renderNote } from './note.ts'
import { renderNumberField } from './number-field.ts'

const FIELD = 'new-number'

/** "Edit allowed numbers": a copy of the list that is changed freely and sent as a whole by Save. */
export function renderNumbersDialog(context: CardContext): Template {
  const { say, set, ui, live, disabled } = context
  const close = (): void => set({ draft: null, focus: '#edit-numbers' })
  const { draft } = ui
  const content = draft === null ? null : renderContent(context, draft)
  // The browser closes a modal dialog by itself on Escape.
  return html`<dialog part="dialog" aria-labelledby="dialog-title" @close=${() => ui.draft && close()}>
    <h2 id="dialog-title">${say('Allowed numbers')}</h2>
    ${content}
    <div class="buttons">
      ${button(say('Cancel'), close)}
      ${button(
        live.busy === 'setAllowFrom' ? say('Saving…') : say('Save'),
        () => draft && save(context, draft),
        {
          kind: 'primary',
          disabled,
        },
      )}
    </div>
  </dialog>`
}

function renderContent(context: CardContext, draft: NumbersDraft): Template {
  const { say, set, ui, live, locale } = context
  const { numbers } = draft
  const failure = live.failure('setAllowFrom')
  const bad = failure?.details?.['value']
  const change = (next: readonly string[]): void =>
    set({ draft: { ...draft, numbers: next }, typed: {}, errors: {}, focus: `#${FIELD}` })
  return html`<p class="muted small-print">
      ${say('Only these people get answers. Everybody else is ignored silently. Changes are in force at once.')}
    </p>
    ${
      draft.isMerged
        ? renderNote(
            'warning',
            say('Somebody else changed the list meanwhile.'),
            say('Your changes are merged into theirs below. Look at the list, then save again.'),
          )
        : null
    }
    ${
      numbers.length === 0
        ? renderNote('warning', say('Nobody is allowed to talk to the assistant yet.'))
        : html`<ul class="entries" aria-label=${say('Allowed numbers')}>
            ${numbers.map(
              (number) =>
                html`<li class="chip ${number === bad ? 'bad' : ''}" part="chip">
                  <span>
                    <bdi class="number">${number === '*' ? say('Everybody') : number}</bdi>
                    <span class="muted small-print">${countryOf(number, locale)}</span>
                  </span>
                  ${number === bad ? html`<span class="visually-hidden">${say('(refused)')}</span>` : null}
                  ${button(crossIcon, () => change(numbers.filter((entry) => entry !== number)), {
                    kind: 'icon',
                    name: say('Remove {number}', { number }),
                  })}
                </li>`,
            )}
          </ul>`
    }
    ${renderNumberField(context, {
      id: FIELD,
      label: 'Add a number',
      hint: 'With country code, such as +15551234567.',
      submitLabel: say('Add'),
      failure: ui.typed[FIELD] ? '' : failureText(say, failure),
      isBusy: false,
      submit: (number) => change(numbers.includes(number) ? numbers : [...numbers, number]),
    })}`
}

/** Takes what is still in the field along; a number that cannot be one keeps the dialog open. */
async function save(context: CardContext, draft: NumbersDraft): Promise<void> {
  const { say, set, ui, actions } = context
  const typed = ui.typed[FIELD] ?? ''
  const read = typed === '' ? null : readNumber(typed)
  if (read !== null && 'problem' in read) {
    set({ errors: { [FIELD]: say(read.problem) }, focus: `#${FIELD}` })
    return
  }
  const numbers =
    read === null || draft.numbers.includes(read.number) ? draft.numbers : [...draft.numbers, read.number]
  set({ draft: { ...draft, numbers }, typed: {}, errors: {} })
  const next = await actions.setAllowFrom({ ...draft, numbers })
  set(next === null ? { draft: null, focus: '#edit-numbers' } : { draft: next, focus: `#${FIELD}` })
}
