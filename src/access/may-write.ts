import { type SenderIdentity, statedNumber } from '../messaging/identity.ts'
import { readsGroup, sendersIn } from './group-policy.ts'
import { asSet } from './list-entries.ts'
import { idEntriesOf } from './numbers/id-entry.ts'
import type { AccessPolicy, AccountPolicy, Verdict } from './policy.ts'

const ALLOWED: Verdict = { allowed: true }
const UNRESOLVED: Verdict = { allowed: false, reason: 'lid_unresolved' }
const NOT_ALLOWED: Verdict = { allowed: false, reason: 'not_allowed' }
const CONFLICT: Verdict = { allowed: false, reason: 'identity_conflict' }
const CHANGED: Verdict = { allowed: false, reason: 'person_changed' }
const DISABLED: Verdict = { allowed: false, reason: 'policy_disabled' }

type Sender = Pick<
  SenderIdentity,
  'phoneNumber' | 'lid' | 'businessId' | 'parentId' | 'claim' | 'conflict' | 'changed'
>

/**
 * Whether this sender may write to the assistant: in the group with this address, or directly (`null`). Asked when a message
 * arrives, when its turn starts, and when something is sent to them. Fails closed: contradicting identities are denied under every
 * policy, and so is a number that nothing proves yet. A listed number that belongs to another person
 * now is denied as well, under every policy, unless that person is listed by id. Numbers are compared digit by digit as WhatsApp reports
 * them. Whether somebody who may write is answered is another question (`is-observed.ts`).
 */
export function mayWrite(policy: AccountPolicy, group: string | null, sender: Sender): Verdict {
  return group === null ? mayWriteDirectly(policy, sender) : mayWriteInGroup(policy, group, sender)
}

/** A sender whose number is unknown is allowed only under `open`, or by id. */
export function mayWriteDirectly({ access }: Pick<AccountPolicy, 'access'>, sender: Sender): Verdict {
  if (access.dmPolicy === 'disabled') return DISABLED
  if (sender.conflict) return CONFLICT
  return access.dmPolicy === 'open' ? anybody(sender) : onList(access.allowFrom, access, sender)
}

/** The account's owner, in the chat with themself. */
export function mayWriteToSelf(policy: Pick<AccountPolicy, 'access'>, sender: Sender): Verdict {
  const { selfChat } = policy.access
  if (selfChat === false) return DISABLED
  if (selfChat === undefined) return mayWriteDirectly(policy, sender)
  return sender.conflict ? CONFLICT : anybody(sender)
}

/**
 * The group must be one that the config names, where it names any, and the sender one of its people; `groupPolicy: "open"` asks
 * no sender for a number where the group has no list of its own. `allowFrom` holds for senders where `groupAllowFrom` names none; its
 * `"*"` counts only for direct chats.
 */
function mayWriteInGroup(policy: AccountPolicy, group: string, sender: Sender): Verdict {
  const { access, groupAccess } = policy
  if (groupAccess.groupPolicy === 'disabled') return DISABLED
  if (!readsGroup(groupAccess, group)) return NOT_ALLOWED
  if (sender.conflict) return CONFLICT
  const people = sendersIn(policy, group)
  if (people === null) return anybody(sender)
  return people.length === 0 ? NOT_ALLOWED : onList(people, access, sender)
}

function onList(list: readonly string[], { unconfirmed }: AccessPolicy, sender: Sender): Verdict {
  const { businessId, claim } = sender
  // The id is the person, also where their number was somebody else's before.
  if (idEntriesOf(sender).some((entry) => asSet(list).has(entry))) return anybody({ claim })
  const number = statedNumber(sender)
  // Whose LID it is can be found out. Behind the id for a business WhatsApp shows no number to anybody who asks.
  if (number === null) return businessId === undefined ? UNRESOLVED : NOT_ALLOWED
  if (asSet(list).has(number)) return anybody(sender)
  return unconfirmed?.has(number) === true ? UNRESOLVED : NOT_ALLOWED
}

/** A number that the config names stands for the person it was written for, also where everybody else may write. */
function anybody({ claim, changed }: Pick<Sender, 'claim' | 'changed'>): Verdict {
  if (changed === true) return CHANGED
  return claim === undefined ? ALLOWED : UNRESOLVED
}
