import type { AccountConfigView } from '../../../protocol/config-view.ts'

/** More than this many numbers are not drawn, and not sent as a whole. */
export const LONGEST_WHOLE_LIST = 500

type Settings = Pick<AccountConfigView, 'allowFrom' | 'allowFromTotal' | 'allowFromComplete'>

/** How many numbers are allowed, also those that the daemon has not told. */
export function allowedCount({ allowFrom, allowFromTotal }: Settings): number {
  return allowFromTotal ?? allowFrom.length
}

/** Whether the list is edited number by number, because it is not known or not drawn as a whole. */
export function isLongList(settings: Settings): boolean {
  return settings.allowFromComplete === false || allowedCount(settings) > LONGEST_WHOLE_LIST
}
