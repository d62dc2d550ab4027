import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { NumbersDraft } from '../state/card-ui.ts'
import { readNumber } from '../text/read-number.ts'
import { button } from '../../elements/controls/button.ts'
import type { CardContext } from '../card-context.ts'
import { crossIcon } from '../../elements/icons.ts'
import { failureText, renderFailure, renderNote } from '../../elements/note.ts'
import { renderNumberField } from '../parts/number-field.ts'
import { renderNumberEntries } from './number-entries.ts'
import { withoutNumber } from './without-number.ts'

const FIELD = 'new-number'
const REMOVAL_FIELD = 'removed-number'

/** The numbers of the draft, what is wrong with them, and the buttons below; `close` closes the dialog without saving. */
export function renderDialogContent(
  context: CardContext,
  draft: NumbersDraft,
  close: () => void,
): TemplateResult {
  const { disabled, isWritable, live, say } = context
  const label = live.busy === 'setAllowFrom' ? say('Saving…') : say('Save')
  return html`${renderContent(context, draft)}
    <div class="buttons">
      ${button(say(isWritable ? 'Cancel' : 'Close'), close)}
      ${isWritable ? button(label, () => save(context, draft), { kind: 'primary', disabled }) : null}
    </div>`
}

function renderContent(context: CardContext, draft: NumbersDraft): TemplateResult {
  const { say, set, ui, live, isWritable } = context
  const { numbers } = draft
  const failure = live.failure('setAllowFrom')
  const refusedNames = live.failure('setNames')
  const add = (number: string): void =>
    set({
      draft: numbers.includes(number) ? draft : { ...draft, numbers: [...numbers, number] },
      typed: {},
      errors: {},
      focus: `#${FIELD}`,
    })
  return html`<p class="muted small-print">
      ${say('Only these people get answers. Everybody else is ignored silently. Changes apply immediately.')}
    </p>
    ${
      draft.isMerged
        ? renderNote(
            'warning',
            say('Somebody else changed the list meanwhile.'),
            say('Your changes and theirs are merged below. Check the list, then save again.'),
          )
        : null
    }
    ${
      numbers.length === 0 && draft.removed === null
        ? renderNote('warning', say('Nobody is allowed to talk to the assistant yet.'))
        : renderNumberEntries(context, draft, failure?.details?.['value'])
    }
    ${refusedNames === null ? null : renderFailure(say, refusedNames)}
    ${draft.removed === null || !isWritable ? null : renderRemoval(context, draft, draft.removed)}
    ${
      isWritable
        ? renderNumberField(context, {
            id: FIELD,
            label: 'Add a number',
            hint: 'With country code, such as +15551234567.',
            submitLabel: say('Add'),
            failure: ui.typed[FIELD] ? '' : failureText(say, failure),
            isBusy: false,
            submit: add,
          })
        : null
    }`
}

/** For a list that is too long to be shown: what is to be removed of it, and a field for daemons that cannot search it. */
function renderRemoval(
  context: CardContext,
  draft: NumbersDraft,
  removed: readonly string[],
): TemplateResult {
  const { say, set, state } = context
  const change = (next: Partial<NumbersDraft>): void =>
    set({ draft: { ...draft, ...next }, typed: {}, errors: {}, focus: `#${REMOVAL_FIELD}` })
  const field = (): TemplateResult =>
    renderNumberField(context, {
      id: REMOVAL_FIELD,
      label: 'Remove a number',
      hint: 'You can also enter a number that is not listed here.',
      submitLabel: say('Remove'),
      failure: '',
      isBusy: false,
      submit: (number) => change(withoutNumber(draft, number)),
    })
  return html`${state.found?.isRefused ? field() : null}
  ${
    removed.length === 0
      ? null
      : html`<ul class="entries" aria-label=${say('Numbers to remove')}>
          ${removed.map(
            (number) =>
              html`<li class="chip" part="chip">
                <bdi class="number">${number}</bdi>
                ${button(crossIcon, () => change({ removed: removed.filter((entry) => entry !== number) }), {
                  kind: 'icon',
                  name: say('Keep {number}', { number }),
                })}
              </li>`,
          )}
        </ul>`
  }`
}

/** Saves the draft with what is still in the fields. An invalid number keeps the dialog open. */
async function save(context: CardContext, draft: NumbersDraft): Promise<void> {
  const { set, actions, ui } = context
  const [added, removed] = [typedNumber(context, FIELD), typedNumber(context, REMOVAL_FIELD)]
  if (added === undefined || removed === undefined) return
  const next = {
    ...draft,
    numbers: added === null || draft.numbers.includes(added) ? draft.numbers : [...draft.numbers, added],
    removed: draft.removed === null || removed === null ? draft.removed : [...draft.removed, removed],
  }
  set({ draft: next, typed: {}, errors: {} })
  const left = await actions.setAllowFrom(next)
  set(left === null ? { draft: null, focus: ui.opener } : { draft: left, focus: `#${FIELD}` })
}

/** The number in a field; `null` for an empty field, `undefined` for an invalid number, which the field then explains. */
function typedNumber({ say, set, ui }: CardContext, field: string): string | null | undefined {
  const typed = ui.typed[field] ?? ''
  if (typed === '') return null
  const read = readNumber(typed)
  if ('number' in read) return read.number
  set({ errors: { [field]: say(read.problem) }, focus: `#${field}` })
  return undefined
}
