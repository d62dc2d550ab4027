import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/controls/button.ts'
import { renderFailure } from '../../elements/note.ts'
import type { CardContext } from '../card-context.ts'
import { renderNumberFacts } from './number-facts.ts'
import { renderPinForm } from './pin-form.ts'
import { isSetUp, renderSetUpSteps } from './set-up-steps.ts'
import { renderSignup } from './signup.ts'
import { renderWebhook } from './webhook-address.ts'

/** As an action of its own: its failure is shown below its button. */
const FINISH = 'connectBusiness again'
const SLOW = { timeoutMs: 120_000 }
/** In these a person finishes the set-up, or begins it again. */
const UNFINISHED: ReadonlySet<string> = new Set(['unlinked', 'logged_out', 'misconfigured'])

/** A Business number: how far its set-up is, what is known of it, and its webhook; the way to connect one where there is none. */
export function renderBusinessPanel(context: CardContext): TemplateResult {
  const { business = null, linked } = context.account
  const isOver = isSetUp(context)
  return html`${
    business === null
      ? null
      : html`${renderNamed(context)} ${renderPinForm(context, business)} ${renderFinish(context)}
        ${isOver ? null : renderSetUpSteps(context, business)} ${renderNumberFacts(context, business)}
        ${renderWebhook(context, business)} ${isOver ? renderSetUpSteps(context, business) : null}`
  }
  ${linked ? null : renderSignup(context)}`
}

/** What the reason names: which key is to be taken out, or Meta's own words. Somebody without a shell has it below "Details" alone. */
function renderNamed({ account: { reason }, hosted }: CardContext): TemplateResult | null {
  if (hosted || reason?.detail === undefined) return null
  return html`<p class="small-print"><bdi>${reason.detail}</bdi></p>`
}

/** Does what is left of the set-up, with the credentials that the daemon has. */
function renderFinish({ account, shown, say, can, live, disabled }: CardContext): TemplateResult | null {
  const { account: id, business, state, reason } = account
  const hasToken = business?.source != null || reason?.code === 'business_disconnected'
  if (!hasToken || !UNFINISHED.has(state) || !can('accounts.connectBusiness')) return null
  const failure = live.failure(FINISH)
  const finish = (): Promise<boolean> =>
    live.perform(FINISH, (client) => client.request('accounts.connectBusiness', { account: id }, SLOW))
  return html`<div class="actions">
      ${button(live.busy === FINISH ? say('One moment…') : say('Connect'), finish, { kind: shown.actions.length === 0 && reason?.code !== 'wrong_pin' ? 'primary' : '', disabled })}
    </div>
    ${failure === null ? null : renderFailure(say, failure)}`
}
