import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/button.ts'
import type { CardContext } from '../card-context.ts'
import { renderFieldForm } from '../../elements/field-form.ts'
import { plusIcon } from '../../elements/icons.ts'
import { failureText } from '../../elements/note.ts'

const FIELD = 'account-name'

/** "Connect another account": asks for a name, creates the account and chooses it, so that it can be linked. */
export function renderAddAccount(context: CardContext): TemplateResult | null {
  const { say, set, ui, can, live, disabled, state, actions } = context
  if (!can('accounts.create') || state.config?.configWrites === false) return null
  if (!ui.addingAccount) {
    const open = (): void => {
      live.clearFailure()
      set({ addingAccount: true, focus: `#${FIELD}` })
    }
    return html`<section>
      ${button(html`${plusIcon} ${say('Connect another account')}`, open, { disabled, id: 'add-account' })}
    </section>`
  }
  const failure = live.failure('create')
  const submit = async (): Promise<void> => {
    const name = (ui.typed[FIELD] ?? '').trim()
    const id = newAccountId(name, Object.keys(state.accounts))
    if (name === '') set({ errors: { [FIELD]: say('Enter a name.') }, focus: `#${FIELD}` })
    else if (await actions.create(id, name)) set({ addingAccount: false, selected: id, typed: {} })
  }
  return html`<section>
    ${renderFieldForm(context, {
      id: FIELD,
      label: say('Name of the new account'),
      hint: null,
      submitLabel: say('Create'),
      error: ui.errors[FIELD] ?? failureText(say, failure),
      isBusy: disabled,
      submit,
    })}
    <div class="actions">
      ${button(say('Cancel'), () => set({ addingAccount: false, focus: '#add-account' }), { kind: 'quiet' })}
    </div>
  </section>`
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
