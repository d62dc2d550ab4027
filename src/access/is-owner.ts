import { isProven, provenNumber, type SenderIdentity } from '../messaging/identity.ts'
import { asSet } from './list-entries.ts'
import { mayWrite } from './may-write.ts'
import { idEntriesOf } from './numbers/id-entry.ts'
import type { AccountPolicy } from './policy.ts'

/** Whose commands are obeyed beyond those of everybody who may write. */
export interface OwnerPolicy extends AccountPolicy {
  /** `owners`: people as in `allowFrom`; empty for the account's own phone alone. */
  readonly commands: { readonly owners: readonly string[] }
}

interface OwnerPlace {
  /** The group's address, or `null` in a direct chat. */
  group?: string | null
  /** The account's own number in E.164; `null` while it is not known. */
  ownNumber?: string | null
}

/**
 * Whether this sender owns the account: its own phone, or somebody in `commands.owners` who may write there. Who may not write is
 * no owner, and neither is somebody whose identity is contradicted, unproven, or another one than when it was allowed.
 */
export function isOwner(
  policy: OwnerPolicy,
  sender: SenderIdentity,
  { group = null, ownNumber = null }: OwnerPlace = {},
): boolean {
  if (!isProven(sender)) return false
  const number = sender.changed === true ? null : provenNumber(sender)
  if (number !== null && number === ownNumber) return true
  const owners = asSet(policy.commands.owners)
  const isListed =
    (number !== null && owners.has(number)) || idEntriesOf(sender).some((entry) => owners.has(entry))
  return isListed && mayWrite(policy, group, sender).allowed
}
