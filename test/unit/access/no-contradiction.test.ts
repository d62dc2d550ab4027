import { describe, expect, it } from 'vitest'
import { groupSenders, readsGroup } from '../../../src/access/group-policy.ts'
import { keepsOwnerWords } from '../../../src/access/keeps-owner-words.ts'
import { mayAnybodyWrite, mayAnybodyWriteDirectly } from '../../../src/access/may-anybody-write.ts'
import { isForUs, mayBeAnswered } from '../../../src/access/may-be-answered.ts'
import { isOwner } from '../../../src/access/is-owner.ts'
import { mayWrite } from '../../../src/access/may-write.ts'
import { listedNumbers } from '../../../src/access/listed-numbers.ts'
import { namedNumbers } from '../../../src/access/named-numbers.ts'
import { withRegisteredNumbers } from '../../../src/access/numbers/with-registered-numbers.ts'
import type { AccessPolicy, AccountPolicy, GroupPolicy } from '../../../src/access/policy.ts'
import { wideningEffects } from '../../../src/access/widening.ts'
import { linkRefusal } from '../../../src/accounts/life/link-refusal.ts'
import type { AccountConfig } from '../../../src/config/model.ts'
import { blockedSenders } from '../../../src/control/views/recently-blocked.ts'
import type { SenderIdentity } from '../../../src/messaging/identity.ts'
import { identity } from '../../support/identity.ts'

// Who may talk was decided in seven places that disagreed: with direct messages switched off and a number on the list, one refused
// the sender, another one hid them from those who were refused, and a third let the account be linked. Every question is asked here
// about every policy, sender and group, and its answer is compared with what `mayWrite` says of single messages.

const ALICE = '+15550000001'
const BOB = '+15550000002'
const KNOWN = '+15550000003'
const STRANGER = '+15550000009'
/** A number that WhatsApp may know in another form. */
const BRAZIL = '+5511987654321'
const OTHER_BRAZIL = '+551187654321'
const HOME = '120363000000000001@g.us'
const WORK = '120363000000000002@g.us'
const UNNAMED = '120363000000000003@g.us'

type Policy = AccountPolicy & Pick<AccountConfig, 'senders'>

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
const POLICIES: Policy[] = DIRECT.flatMap((access) =>
  GROUPS.map((groupAccess) => ({ access, groupAccess, senders: { [KNOWN]: { agent: null, name: 'Kim' } } })),
)

const NUMBERS = [ALICE, BOB, KNOWN, STRANGER, BRAZIL, OTHER_BRAZIL]
const SENDERS: SenderIdentity[] = [...NUMBERS, null].flatMap((phoneNumber) => [
  identity('1@lid', phoneNumber),
  identity('1@lid', phoneNumber, { conflict: true }),
  identity('1@lid', phoneNumber, { claim: { alternate: '2@lid', phoneNumber: ALICE } }),
])
/** `null`: a direct chat. */
const PLACES = [null, HOME, WORK, UNNAMED]

function writes(policy: AccountPolicy, place: string | null, phoneNumber: string | null): boolean {
  return mayWrite(policy, place, identity('1@lid', phoneNumber)).allowed
}

/** Whether anybody may. */
function mayWriteIn(policy: AccountPolicy, place: string): boolean {
  return NUMBERS.some((number) => writes(policy, place, number))
}

/** Where somebody may write, as `mayWrite` has it. */
function openPlaces(policy: AccountPolicy): (string | null)[] {
  return PLACES.filter((place) => NUMBERS.some((number) => writes(policy, place, number)))
}

/** The senders of one group alone. */
function ownList({ groupAccess: { groups } }: AccountPolicy, group: string): readonly string[] | undefined {
  return groups[group]?.allowFrom ?? groups['*']?.allowFrom
}

/** What this room asks of a config. */
function configOf(policy: Policy): AccountConfig {
  return { id: 'home', enabled: true, ...policy } as AccountConfig
}

/** Expects `answers` to give the same twice for every policy. */
function expectAgreement(answers: (policy: Policy) => [asked: unknown, derived: unknown]): void {
  for (const policy of POLICIES) {
    const [asked, derived] = answers(policy)
    if (JSON.stringify(asked) !== JSON.stringify(derived))
      expect({ policy, asked }).toEqual({ policy, asked: derived })
  }
}

