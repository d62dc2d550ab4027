import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { renderBadge } from '../../elements/badge.ts'
import type { Tone } from '../../elements/note.ts'
import type { CardContext } from '../card-context.ts'
import type { CardText } from '../text/card-texts.ts'
import type { BusinessAccount } from './business-account.ts'

type Step = BusinessAccount['steps'][number]

const TITLES: Readonly<Record<string, CardText>> = {
  token: 'Access token',
  permissions: 'Permissions of the token',
  number: 'The number at Meta',
  register: 'Registration of the number',
  subscribe: 'Subscription to its messages',
  webhook: 'First webhook of Meta',
  sync: 'Contacts and history of the phone app',
}

const STATES: Readonly<Record<string, readonly [Tone, CardText]>> = {
  done: ['good', 'done'],
  running: ['busy', 'under way'],
  failed: ['bad', 'failed'],
  waiting: ['idle', 'still to come'],
  skipped: ['idle', 'not needed'],
}

/** Each step from the token to the first webhook, with what it found and what to do; folded where nothing is left. */
export function renderSetUpSteps(context: CardContext, { steps }: BusinessAccount): TemplateResult | null {
  const { say } = context
  if (steps.length === 0) return null
  const list = html`<ol class="rows" aria-label=${say('Steps of the set-up')}>
    ${steps.map((step) => renderStep(context, step))}
  </ol>`
  return isSetUp(context)
    ? html`<details>
        <summary>${say('Steps of the set-up')}</summary>
        <div>${list}</div>
      </details>`
    : html`<section>
        <h3>${say('Steps of the set-up')}</h3>
        ${list}
      </section>`
}

/** Whether nothing of the set-up is left, so that nobody needs to see it. */
export function isSetUp({ account: { state, business } }: CardContext): boolean {
  const isOver = (step: Step): boolean => step.state === 'done' || step.state === 'skipped'
  return state === 'connected' && business?.steps.every(isOver) === true
}

function renderStep(context: CardContext, step: Step): TemplateResult {
  const { say, account } = context
  const title = Object.hasOwn(TITLES, step.step) ? TITLES[step.step] : undefined
  const [tone, label] = (Object.hasOwn(STATES, step.state) ? STATES[step.state] : undefined) ?? ['idle', null]
  const { code, message: said, action: advice } = step
  // The note at the top of the card says the same.
  const isSaid = code !== null && code === account.reason?.code
  const [message, action] = isSaid
    ? ['', '']
    : say.said({ code: code ?? '', message: said ?? '', action: advice })
  return html`<li>
    <div class="who">
      <strong>${title === undefined ? step.step : say(title)}</strong>
      ${message === '' ? null : html`<p class="small-print ${step.state === 'failed' ? 'warned' : 'muted'}">${message}</p>`}
      ${action === '' || step.state === 'done' ? null : html`<p class="small-print">${action}</p>`}
    </div>
    ${renderBadge({ tone, label: label === null ? step.state : say(label) })}
  </li>`
}
