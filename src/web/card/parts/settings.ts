import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { AccountConfigView } from '../../../protocol/config/config-view.ts'
import { allowedCount } from '../state/number-list.ts'
import type { CardContext } from '../card-context.ts'
import { renderQuestion } from '../../elements/confirm.ts'
import { failureText } from '../../elements/note.ts'
import { renderSwitch } from '../../elements/switch.ts'
import { renderSettingForm, renderSelect, settingFields } from './setting-fields.ts'

/** More would fill the page. */
const NUMBERS_SHOWN = 100

/** The settings that this daemon lets a dashboard edit. Each change is saved immediately. */
export function renderSettings(context: CardContext): TemplateResult | null {
  const { settings, state, say, isWritable, can, live } = context
  if (settings === null || !isWritable || !can('config.update')) return null
  const failure = failureText(say, live.failure('change'))
  const editable = state.config?.editable ?? []
  const fields = (isAgent: boolean): TemplateResult[] =>
    settingFields(context, settings, ({ kind }) => (kind === 'agent') === isAgent)
  return html`<details part="settings">
    <summary>${say('Settings')}</summary>
    <div class="settings">
      <p class="field-error" role="alert" ?hidden=${failure === ''}>${failure}</p>
      ${fields(true)} ${editable.includes('senders') ? renderAgentPerNumber(context, settings) : null}
      ${fields(false)} ${editable.includes('dmPolicy') ? renderEverybody(context, settings) : null}
    </div>
  </details>`
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
      return renderSettingForm(
        context,
        ['senders', number, 'agent'],
        html`<bdi class="number">${number}</bdi>`,
        (id) => renderSelect(id, Object.keys(agents), chosen, standard),
        (text) => text || undefined,
      )
    })}
    ${more > 0 ? html`<p class="muted small-print">${say('and {count} more', { count: more })}</p>` : null}`
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
