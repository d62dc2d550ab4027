import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardText } from '../text/card-texts.ts'
import { countryOf } from '../text/countries.ts'
import { readNumber } from '../text/read-number.ts'
import type { CardFrame } from '../card-context.ts'
import { renderFieldForm } from '../../elements/controls/field-form.ts'

export interface NumberField {
  /** Unique in the card; the id of the input. */
  id: string
  label: CardText
  hint: CardText
  submitLabel: string
  /** The daemon's error about the last number; the card's own check is shown first. */
  failure: string
  isBusy: boolean
  /** Numbers to choose from, each with a name, which may be empty. */
  suggestions?: (readonly [value: string, label: string])[]
  submit: (number: string) => unknown
}

/** A field for a phone number: says which country it is from while it is typed, and on Enter what is wrong with it. */
export function renderNumberField(frame: CardFrame, field: NumberField): TemplateResult {
  const { say, ui, set, locale } = frame
  const { id, label, hint, failure } = field
  const typed = ui.typed[id] ?? ''
  const country = countryOf(typed.replaceAll(/[^\d+]/g, '').replace(/^00/, '+'), locale)
  return renderFieldForm(frame, {
    ...field,
    label: say(label),
    hint: country === '' ? say(hint) : html`<span class="country">${country}</span>`,
    error: ui.errors[id] ?? failure,
    type: 'tel',
    placeholder: '+15551234567',
    submit: () => {
      const read = readNumber(typed)
      if ('problem' in read) set({ errors: { [id]: say(read.problem) }, focus: `#${id}` })
      else field.submit(read.number)
    },
  })
}
