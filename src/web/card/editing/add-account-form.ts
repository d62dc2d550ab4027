import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/controls/button.ts'
import { renderFieldForm } from '../../elements/controls/field-form.ts'
import { failureText } from '../../elements/note.ts'
import type { CardContext } from '../card-context.ts'

/** Asks for the name of the new account, creates it and chooses it, so that it can be linked. `field` is the id of the input. */
export function renderAddAccountForm(context: CardContext, field: string): TemplateResult {
  const { say, set, ui, live, disabled, state, actions } = context
  const failure = live.failure('create')
  const submit = async (): Promise<void> => {
    const name = (ui.typed[field] ?? '').trim()
    const id = newAccountId(name, Object.keys(state.accounts))
    if (name === '') set({ errors: { [field]: say('Enter a name.') }, focus: `#${field}` })
    else if (await actions.create(id, name)) set({ addingAccount: false, selected: id, typed: {} })
  }
  return html`${renderFieldForm(context, {
      id: field,
      label: say('Name of the new account'),
      hint: null,
      submitLabel: say('Create'),
      error: ui.errors[field] ?? failureText(say, failure),
      isBusy: disabled,
      submit,
    })}
    <div class="actions">
      ${button(say('Cancel'), () => set({ addingAccount: false, focus: '#add-account' }), { kind: 'quiet' })}
    </div>`
}

/** An id for an account of this name that none of `taken` has: letters and digits of the name, else `account`. */
export function newAccountId(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
  const base = plain === '' ? 'account' : plain
  let id = base
  for (let number = 2; taken.includes(id); number++) id = `${base}-${number}`
  return id
}
