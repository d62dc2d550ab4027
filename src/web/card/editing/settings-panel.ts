import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { AccountConfigView } from '../../../protocol/config/config-view.ts'
import type { CardContext } from '../card-context.ts'
import { renderQuestion } from '../../elements/controls/confirm.ts'
import { failureText } from '../../elements/note.ts'
import { renderSwitch } from '../../elements/controls/switch.ts'
import { renderAgentPerNumber } from './agent-per-number.ts'
import { settingFields } from './setting-fields.ts'

/** A field for each setting that this daemon lets a dashboard edit. Each change is saved immediately. */
export function renderSettingsPanel(context: CardContext, settings: AccountConfigView): TemplateResult {
  const { state, say, live } = context
  const failure = failureText(say, live.failure('change'))
  const editable = state.config?.editable ?? []
  const fields = (isAgent: boolean): TemplateResult[] =>
    settingFields(context, settings, ({ kind }) => (kind === 'agent') === isAgent)
  return html`<p class="field-error" role="alert" ?hidden=${failure === ''}>${failure}</p>
    ${fields(true)} ${editable.includes('senders') ? renderAgentPerNumber(context, settings) : null}
    ${fields(false)} ${editable.includes('dmPolicy') ? renderEverybody(context, settings) : null}`
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
