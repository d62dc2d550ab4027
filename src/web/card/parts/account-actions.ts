import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import type { AccountView } from '../../../protocol/account/account.ts'
import { button } from '../../elements/controls/button.ts'
import { failureText } from '../../elements/note.ts'
import { renderMenu } from '../../elements/controls/menu.ts'
import type { MenuItem } from '../../elements/controls/menu.ts'
import type { Said } from '../../elements/language/words.ts'
import type { AccountAction, OfferedAction } from '../account-states.ts'
import type { CardContext } from '../card-context.ts'
import { isTouched } from '../this-device.ts'
import { chooseCode } from './choose-code.ts'
import { renderAskButton, renderQuestion } from '../../elements/controls/confirm.ts'
import { disconnectQuestion } from './disconnect-question.ts'

/** The buttons of the account's state. Where a link would be refused its buttons are disabled and the reason is below them. */
export function renderAccountActions(context: CardContext): TemplateResult | null {
  const { account, shown, say, can } = context
  const actions = forThisDevice(shown.actions).filter(([action]) => can(METHODS[action]))
  const more = (shown.menu ?? []).filter(([action]) => can(METHODS[action]))
  if (actions.length + more.length === 0) return null
  const refusal = actions.some(([action]) => action === 'link') ? linkRefusal(account) : null
  // The note above the buttons says the same.
  const isSaid = account.reason?.code === 'nobody_allowed'
  return html`<div class="actions">
      ${actions.map(([action, label], index) =>
        // No button becomes another one while it has the focus.
        keyed(
          action,
          action === 'disconnect'
            ? renderAskButton(context, disconnectQuestion(context), { kind: index === 0 ? 'quiet' : '' })
            : renderAction(context, action, say(label), index === 0, refusal !== null),
        ),
      )}
      ${
        more.length === 0
          ? null
          : renderMenu(
              context,
              say('More actions'),
              more.map((item) => menuItem(context, item)),
            )
      }
    </div>
    ${renderQuestion(context, disconnectQuestion(context))}
    ${
      refusal === null
        ? null
        : html`<p id="link-refusal" class=${isSaid ? 'visually-hidden' : 'muted small-print'}>
            ${failureText(say, refusal)}
          </p>`
    }`
}

/** On the phone that is to be linked the pairing code comes first: it cannot scan its own screen. */
function forThisDevice(actions: readonly OfferedAction[]): readonly OfferedAction[] {
  if (!isTouched() || !actions.some(([action]) => action === 'linkByCode')) return actions
  const others = actions.filter(([action]) => action !== 'link' && action !== 'linkByCode')
  return [['linkByCode', 'Link with a code'], ['link', 'Use a QR code instead'], ...others]
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

type PlainAction = Exclude<AccountAction, 'disconnect'>

function workOf(context: CardContext, action: PlainAction): () => unknown {
  return action === 'linkByCode' ? chooseCode(context) : context.actions[action]
}

function menuItem(context: CardContext, [action, label]: OfferedAction): MenuItem {
  return { label: context.say(label), run: workOf(context, action as PlainAction) } // a question has no place in a menu
}

function renderAction(
  context: CardContext,
  action: PlainAction,
  label: string,
  isFirst: boolean,
  isRefused: boolean,
): TemplateResult {
  const { disabled, live, say } = context
  const isLink = action === 'link' || action === 'linkByCode'
  return button(live.busy === action ? say('One moment…') : label, workOf(context, action), {
    kind: isFirst ? 'primary' : isLink ? 'quiet' : '',
    disabled: disabled || (isLink && isRefused),
    describedBy: isLink && isRefused ? 'link-refusal' : undefined,
  })
}

/** Why the daemon would refuse a link now; `null` where it would not. Daemons without the field say it in the state's reason. */
export function linkRefusal({ linkRefusal: refusal, reason }: AccountView): Said | null {
  if (refusal !== undefined) return refusal
  return reason?.code === 'nobody_allowed' ? reason : null
}
