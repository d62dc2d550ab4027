import { html } from '../html.ts'
import type { Template } from '../html.ts'
import type { CardContext } from './card-context.ts'
import { renderQuestion } from './confirm.ts'
import { failureText } from './note.ts'
import { renderSwitch } from './switch.ts'

type Field = HTMLInputElement | HTMLSelectElement

/** What a dashboard may set for the account, as far as this daemon has an effect to offer. Each change is saved at once. */
export function renderSettings(context: CardContext): Template | null {
  const { settings, say, isWritable, can, live } = context
  if (settings === null || !isWritable || !can('config.update')) return null
  const failure = live.failure('change')
  return html`<details part="settings">
    <summary>${say('Settings')}</summary>
    <div class="settings">
      ${failure === null ? null : html`<p class="field-error" role="alert">${failureText(say, failure)}</p>`}
      ${renderAgent(context)} ${renderAgentPerNumber(context)} ${renderSticky(context)}
      ${renderEmoji(context)} ${renderReceipts(context)} ${renderEverybody(context)}
    </div>
  </details>`
}

function isOffered({ state }: CardContext, key: string): boolean {
  return state.config?.editable.includes(key) === true
}

/** One labelled control; `change` gets what it holds now. */
function renderField(
  { disabled, actions }: CardContext,
  id: string,
  label: unknown,
  path: string[],
  toValue: (field: Field) => unknown,
  control: Template,
): Template {
  const change = ({ target }: Event): unknown => {
    const isField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement
    return isField && target.reportValidity() && actions.change(path, toValue(target))
  }
  return html`<fieldset class="field" ?disabled=${disabled} @change=${change}>
    <label for=${id}>${label}</label>
    ${control}
  </fieldset>`
}

function renderSelect(
  context: CardContext,
  id: string,
  chosen: string | null,
  first: Template | null,
): Template {
  const options = Object.keys(context.settings?.agents ?? {}).map(
    (agent) => html`<option value=${agent} ?selected=${agent === chosen}>${agent}</option>`,
  )
  return html`<select id=${id} part="input">
    ${first}${options}
  </select>`
}

function renderAgent(context: CardContext): Template | null {
  const { settings, say } = context
  if (settings === null || !isOffered(context, 'defaultAgent')) return null
  const control = renderSelect(context, 'default-agent', settings.defaultAgent, null)
  return renderField(
    context,
    'default-agent',
    say('Default agent'),
    ['defaultAgent'],
    ({ value }) => value,
    control,
  )
}

function renderAgentPerNumber(context: CardContext): Template | null {
  const { settings, say } = context
  const { senders, allowFrom = [] } = settings ?? {}
  if (senders === undefined || !isOffered(context, 'senders')) return null
  return html`<h3>${say('Agent per number')}</h3>
    ${allowFrom
      .filter((number) => number !== '*')
      .map((number) => {
        const id = `agent-${number}`
        const agent = senders[number]?.agent ?? null
        const label = html`<bdi class="number">${number}</bdi>`
        const standard = html`<option value="" ?selected=${agent === null}>${say('Default')}</option>`
        return renderField(
          context,
          id,
          label,
          ['senders', number, 'agent'],
          ({ value }) => (value === '' ? undefined : value),
          renderSelect(context, id, agent, standard),
        )
      })}`
}

function renderSticky(context: CardContext): Template | null {
  const { settings, say } = context
  if (settings?.stickyTtlMinutes === undefined || !isOffered(context, 'stickyTtlMinutes')) return null
  return renderField(
    context,
    'sticky',
    say('Minutes that a chosen agent stays with a conversation'),
    ['stickyTtlMinutes'],
    ({ value }) => Number(value),
    html`<input
      id="sticky"
      part="input"
      type="number"
      min="0"
      required
      .value=${String(settings.stickyTtlMinutes)}
    />`,
  )
}

function renderEmoji(context: CardContext): Template | null {
  const { settings, say } = context
  if (settings?.ackEmoji === undefined || !isOffered(context, 'ackReaction')) return null
  return renderField(
    context,
    'ack-emoji',
    say('Reaction that says “seen” (empty for none)'),
    ['ackReaction', 'emoji'],
    ({ value }) => value.trim(),
    html`<input id="ack-emoji" part="input" maxlength="32" autocomplete="off" .value=${settings.ackEmoji} />`,
  )
}

function renderReceipts(context: CardContext): Template | null {
  const { settings, say, actions, disabled } = context
  if (settings === null || !isOffered(context, 'sendReadReceipts')) return null
  const { sendReadReceipts: isOn } = settings
  const hint = say('Allowed people see that their message was read.')
  return renderSwitch('receipts', say('Read receipts'), hint, isOn, disabled, () =>
    actions.change(['sendReadReceipts'], !isOn),
  )
}

/** Letting everybody in is asked twice; letting in only the list again is not. */
function renderEverybody(context: CardContext): Template | null {
  const { settings, say, set, actions, disabled } = context
  if (settings === null || !isOffered(context, 'dmPolicy')) return null
  const isOpen = settings.dmPolicy === 'open'
  const question = {
    key: 'everybody',
    label: say('Allow everybody'),
    name: say('Allow everybody'),
    question: say('Everybody who writes to this number would get answers.'),
    yes: say('Yes, allow everybody'),
    run: () => actions.allowEverybody(true),
  }
  const toggle = (): unknown =>
    isOpen ? actions.allowEverybody(false) : set({ asking: question.key, focus: '#keep' })
  return html`${renderSwitch(
    `ask-${question.key}`,
    say('Allow everybody'),
    say('Answers whoever writes, not only the allowed numbers.'),
    isOpen,
    disabled,
    toggle,
  )}
  ${renderQuestion(context, question)}`
}
