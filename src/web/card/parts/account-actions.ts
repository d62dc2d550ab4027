import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import type { AccountView } from '../../../protocol/account/account.ts'
import { button } from '../../elements/button.ts'
import { failureText } from '../../elements/note.ts'
import { renderSwitch } from '../../elements/switch.ts'
import type { Said } from '../../elements/words.ts'
import type { AccountAction } from '../account-states.ts'
import type { CardContext } from '../card-context.ts'
import { renderAskButton, renderQuestion } from '../../elements/confirm.ts'
import type { Question } from '../../elements/confirm.ts'

/** The buttons of the account's state. Where a link would be refused its buttons are disabled and the reason is below them. */
export function renderAccountActions(context: CardContext): TemplateResult | null {
  const { account, shown, say, can } = context
  const actions = shown.actions.filter(([action]) => can(METHODS[action]))
  if (actions.length === 0) return null
  const refusal = actions.some(([action]) => action === 'link') ? linkRefusal(account) : null
  return html`<div class="actions">
      ${actions.map(([action, label], index) =>
        // No button becomes another one while it has the focus.
        keyed(
          action,
          action === 'disconnect'
            ? renderAskButton(context, disconnectQuestion(context))
            : renderAction(context, action, say(label), index === 0, refusal !== null),
        ),
      )}
    </div>
    ${renderQuestion(context, disconnectQuestion(context))}
    ${
      refusal === null
        ? null
        : html`<p id="link-refusal" class="muted small-print">${failureText(say, refusal)}</p>`
    }`
}

const METHODS = {
  link: 'accounts.link',
  linkByCode: 'accounts.link',
  cancelLink: 'accounts.cancelLink',
  reconnect: 'accounts.reconnect',
  takeOver: 'accounts.reconnect',
  importLink: 'accounts.import',
  disconnect: 'accounts.disconnect',
} as const

/** The question before an account is unlinked, for the buttons and for the list. */
export function disconnectQuestion({ say, actions }: CardContext): Question {
  return {
    key: 'disconnect',
    label: say('Disconnect'),
    name: say('Disconnect'),
    question: say(
      'The link is removed from the phone and its credentials are erased here. A new scan is needed to connect again; the history is kept.',
    ),
    yes: say('Yes, disconnect'),
    run: actions.disconnect,
  }
}

function renderAction(
  { account, actions, disabled, live, say, set }: CardContext,
  action: Exclude<AccountAction, 'disconnect'>,
  label: string,
  isFirst: boolean,
  isRefused: boolean,
): TemplateResult {
  const isLink = action === 'link' || action === 'linkByCode'
  const work = {
    ...actions,
    linkByCode: () => {
      live.clearFailure()
      set({ choosingCode: true, focus: '#own-number' })
    },
  }
  // A connected account needs no action, so no button stands out.
  const isPrimary = isFirst && account.state !== 'connected'
  return button(live.busy === action ? say('One moment…') : label, work[action], {
    kind: isPrimary ? 'primary' : action === 'linkByCode' ? 'quiet' : '',
    disabled: disabled || (isLink && isRefused),
    describedBy: isLink && isRefused ? 'link-refusal' : undefined,
  })
}

/** Why the daemon would refuse a link now; `null` where it would not. Daemons without the field say it in the state's reason. */
export function linkRefusal({ linkRefusal: refusal, reason }: AccountView): Said | null {
  if (refusal !== undefined) return refusal
  return reason?.code === 'nobody_allowed' ? reason : null
}

/** Pauses and resumes an account; the link stays either way. */
export function renderEnabledSwitch({
  account: { linked, enabled },
  say,
  actions,
  can,
  disabled,
}: CardContext): TemplateResult | null {
  if ((!linked && enabled) || !can('accounts.setEnabled')) return null
  const hint = say('When off, the account stays linked but receives and answers nothing.')
  return html`<section>
    ${renderSwitch('enabled', say('Enabled'), hint, enabled, disabled, () => actions.setEnabled(!enabled))}
  </section>`
}
