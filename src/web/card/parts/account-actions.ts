import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { presentAccount } from '../state/account-presentation.ts'
import type { PresentedAction } from '../state/account-presentation.ts'
import { linkRefusal } from '../state/link-refusal.ts'
import { button } from '../../elements/button.ts'
import type { CardContext } from './card-context.ts'
import { renderAskButton, renderQuestion } from '../../elements/confirm.ts'
import type { Question } from '../../elements/confirm.ts'

/** The buttons of the account's state. A link that would be refused says why instead. */
export function renderAccountActions(context: CardContext): TemplateResult | null {
  const { account, settings, say, can } = context
  const actions = presentAccount(account).actions.filter(([action]) => can(METHODS[action]))
  if (actions.length === 0) return null
  const refusal = actions.some(([action]) => action === 'link') ? linkRefusal(settings) : null
  return html`<div class="actions">
      ${actions.map(([action, label], index) =>
        action === 'disconnect'
          ? renderAskButton(context, disconnectQuestion(context))
          : renderAction(context, action, say(label), index === 0, refusal !== null),
      )}
    </div>
    ${renderQuestion(context, disconnectQuestion(context))}
    ${refusal === null ? null : html`<p id="link-refusal" class="muted small-print">${say(refusal)}</p>`}`
}

const METHODS = {
  link: 'accounts.link',
  linkByCode: 'accounts.link',
  cancelLink: 'accounts.cancelLink',
  reconnect: 'accounts.reconnect',
  takeOver: 'accounts.reconnect',
  disconnect: 'accounts.disconnect',
} as const

/** What is asked before the account is unlinked, from its buttons and from the list. */
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
  action: Exclude<PresentedAction, 'disconnect'>,
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
  const isPrimary = isFirst && account.state !== 'connected'
  return button(live.busy === action ? say('One moment…') : label, work[action], {
    kind: isPrimary ? 'primary' : action === 'linkByCode' ? 'quiet' : '',
    disabled: disabled || (isLink && isRefused),
    describedBy: isLink && isRefused ? 'link-refusal' : undefined,
  })
}
