import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/controls/button.ts'
import { crossIcon } from '../../elements/icons.ts'
import type { CardContext } from '../card-context.ts'
import type { FoundNumbers } from '../state/card-state.ts'
import type { NumbersDraft } from '../state/card-ui.ts'
import { allowedCount, matchesFilter, NUMBERS_LISTED } from '../state/number-list.ts'
import { LONGEST_NAME, mayName, nameOf } from '../state/sender-names.ts'
import { countryOf } from '../text/countries.ts'
import { renderPerson } from '../parts/person.ts'
import { withoutNumber } from './without-number.ts'

const FILTER = 'filter-numbers'
/** So many can be overlooked without a filter. */
const UNFILTERED = 8

/** The numbers of the draft, newly added ones first, each with its name and a button that removes it; `refused` is marked. */
export function renderNumberEntries(
  context: CardContext,
  draft: NumbersDraft,
  refused: unknown,
): TemplateResult {
  const { say, settings, ui } = context
  const filter = ui.typed[FILTER] ?? ''
  const { numbers, total } = matching(context, draft)
  const shown = numbers.slice(0, NUMBERS_LISTED)
  const more = total - shown.length
  const isLong = settings !== null && Math.max(allowedCount(settings), draft.numbers.length) > UNFILTERED
  const isSearched = draft.removed !== null && searchOf(context) !== null
  return html`${isLong ? renderFilter(context, filter, isSearched) : null}
    <ul class="entries" aria-label=${say('Allowed numbers')}>
      ${shown.map((number) => renderEntry(context, draft, number, number === refused))}
    </ul>
    ${
      mayRename(context)
        ? html`<p class="muted small-print">
            ${say('Names are labels for you and the assistant; the number decides.')}
          </p>`
        : null
    }
    ${
      isLong
        ? html`<p class="muted small-print" role="status">
            ${
              shown.length === 0
                ? say('No number matches.')
                : more > 0
                  ? say('and {count} more: type into the filter to find them', { count: more })
                  : null
            }
          </p>`
        : null
    }`
}

function renderFilter(
  { actions, say, set, ui }: CardContext,
  filter: string,
  isSearched: boolean,
): TemplateResult {
  const input = ({ currentTarget }: InputEvent & { currentTarget: HTMLInputElement }): void => {
    const { value } = currentTarget
    set({ typed: { ...ui.typed, [FILTER]: value } })
    if (isSearched) void actions.findNumbers(value.trim())
  }
  return html`<input
    id=${FILTER}
    part="input"
    type="search"
    autocomplete="off"
    maxlength="100"
    aria-label=${say('Filter the numbers')}
    placeholder=${say(isSearched ? 'Name or number' : 'Name, number or country')}
    .value=${filter}
    @input=${input}
  />`
}

/** What the filter leaves of the draft, and of what the daemon has found in a list that it did not send as a whole. */
function matching(context: CardContext, draft: NumbersDraft): { numbers: string[]; total: number } {
  const { locale, settings, ui } = context
  const { base, numbers, removed } = draft
  const filter = (ui.typed[FILTER] ?? '').trim()
  const known = new Set(base)
  const newcomers = numbers.filter((number) => !known.has(number)).toReversed()
  const all = [...newcomers, ...numbers.filter((number) => known.has(number))]
  const found = removed === null ? null : searchOf(context)
  const country = (number: string): string => (found === null ? countryOf(number, locale) : '')
  const isMatch = (number: string): boolean =>
    matchesFilter(filter, number, draft.names[number] ?? nameOf(settings, number), country)
  if (filter === '') {
    const unlisted = settings === null ? 0 : allowedCount(settings) - base.length - (removed ?? []).length
    return { numbers: all, total: all.length + Math.max(0, unlisted) }
  }
  const mine = all.filter(isMatch)
  const listed = new Set([...base, ...numbers, ...(removed ?? [])])
  const theirs = (found?.numbers ?? []).filter(
    (number) =>
      !listed.has(number) &&
      (found?.filter === filter || matchesFilter(filter, number, found?.names[number] ?? '', country)),
  )
  // The first numbers are in the answer, too.
  const unlisted = found?.filter === filter ? found.total - found.numbers.length : 0
  return { numbers: [...mine, ...theirs], total: mine.length + theirs.length + unlisted }
}

/** What the daemon has found for this account; `null` where it cannot search. */
function searchOf({ account, state: { found } }: CardContext): FoundNumbers | null {
  return found === null || found.isRefused || found.account !== account.account ? null : found
}

function mayRename({ account, can, isWritable, state }: CardContext): boolean {
  return isWritable && can('config.update') && mayName(state.config, account.account)
}

function renderEntry(
  context: CardContext,
  draft: NumbersDraft,
  number: string,
  isRefused: boolean,
): TemplateResult {
  const { isWritable, locale, say, set, settings, state } = context
  const name = draft.names[number] ?? (nameOf(settings, number) || (state.found?.names[number] ?? ''))
  const isNamed = number.startsWith('+') && mayRename(context)
  const rename = ({ currentTarget }: InputEvent & { currentTarget: HTMLInputElement }): void =>
    set({ draft: { ...draft, names: { ...draft.names, [number]: currentTarget.value } } })
  const remove = (): void => set({ draft: withoutNumber(draft, number), errors: {}, focus: '#new-number' })
  return html`<li class="chip ${isRefused ? 'bad' : ''}" part="chip">
    ${
      isNamed
        ? html`<div class="person">
            <input
              part="input"
              class="name-field"
              autocomplete="off"
              maxlength=${LONGEST_NAME}
              aria-label=${say('Name of {number}', { number })}
              placeholder=${say('Add a name')}
              .value=${name}
              @input=${rename}
            />
            <span class="muted">
              <bdi class="number">${number}</bdi> <bdi>${countryOf(number, locale)}</bdi>
            </span>
          </div>`
        : renderPerson(context, number, name)
    }
    ${isRefused ? html`<span class="visually-hidden">${say('(refused)')}</span>` : null}
    ${isWritable ? button(crossIcon, remove, { kind: 'icon', name: say('Remove {number}', { number }) }) : null}
  </li>`
}
