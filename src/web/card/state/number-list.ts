import type { AccountConfigView } from '../../../protocol/config/config-view.ts'
import type { NumbersDraft } from './card-ui.ts'

/** More than this many numbers are not drawn, and not sent as a whole. */
const LONGEST_WHOLE_LIST = 500

/** So many numbers are drawn at once; a filter finds the others. */
export const NUMBERS_LISTED = 50

type Settings = Pick<AccountConfigView, 'allowFrom' | 'allowFromTotal' | 'allowFromComplete'>

/** How many numbers are allowed, those included that the daemon did not send. */
export function allowedCount({ allowFrom, allowFromTotal }: Settings): number {
  return allowFromTotal ?? allowFrom.length
}

/** Whether the list is edited number by number, because it is not known or not drawn as a whole. */
export function isLongList(settings: Settings): boolean {
  return settings.allowFromComplete === false || allowedCount(settings) > LONGEST_WHOLE_LIST
}

/** The draft at the start of an edit. */
export function startDraft(account: string, settings: Settings, revision: string | undefined): NumbersDraft {
  const isLong = isLongList(settings)
  const numbers = isLong ? settings.allowFrom.slice(0, LONGEST_WHOLE_LIST) : settings.allowFrom
  return {
    account,
    base: numbers,
    numbers,
    revision,
    isMerged: false,
    removed: isLong ? [] : null,
    names: {},
  }
}

/** A three-way merge: `theirs` with the additions and removals that led from `base` to `mine`. */
export function mergeNumbers(
  base: readonly string[],
  mine: readonly string[],
  theirs: readonly string[],
): string[] {
  const kept = theirs.filter((number) => mine.includes(number) || !base.includes(number))
  const added = mine.filter((number) => !base.includes(number) && !theirs.includes(number))
  return [...kept, ...added]
}

/** Whether what a person types into the filter is a part of the number, its name or its country. Numbers may be typed with spaces. */
export function matchesFilter(
  filter: string,
  number: string,
  name: string,
  country: (number: string) => string,
): boolean {
  const wanted = filter.trim().toLowerCase()
  const digits = wanted.replaceAll(/[\s()./-]/g, '').replace(/^00/, '+')
  const isIn = (text: string): boolean => text.toLowerCase().includes(wanted)
  return (digits !== '' && number.includes(digits)) || isIn(name) || isIn(country(number))
}
