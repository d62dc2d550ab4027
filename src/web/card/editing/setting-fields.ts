import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { AccountConfigView } from '../../../protocol/config/config-view.ts'
import type { SettingField } from '../../../protocol/config/setting-field.ts'
import { onKey } from '../../elements/keyboard/on-key.ts'
import { renderSwitch } from '../../elements/controls/switch.ts'
import type { CardContext } from '../card-context.ts'

/** What daemons offered before they declared it, and where their answer has the value. */
const FIELDS_OF_OLDER_DAEMONS: readonly (SettingField & {
  valueOf(settings: AccountConfigView): unknown
})[] = [
  {
    path: ['defaultAgent'],
    kind: 'agent',
    label: 'Default agent',
    valueOf: ({ defaultAgent }) => defaultAgent,
  },
  {
    path: ['stickyTtlMinutes'],
    kind: 'number',
    label: 'Minutes that a chosen agent stays active',
    minimum: 0,
    valueOf: ({ stickyTtlMinutes }) => stickyTtlMinutes,
  },
  {
    path: ['ackReaction', 'emoji'],
    kind: 'text',
    label: 'Reaction that says “seen” (empty for none)',
    maximumLength: 64,
    valueOf: ({ ackEmoji }) => ackEmoji,
  },
  {
    path: ['sendReadReceipts'],
    kind: 'switch',
    label: 'Read receipts',
    hint: 'Allowed people see that their message was read.',
    valueOf: ({ sendReadReceipts }) => sendReadReceipts,
  },
]

interface FieldInput {
  context: CardContext
  settings: AccountConfigView
  field: SettingField
  value: unknown
}

/** As in the view of an account; a newer daemon may name other capabilities. */
interface CapableAccount {
  capabilities?: Readonly<Record<string, unknown>> | null | undefined
}

/** A kind that is not here is one of a newer daemon: its field is left out. */
const KINDS: Readonly<Record<string, (input: FieldInput) => TemplateResult>> = {
  switch: renderSwitchField,
  number: renderNumberField,
  text: renderTextField,
  agent: renderAgentField,
  choice: renderChoiceField,
}

/** The fields for which `isWanted` holds, of those that the daemon declares; where it declares none, of those that this card knows. */
export function settingFields(
  context: CardContext,
  settings: AccountConfigView,
  isWanted: (field: SettingField) => boolean,
): TemplateResult[] {
  const { config } = context.state
  const known = FIELDS_OF_OLDER_DAEMONS.filter(({ path: [key = ''] }) => config?.editable.includes(key))
  const fields: { field: SettingField; value: unknown }[] =
    config?.fields === undefined
      ? known.map((field) => ({ field, value: field.valueOf(settings) }))
      : config.fields.map((field) => ({ field, value: settings.values?.[field.path.join('.')] }))
  return fields.flatMap(({ field, value }) => {
    const render = Object.hasOwn(KINDS, field.kind) ? KINDS[field.kind] : undefined
    const isDrawn =
      render !== undefined && value !== undefined && isWanted(field) && hasEffect(context.account, field)
    return isDrawn ? [render({ context, settings, field, value })] : []
  })
}

/** Whether the account can do what the setting is about; one that does not say so is taken to. */
export function hasEffect({ capabilities }: CapableAccount, { needs }: SettingField): boolean {
  return needs === undefined || capabilities?.[needs] !== false
}

function renderSwitchField({ context, field, value }: FieldInput): TemplateResult {
  const { say, actions, disabled } = context
  const isOn = value === true
  const hint = field.hint === undefined ? '' : say.declared(field.hint)
  return renderSwitch(idOf(field), say.declared(field.label), hint, isOn, disabled, () =>
    actions.change(field.path, !isOn),
  )
}

function renderNumberField({ context, field, value }: FieldInput): TemplateResult {
  return renderKeyForm(
    context,
    field,
    (id) =>
      html`<input
        id=${id}
        part="input"
        type="number"
        min=${field.minimum ?? ''}
        max=${field.maximum ?? ''}
        required
        value=${String(value)}
      />`,
    Number,
  )
}

function renderTextField({ context, field, value }: FieldInput): TemplateResult {
  return renderKeyForm(
    context,
    field,
    (id) =>
      html`<input
        id=${id}
        part="input"
        maxlength=${field.maximumLength ?? 500}
        autocomplete="off"
        value=${String(value)}
      />`,
  )
}

function renderAgentField({ context, settings, field, value }: FieldInput): TemplateResult {
  return renderKeyForm(context, field, (id) => renderSelect(id, Object.keys(settings.agents), String(value)))
}

function renderChoiceField({ context, field, value }: FieldInput): TemplateResult {
  const { options = [], labels } = field
  return renderKeyForm(context, field, (id) => renderSelect(id, options, String(value), { labels }))
}

export interface SettingForm {
  /** Unique in the card; the id of the control. */
  id: string
  label: unknown
  control(id: string): TemplateResult
  /** Sends the control's text. */
  save(text: string): Promise<unknown>
}

/** One labelled control; what is chosen in it is saved immediately. */
export function renderSettingForm(
  { disabled }: CardContext,
  { id, label, control, save }: SettingForm,
): TemplateResult {
  const change = async ({ target }: Event): Promise<void> => {
    // There is one control here.
    const field = target as HTMLInputElement | HTMLSelectElement
    if (!field.reportValidity() || (field instanceof HTMLInputElement && field.value === field.defaultValue))
      return
    await save(field.value)
    showValueInForce(field)
  }
  // Not every browser sees a change in Enter where there is no form, and sandboxed frames may have none.
  const enter = onKey('Enter', (event) => event.target instanceof HTMLInputElement && change(event))
  return html`<fieldset class="field" @change=${change} @keydown=${enter} ?disabled=${disabled}>
    <label for=${id}>${label}</label>
    ${control(id)}
  </fieldset>`
}

/** In the place of what was entered, also after a failure. */
function showValueInForce(field: HTMLInputElement | HTMLSelectElement): void {
  if (field instanceof HTMLInputElement) field.value = field.defaultValue
  else
    field.selectedIndex = Math.max(
      0,
      [...field.options].findIndex(({ defaultSelected }) => defaultSelected),
    )
}

/** The same for the key that a field is about. */
function renderKeyForm(
  context: CardContext,
  field: SettingField,
  control: (id: string) => TemplateResult,
  toValue: (text: string) => unknown = (text) => text.trim(),
): TemplateResult {
  return renderSettingForm(context, {
    id: idOf(field),
    label: context.say.declared(field.label),
    control,
    save: (text) => context.actions.change(field.path, toValue(text)),
  })
}

export function renderSelect(
  id: string,
  options: readonly string[],
  chosen: string | null,
  {
    first,
    labels = {},
  }: { first?: TemplateResult; labels?: Readonly<Record<string, string>> | undefined } = {},
): TemplateResult {
  return html`<select id=${id} part="input">
    ${first}${options.map(
      (option) =>
        html`<option value=${option} ?selected=${option === chosen}>
          ${Object.hasOwn(labels, option) ? labels[option] : option}
        </option>`,
    )}
  </select>`
}

function idOf({ path }: SettingField): string {
  return path.join('-')
}
