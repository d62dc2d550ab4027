import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardText } from '../text/card-texts.ts'
import { disconnectQuestion } from '../parts/disconnect-question.ts'
import type { CardContext } from '../card-context.ts'
import { accountName } from '../parts/account-name.ts'
import { renderBadge } from '../../elements/badge.ts'
import { renderAskButton, renderQuestion } from '../../elements/controls/confirm.ts'
import type { Question } from '../../elements/controls/confirm.ts'
import { crossIcon, trashIcon } from '../../elements/icons.ts'

/** Every account of the daemon, the linked ones and the pending ones apart; the chosen one is shown below the list. */
export function renderAccountList(context: CardContext): TemplateResult | null {
  const accounts = Object.values(context.state.accounts)
  if (accounts.length < 2) return null
  const group = (id: string, title: CardText, linked: boolean): TemplateResult | null => {
    const members = accounts.filter((account) => account.linked === linked)
    if (members.length === 0) return null
    return html`<h3 id=${id}>${context.say(title)}</h3>
      <ul class="accounts" aria-labelledby=${id}>
        ${members.map((account) => renderRow(context.about(account), account === context.account))}
      </ul>`
  }
  return html`<div class="group" part="accounts">
    ${group('linked-title', 'Linked accounts', true)} ${group('pending-title', 'Pending', false)}
  </div>`
}

function renderRow(context: CardContext, isChosen: boolean): TemplateResult {
  const { account, shown, say, set, locale } = context
  const { phoneNumber, linkedSince } = account
  const { tone, label } = shown
  const name = accountName(context)
  const question = endQuestion(context, name)
  return html`<li class=${isChosen ? 'chosen' : ''} part="account">
    <button
      type="button"
      class="who"
      aria-pressed=${isChosen}
      @click=${() => set({ selected: account.account, choosingCode: false, asking: null, errors: {} })}
    >
      <strong><bdi>${name}</bdi></strong>
      <span class="muted small-print">
        ${phoneNumber === null ? null : html`<bdi class="number">${phoneNumber}</bdi>`}
        ${linkedSince === null ? null : html`<bdi>${new Date(linkedSince).toLocaleDateString(locale)}</bdi>`}
      </span>
    </button>
    <div class="row">
      ${renderBadge({ tone, label: say(label) })}
      ${question && renderAskButton(context, question, { kind: 'icon' })}
    </div>
    ${question && renderQuestion(context, question)}
  </li>`
}

/** A cross disconnects a linked account, a trash can deletes a pending one; both ask first. */
function endQuestion(context: CardContext, name: string): Question | null {
  const { account, shown, say, can, actions } = context
  const key = `end-${account.account}`
  if (account.linked) {
    const question = {
      ...disconnectQuestion(context),
      key,
      name: say('Disconnect {name}', { name }),
      label: crossIcon,
    }
    return can('accounts.disconnect') ? question : null
  }
  if (!can('accounts.remove')) return null
  return {
    key,
    label: trashIcon,
    name: say('Delete {name}', { name }),
    question: say('Its messages are deleted too. A linked phone still lists the device.'),
    yes: say('Yes, delete'),
    run: () => actions.remove(shown.mayHideLink === true),
  }
}