describe('about every policy, sender and group', () => {
  it('nobody writes without a proof of who they are', () => {
    const unproven = SENDERS.filter(({ conflict, claim }) => conflict || claim !== undefined)
    expectAgreement((policy) => [
      PLACES.some((place) => unproven.some((sender) => mayWrite(policy, place, sender).allowed)),
      false,
    ])
  })

  it('who may be answered may write, and is answered when the message is for the assistant', () => {
    const asked = PLACES.flatMap((group) => [true, false].map((mentionsUs) => ({ group, mentionsUs })))
    expectAgreement((policy) => [
      asked.map((each) => SENDERS.map((sender) => mayBeAnswered(policy, each, sender))),
      asked.map((each) =>
        SENDERS.map((sender) => isForUs(policy, each) && mayWrite(policy, each.group, sender).allowed),
      ),
    ])
    const always = asked.filter(({ group, mentionsUs }) => group === null || mentionsUs)
    expectAgreement((policy) => [always.every((each) => isForUs(policy, each)), true])
  })

  it('owners are the own phone, and those of the list who may write there', () => {
    const commands = { owners: [ALICE, KNOWN, BRAZIL] }
    expectAgreement((policy) => [
      PLACES.map((group) =>
        SENDERS.map((sender) => isOwner({ ...policy, commands }, sender, { group, ownNumber: STRANGER })),
      ),
      PLACES.map((group) =>
        SENDERS.map((sender) => {
          const number = sender.conflict || sender.claim !== undefined ? undefined : sender.phoneNumber?.value
          if (number === undefined) return false
          return (
            number === STRANGER ||
            (commands.owners.includes(number) && mayWrite(policy, group, sender).allowed)
          )
        }),
      ),
    ])
  })

  it("the owner's own words are kept where the other side may write, and in the groups where somebody may write", () => {
    expectAgreement((policy) => [
      [
        [null, ...SENDERS].map((to) => keepsOwnerWords(policy, { to })),
        [HOME, WORK, UNNAMED].map((group) => keepsOwnerWords(policy, { group })),
      ],
      [
        [false, ...SENDERS.map((to) => mayWrite(policy, null, to).allowed)],
        [HOME, WORK, UNNAMED].map((group) => mayWriteIn(policy, group)),
      ],
    ])
  })

  it('nothing of a group is read that is switched off, or is not named where some are', () => {
    expectAgreement(({ groupAccess }) => {
      const { groups, groupPolicy, groupAllowFrom, unreadable } = groupAccess
      const listed = groupAllowFrom?.filter((entry) => entry.endsWith('@g.us')) ?? []
      const isList = listed.length > 0 || unreadable?.entries === true
      const isNamed = isList || unreadable?.rules === true || Object.keys(groups).length > 0
      return [
        [HOME, WORK, UNNAMED].map((group) => readsGroup(groupAccess, group)),
        [HOME, WORK, UNNAMED].map(
          (group) =>
            groupPolicy !== 'disabled' &&
            (groups[group]?.enabled ?? groups['*']?.enabled) !== false &&
            (!isNamed || listed.includes(group) || group in groups || (!isList && '*' in groups)),
        ),
      ]
    })
  })

  it('in groups, those of an allowlist write, and everybody under open, where the group is read; a list of the group counts instead', () => {
    expectAgreement((policy) => [
      [HOME, WORK, UNNAMED].map((group) => NUMBERS.map((number) => writes(policy, group, number))),
      [HOME, WORK, UNNAMED].map((group) =>
        NUMBERS.map(
          (number) =>
            readsGroup(policy.groupAccess, group) &&
            (ownList(policy, group)?.includes(number) ??
              (policy.groupAccess.groupPolicy === 'open' || groupSenders(policy).includes(number))),
        ),
      ),
    ])
  })

  it('an account is of use where somebody may write, and is refused a link exactly where nobody may', () => {
    expectAgreement((policy) => [
      [
        mayAnybodyWrite(policy),
        mayAnybodyWriteDirectly(policy),
        linkRefusal(configOf(policy), false, null)?.code ?? 'linked',
      ],
      [
        openPlaces(policy).length > 0,
        openPlaces(policy).includes(null),
        openPlaces(policy).length > 0 ? 'linked' : 'allowlist_empty',
      ],
    ])
  })

  it('a sender is shown as blocked exactly where they may not write directly', () => {
    const blocked = [...NUMBERS, null].map((phoneNumber) => ({ account: 'home', phoneNumber, name: null }))
    // What the view asks of the events and of the config.
    const events = { latest: () => blocked } as unknown as Parameters<typeof blockedSenders>[0]
    expectAgreement((policy) => {
      const config = { accounts: { home: configOf(policy) } } as unknown as Parameters<
        typeof blockedSenders
      >[1]
      return [
        blockedSenders(events, config, {}).map(({ phoneNumber }) => phoneNumber),
        [...NUMBERS, null].filter((number) => !writes(policy, null, number)),
      ]
    })
  })

  it('WhatsApp is asked about the people whom the config names and who may write somewhere', () => {
    expectAgreement((policy) => {
      const { access, groupAccess, senders } = policy
      const inConfig = [
        ...access.allowFrom,
        ...(groupAccess.groupAllowFrom ?? []),
        ...Object.keys(senders),
        ...Object.values(groupAccess.groups).flatMap(({ allowFrom = [] }) => allowFrom),
      ]
      const named = [...namedNumbers(policy)]
      return [
        [NUMBERS.filter((number) => named.includes(number)), named.every((entry) => NUMBERS.includes(entry))],
        [
          NUMBERS.filter(
            (number) => inConfig.includes(number) && PLACES.some((place) => writes(policy, place, number)),
          ),
          true,
        ],
      ]
    })
  })

  it('whether a number is listed does not depend on who may write now', () => {
    expectAgreement((policy) => {
      const { access, groupAccess, senders } = policy
      const inConfig = [
        ...access.allowFrom,
        ...(groupAccess.groupAllowFrom ?? []),
        ...Object.keys(senders),
        ...Object.values(groupAccess.groups).flatMap(({ allowFrom = [] }) => allowFrom),
      ]
      const listed = [...listedNumbers(policy)]
      return [
        [
          NUMBERS.filter((number) => listed.includes(number)),
          listed.every((entry) => NUMBERS.includes(entry)),
        ],
        [NUMBERS.filter((number) => inConfig.includes(number)), true],
      ]
    })
  })

  it('another form of a number may write where the config allows the number, once WhatsApp has said that it knows this one', () => {
    for (const registered of [null, BRAZIL, OTHER_BRAZIL]) {
      const forms = {
        version: 0,
        of: (number: string) =>
          number === BRAZIL ? { isAsked: true as const, registered } : { isAsked: false as const },
      }
      expectAgreement((policy) => {
        const known = withRegisteredNumbers(() => policy, forms)()
        return [
          PLACES.map((place) => NUMBERS.map((number) => writes(known, place, number))),
          PLACES.map((place) =>
            NUMBERS.map(
              (number) =>
                writes(policy, place, number) ||
                (number === OTHER_BRAZIL && registered === OTHER_BRAZIL && writes(policy, place, BRAZIL)),
            ),
          ),
        ]
      })
    }
  })
})

