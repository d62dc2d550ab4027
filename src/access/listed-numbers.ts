import { numbersOf } from './list-entries.ts'
import type { OwnerPolicy } from './is-owner.ts'

const NO_ENTRIES: readonly string[] = []

/**
 * Every number that the account's config names, in whatever list, whether or not its policies let anybody write now; one may come
 * several times. A person is allowed anew by leaving these lists and coming back, not by a policy that is switched off and on.
 */
export function* listedNumbers({
  access,
  groupAccess,
  senders,
  commands,
}: OwnerPolicy & { readonly senders: Readonly<Record<string, unknown>> }): Generator<
  string,
  void,
  undefined
> {
  yield* numbersOf(access.allowFrom)
  yield* numbersOf(groupAccess.groupAllowFrom ?? NO_ENTRIES)
  for (const { allowFrom = NO_ENTRIES } of Object.values(groupAccess.groups)) yield* numbersOf(allowFrom)
  yield* numbersOf(Object.keys(senders))
  // Where everybody may write, an owner need be on no other list.
  yield* numbersOf(commands.owners)
}
