import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/controls/button.ts'
import { failureText } from '../../elements/note.ts'
import type { CardContext } from '../card-context.ts'
import { OWN_NUMBER } from '../parts/choose-code.ts'
import { renderNumberField } from '../parts/number-field.ts'

/** Asks for the number of the phone that gets a pairing code. */
export function renderCodeForm(context: CardContext): TemplateResult {
  const { live, say, set, actions, disabled } = context
  const failure = live.failure('linkByCode')
  const submit = async (number: string): Promise<void> => {
    if (await actions.linkByCode(number)) set({ choosingCode: false, typed: {} })
  }
  return html`${renderNumberField(context, {
      id: OWN_NUMBER,
      label: 'Phone number of the WhatsApp account to link',
      hint: 'You get a code of eight characters to enter on that phone.',
      submitLabel: live.busy === 'linkByCode' ? say('One moment…') : say('Get code'),
      failure: failureText(say, failure),
      isBusy: disabled,
      submit,
    })}
    <div class="actions">
      ${button(say('Use a QR code instead'), () => set({ choosingCode: false }), { kind: 'quiet' })}
    </div>`
}