describe('from a policy to another', () => {
  it('a person is asked before strangers may write where they could not, and before nobody may write any more', () => {
    const some = POLICIES.filter(
      ({ access, groupAccess }) => !access.allowFrom.includes(BRAZIL) && groupAccess.unreadable === undefined,
    ).map((policy) => ({
      policy,
      strangers: PLACES.filter((place) => writes(policy, place, STRANGER)),
      isOpen: openPlaces(policy).length > 0,
      isOpenDirectly: openPlaces(policy).includes(null),
    }))
    for (const before of some) {
      for (const after of some) {
        const isNew = (place: string | null): boolean =>
          after.strangers.includes(place) && !before.strangers.includes(place)
        const isFirstGroup = before.strangers.every((place) => place === null)
        const expected = [
          ...(isNew(null) ? ['everybodyDirectly'] : []),
          // Where strangers write in some groups already, a person who names one more has said so.
          ...(isNew(UNNAMED) || (isFirstGroup && [HOME, WORK].some(isNew)) ? ['everybodyInGroups'] : []),
          ...(before.isOpen && !after.isOpen ? ['nobody'] : []),
          ...(after.isOpen && before.isOpenDirectly && !after.isOpenDirectly ? ['nobodyDirectly'] : []),
        ]
        const effects = wideningEffects(before.policy, after.policy)
        if (effects.join() !== expected.join())
          expect({ before, after, effects }).toEqual({ before, after, effects: expected })
      }
    }
  })
})
