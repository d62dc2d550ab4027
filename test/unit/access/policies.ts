import { mayWrite } from '../../../src/access/may-write.ts'
import type { AccessPolicy, AccountPolicy, GroupPolicy } from '../../../src/access/policy.ts'
import type { AccountConfig } from '../../../src/config/model.ts'
import type { SenderIdentity } from '../../../src/messaging/identity.ts'
import { identity } from '../../support/identity.ts'

// Every kind of policy, sender and group about which the questions of this room are asked.

export const ALICE = '+15550000001'
const BOB = '+15550000002'
export const KNOWN = '+15550000003'
/** Named as an owner, and on no other list. */
const OWNER = '+15550000004'
export const STRANGER = '+15550000009'
/** A number that WhatsApp may know in another form. */
export const BRAZIL = '+5511987654321'
export const OTHER_BRAZIL = '+551187654321'
/** Somebody whose number WhatsApp hides, as a list names them. */
export const BY_ID = 'lid:77'
export const HOME = '120363000000000001@g.us'
export const WORK = '120363000000000002@g.us'
export const UNNAMED = '120363000000000003@g.us'

export type Policy = AccountPolicy & Pick<AccountConfig, 'senders' | 'commands'>

const DIRECT: AccessPolicy[] = [
  ...[[], [ALICE], [ALICE, BRAZIL]].flatMap((allowFrom) => [
    { dmPolicy: 'allowlist' as const, allowFrom },
    { dmPolicy: 'disabled' as const, allowFrom },
    { dmPolicy: 'open' as const, allowFrom: ['*', ...allowFrom] },
  ]),
  { dmPolicy: 'allowlist', allowFrom: [ALICE], unconfirmed: new Set([BOB]) },
]
const UNREADABLE = [
  {},
  { unreadable: { entries: true, rules: false } },
  { unreadable: { entries: false, rules: true } },
  { unreadable: { entries: true, rules: true } },
]
const RULES: GroupPolicy['groups'][] = [
  {},
  { '*': {} },
  { '*': { requireMention: false } },
  { [WORK]: {} },
  { [WORK]: { requireMention: false }, '*': { requireMention: true } },
  { [WORK]: { enabled: false } },
  { '*': { enabled: false }, [WORK]: { enabled: true } },
  { '*': {}, [HOME]: { enabled: false }, [WORK]: { allowFrom: [KNOWN, BRAZIL] } },
  { '*': { allowFrom: [BOB] }, [WORK]: { allowFrom: [] } },
]
const GROUPS: GroupPolicy[] = (['allowlist', 'open', 'disabled'] as const).flatMap((groupPolicy) =>
  [null, [], [BOB], [HOME], [HOME, BOB]].flatMap((groupAllowFrom) =>
    RULES.flatMap((groups) =>
      UNREADABLE.map((unreadable) => ({ groupPolicy, groupAllowFrom, groups, ...unreadable })),
    ),
  ),
)
/** Everybody who is on a list by id, who may ask, whom the assistant only hears, and the owner in the chat with themself. */
const OTHER_DIRECT: AccessPolicy[] = [
  { dmPolicy: 'pairing', allowFrom: [] },
  { dmPolicy: 'pairing', allowFrom: [ALICE] },
  { dmPolicy: 'observe', allowFrom: [] },
  { dmPolicy: 'observe', allowFrom: [ALICE, BY_ID] },
  { dmPolicy: 'observe', allowFrom: [ALICE], selfChat: true },
  { dmPolicy: 'allowlist', allowFrom: [BY_ID] },
  { dmPolicy: 'allowlist', allowFrom: [], selfChat: true },
  { dmPolicy: 'disabled', allowFrom: [ALICE], selfChat: true },
  { dmPolicy: 'open', allowFrom: ['*'], selfChat: false },
]
const OTHER_GROUPS: GroupPolicy[] = (['allowlist', 'observe'] as const).flatMap((groupPolicy) =>
  [null, [], [BOB], [BY_ID], [HOME, BY_ID]].flatMap((groupAllowFrom) =>
    [{}, { [WORK]: { allowFrom: [BY_ID] } }, { '*': { allowFrom: [BOB] } }].map((groups) => ({
      groupPolicy,
      groupAllowFrom,
      groups,
    })),
  ),
)
export const POLICIES: Policy[] = [
  ...DIRECT.flatMap((access) => GROUPS.map((groupAccess) => ({ access, groupAccess }))),
  ...[...OTHER_DIRECT, ...DIRECT.slice(0, 3)].flatMap((access) =>
    OTHER_GROUPS.map((groupAccess) => ({ access, groupAccess })),
  ),
].map((policy) => ({
  ...policy,
  senders: { [KNOWN]: { agent: null, name: 'Kim' } },
  commands: { enabled: true, owners: [OWNER] },
}))

export const NUMBERS = [ALICE, BOB, KNOWN, OWNER, STRANGER, BRAZIL, OTHER_BRAZIL]
const SOMEBODY_BY_ID = identity('77@lid', null, { lid: { value: '77', proof: 'address' } })
const PEOPLE: SenderIdentity[] = [...NUMBERS.map((number) => identity('1@lid', number)), SOMEBODY_BY_ID]
export const SENDERS: SenderIdentity[] = [
  SOMEBODY_BY_ID,
  // Their number has become known since, and may have been somebody else's.
  { ...SOMEBODY_BY_ID, ...identity('77@lid', STRANGER), changed: true },
  { ...SOMEBODY_BY_ID, conflict: true },
  { ...SOMEBODY_BY_ID, claim: { alternate: '2@lid', phoneNumber: ALICE } },
  ...[...NUMBERS, null].flatMap((phoneNumber) => [
    identity('1@lid', phoneNumber),
    identity('1@lid', phoneNumber, { conflict: true }),
    identity('1@lid', phoneNumber, { claim: { alternate: '2@lid', phoneNumber: ALICE } }),
  ]),
]
/** `null`: a direct chat. */
export const PLACES = [null, HOME, WORK, UNNAMED]

export function writes(policy: AccountPolicy, place: string | null, phoneNumber: string | null): boolean {
  return mayWrite(policy, place, identity('1@lid', phoneNumber)).allowed
}

/** Whether anybody may. */
export function mayWriteIn(policy: AccountPolicy, place: string): boolean {
  return PEOPLE.some((person) => mayWrite(policy, place, person).allowed)
}

/** Where somebody may write, as `mayWrite` has it. */
export function openPlaces(policy: AccountPolicy): (string | null)[] {
  return PLACES.filter((place) => PEOPLE.some((person) => mayWrite(policy, place, person).allowed))
}

/** The senders of one group alone. */
export function ownList(
  { groupAccess: { groups } }: AccountPolicy,
  group: string,
): readonly string[] | undefined {
  return groups[group]?.allowFrom ?? groups['*']?.allowFrom
}
