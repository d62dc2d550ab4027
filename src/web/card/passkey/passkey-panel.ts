import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { AccountView } from '../../../protocol/account/account.ts'
import { button } from '../../elements/controls/button.ts'
import type { CardContext } from '../card-context.ts'
import type { CardText } from '../text/card-texts.ts'
import { expiry } from '../text/expiry.ts'
import { groupPairingCode, spellPairingCode } from '../text/pairing-code.ts'
import { renderPasskeySteps } from './passkey-steps.ts'

type PasskeyState = NonNullable<AccountView['passkey']>
type Render = (context: CardContext, passkey: PasskeyState) => TemplateResult

/** What each step is called, says, and asks of the person. */
const STEPS: Readonly<Record<PasskeyState['step'], { title: CardText; render: Render }>> = {
  challenge: { title: 'WhatsApp asks for your passkey', render: renderPasskeySteps },
  sent: { title: 'Waiting for the phone', render: renderPhone },
  code: { title: 'Compare the codes', render: renderCode },
  confirming: { title: 'WhatsApp finishes the link', render: renderPhone },
}

/** Where the focus goes when the controls of a step are gone. */
const HEADING = 'passkey-heading'

/** A link with a passkey that is going on: what WhatsApp asks of the person, until when, and how it is given up. */
export function renderPasskeyPanel(context: CardContext, passkey: PasskeyState): TemplateResult {
  const { say, actions, disabled } = context
  const known: Partial<Record<string, { title: CardText; render: Render }>> = STEPS
  const step = known[passkey.step] ?? STEPS.sent
  return html`<div class="passkey">
      <div>
        <h3 id=${HEADING} tabindex="-1">${say(step.title)}</h3>
        <div class="muted number" role="timer">${expiry(context, passkey.expiresAt).countdown}</div>
      </div>
      ${step.render(context, passkey)}
    </div>
    <div class="actions">${button(say('Cancel'), actions.cancelLink, { disabled })}</div>`
}

function renderPhone({ say }: CardContext): TemplateResult {
  return html`<div class="waiting">
    <span class="spinner"></span>${say('Keep WhatsApp open on the phone and do what it asks.')}
  </div>`
}

function renderCode(context: CardContext, { code = '', ceremonyId }: PasskeyState): TemplateResult {
  const { say, set, actions, disabled } = context
  const confirm = async (matches: boolean): Promise<void> => {
    if (await actions.confirmPasskey(ceremonyId, matches)) set({ focus: `#${HEADING}` })
  }
  return html`<div class="offer">
      <p>${say('The phone shows a code too. Link only when both are the same.')}</p>
      <div class="code" part="code" aria-hidden="true">${groupPairingCode(code)}</div>
      <span class="visually-hidden">${say('Code: {code}', { code: spellPairingCode(code) })}</span>
    </div>
    <div class="actions">
      ${button(say('It matches'), () => confirm(true), { kind: 'primary', disabled })}
      ${button(say('It differs'), () => confirm(false), { disabled })}
    </div>`
}
