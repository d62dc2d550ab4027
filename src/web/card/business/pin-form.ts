import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { renderFieldForm } from '../../elements/controls/field-form.ts'
import { failureText } from '../../elements/note.ts'
import type { CardContext } from '../card-context.ts'
import type { BusinessAccount } from './business-account.ts'

const FIELD = 'business-pin'
/** As an action of its own: its failure is shown here. */
const ACTION = 'connectBusiness by PIN'
const SLOW = { timeoutMs: 120_000 }

/** Where the number has a PIN that the daemon does not know: a field for its PIN, which whoever had the number before has set. */
export function renderPinForm(context: CardContext, { steps }: BusinessAccount): TemplateResult | null {
  const { say, ui, set, live, account, disabled, can } = context
  const isAsked = steps.some(({ code, state }) => code === 'wrong_pin' && state === 'failed')
  if (!isAsked || !can('accounts.connectBusiness')) return null
  const submit = async (): Promise<void> => {
    const pin = (ui.typed[FIELD] ?? '').trim()
    if (!/^\d{6}$/.test(pin))
      return set({ errors: { [FIELD]: say('A PIN has six digits.') }, focus: `#${FIELD}` })
    set({ typed: {} })
    await live.perform(ACTION, (client) =>
      client.request('accounts.connectBusiness', { account: account.account, pin }, SLOW),
    )
  }
  return html`<div class="group">
    ${renderFieldForm(context, {
      id: FIELD,
      label: say('PIN of the number'),
      hint: say(
        'The six digits of its two-step verification. A few wrong ones, and WhatsApp takes none for a while.',
      ),
      submitLabel: live.busy === ACTION ? say('One moment…') : say('Register'),
      error: ui.errors[FIELD] ?? failureText(say, live.failure(ACTION)),
      isBusy: disabled,
      submit,
    })}
  </div>`
}
