import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { AccountConfigView } from '../../../protocol/config-view.ts'
import { allowedCount } from '../state/number-list.ts'
import type { CardContext } from '../card-context.ts'
import { renderQuestion } from '../../elements/confirm.ts'
import { failureText } from '../../elements/note.ts'
import { renderSwitch } from '../../elements/switch.ts'

/** More would fill the page. */
const NUMBERS_SHOWN = 100

/** The control of each setting, by its key, in the order in which they are shown. A new setting is an entry here. */
const CONTROLS: Readonly<
  Record<string, (context: CardContext, settings: AccountConfigView) => TemplateResult | null>
> = {
  defaultAgent: renderDefaultAgent,
  senders: renderAgentPerNumber,
  stickyTtlMinutes: renderStickyMinutes,
  ackReaction: renderAckReaction,
  sendReadReceipts: renderReceipts,
  dmPolicy: renderEverybody,
}

/** The settings that this daemon lets a dashboard edit. Each change is saved immediately. */
export function renderSettings(context: CardContext): TemplateResult | null {
  const { settings, state, say, isWritable, can, live } = context
  if (settings === null || !isWritable || !can('config.update')) return null
  const failure = failureText(say, live.failure('change'))
  const editable = state.config?.editable ?? []
  return html`<details part="settings">
    <summary>${say('Settings')}</summary>
    <div class="settings">
      <p class="field-error" role="alert" ?hidden=${failure === ''}>${failure}</p>
      ${Object.entries(CONTROLS).map(([key, render]) => (editable.includes(key) ? render(context, settings) : null))}
    </div>
  </details>`
}

function renderDefaultAgent(
  context: CardContext,
  { agents, defaultAgent }: AccountConfigView,
): TemplateResult {
  return renderField(context, ['defaultAgent'], context.say('Default agent'), (id) =>
    renderSelect(id, Object.keys(agents), defaultAgent),
  )
}

function renderStickyMinutes(
  context: CardContext,
  { stickyTtlMinutes: minutes }: AccountConfigView,
): TemplateResult | null {
  if (minutes === undefined) return null
  return renderField(
    context,
    ['stickyTtlMinutes'],
    context.say('Minutes that a chosen agent stays active'),
    (id) => html`<input id=${id} part="input" type="number" min="0" required value=${minutes} />`,
    Number,
  )
}

function renderAckReaction(context: CardContext, { ackEmoji }: AccountConfigView): TemplateResult | null {
  if (ackEmoji === undefined) return null
  return renderField(
    context,
    ['ackReaction', 'emoji'],
    context.say('Reaction that says “seen” (empty for none)'),
    (id) => html`<input id=${id} part="input" maxlength="32" autocomplete="off" value=${ackEmoji} />`,
  )
}

/** One labelled control for the key at `path`, which is also its id. A value of `undefined` removes the key. */
function renderField(
  { disabled, actions }: CardContext,
  path: string[],
  label: unknown,
  control: (id: string) => TemplateResult,
  toValue: (text: string) => unknown = (text) => text.trim(),
): TemplateResult {
  const id = path.join('-')
  const change = async ({ target }: Event): Promise<void> => {
    // The form has one control.
    const field = target as HTMLInputElement | HTMLSelectElement
    const { form } = field
    if (!field.reportValidity()) return
    await actions.change(path, toValue(field.value))
    // Shows the value in force, also after a failure.
    form?.reset()
  }
  return html`<form @change=${change} @submit=${(event: Event) => event.preventDefault()}>
    <fieldset class="field" ?disabled=${disabled}>
      <label for=${id}>${label}</label>
      ${control(id)}
    </fieldset>
  </form>`
}

function renderSelect(
  id: string,
  agents: string[],
  chosen: string | null,
  first?: TemplateResult,
): TemplateResult {
  return html`<select id=${id} part="input">
    ${first}${agents.map(
      (agent) => html`<option value=${agent} ?selected=${agent === chosen}>${agent}</option>`,
    )}
  </select>`
}

function renderAgentPerNumber(context: CardContext, settings: AccountConfigView): TemplateResult | null {
  const { say } = context
  const { senders, allowFrom, agents } = settings
  if (senders === undefined) return null
  const numbers = allowFrom.filter((number) => number !== '*')
  const more = allowedCount(settings) - NUMBERS_SHOWN
  return html`<h3>${say('Agent per number')}</h3>
    ${numbers.slice(0, NUMBERS_SHOWN).map((number) => {
      const chosen = senders[number]?.agent ?? null
      const standard = html`<option value="" ?selected=${chosen === null}>${say('Default')}</option>`
      return renderField(
        context,
        ['senders', number, 'agent'],
        html`<bdi class="number">${number}</bdi>`,
        (id) => renderSelect(id, Object.keys(agents), chosen, standard),
        (text) => text || undefined,
      )
    })}
    ${more > 0 ? html`<p class="muted small-print">${say('and {count} more', { count: more })}</p>` : null}`
}

function renderReceipts(
  { say, actions, disabled }: CardContext,
  { sendReadReceipts: isOn }: AccountConfigView,
): TemplateResult {
  const hint = say('Allowed people see that their message was read.')
  return renderSwitch('receipts', say('Read receipts'), hint, isOn, disabled, () =>
    actions.change(['sendReadReceipts'], !isOn),
  )
}

/** Allowing everybody needs a confirmation; going back to the list needs none. */
function renderEverybody(context: CardContext, { dmPolicy }: AccountConfigView): TemplateResult {
  const { say, set, actions, disabled } = context
  const isOpen = dmPolicy === 'open'
  const label = say('Allow everybody')
  const question = {
    key: 'everybody',
    label,
    name: label,
    question: say('Everybody who writes to this number would get answers.'),
    yes: say('Yes, allow everybody'),
    run: () => actions.allowEverybody(true),
  }
  const toggle = (): unknown =>
    isOpen ? actions.allowEverybody(false) : set({ asking: question.key, focus: '#keep' })
  const hint = say('The assistant answers everybody who writes, not only the allowed numbers.')
  return html`${renderSwitch(`ask-${question.key}`, label, hint, isOpen, disabled, toggle)}
  ${renderQuestion(context, question)}`
}
