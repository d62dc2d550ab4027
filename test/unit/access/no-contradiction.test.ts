import { describe, expect, it } from 'vitest'
import { groupSenders, readsGroup } from '../../../src/access/group-policy.ts'
import { keepsOwnerWords } from '../../../src/access/keeps-owner-words.ts'
import { mayAnybodyWrite, mayAnybodyWriteDirectly } from '../../../src/access/may-anybody-write.ts'
import { isForUs, mayBeAnswered } from '../../../src/access/may-be-answered.ts'
import { isObserved } from '../../../src/access/is-observed.ts'
import { isOwner } from '../../../src/access/is-owner.ts'
import { maySend } from '../../../src/access/may-send.ts'
import { mayWrite, mayWriteToSelf } from '../../../src/access/may-write.ts'
import { listedNumbers } from '../../../src/access/listed-numbers.ts'
import { namedPeople } from '../../../src/access/named-people.ts'
import { withRegisteredNumbers } from '../../../src/access/numbers/with-registered-numbers.ts'
import { wideningEffects } from '../../../src/access/widening.ts'
import { linkRefusal } from '../../../src/accounts/life/link-refusal.ts'
import type { AccountConfig } from '../../../src/config/model.ts'
import { blockedSenders } from '../../../src/control/views/recently-blocked.ts'
import { identity } from '../../support/identity.ts'
import {
  ALICE,
  BRAZIL,
  BY_ID,
  HOME,
  KNOWN,
  NUMBERS,
  OTHER_BRAZIL,
  PLACES,
  POLICIES,
  SENDERS,
  STRANGER,
  UNNAMED,
  WORK,
  mayWriteIn,
  openPlaces,
  ownList,
  writes,
  type Policy,
} from './policies.ts'

// Who may talk was decided in seven places that disagreed: with direct messages switched off and a number on the list, one refused
// the sender, another one hid them from those who were refused, and a third let the account be linked. Every question is asked here
// about every policy, sender and group, and its answer is compared with what `mayWrite` says of single messages.

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

  it('who may be sent to might write; the assistant by itself writes to nobody who is only observed', () => {
    expectAgreement((policy) => [
      SENDERS.map((other) =>
        (['owner', 'assistant'] as const).map((author) =>
          maySend(policy, { kind: 'direct', address: '', other }, author),
        ),
      ),
      SENDERS.map((other) => {
        const { allowed } = mayWrite(policy, null, other)
        return [allowed, allowed && !isObserved(policy, { kind: 'direct' })]
      }),
    ])
    expectAgreement((policy) => [
      PLACES.map(
        (group) => group !== null && maySend(policy, { kind: 'group', address: group, other: null }, 'owner'),
      ),
      PLACES.map((group) => group !== null && readsGroup(policy.groupAccess, group)),
    ])
  })

  it('who may be answered may write, and is answered when the message is for the assistant', () => {
    const asked = PLACES.flatMap((group) => [true, false].map((mentionsUs) => ({ group, mentionsUs })))
    expectAgreement((policy) => [
      asked.map((each) => SENDERS.map((sender) => mayBeAnswered(policy, each, sender))),
      asked.map((each) =>
        SENDERS.map(
          (sender) =>
            isForUs(policy, each) &&
            mayWrite(policy, each.group, sender).allowed &&
            !isObserved(policy, { kind: each.group === null ? 'direct' : 'group' }),
        ),
      ),
    ])
    const always = asked.filter(({ group, mentionsUs }) => group === null || mentionsUs)
    expectAgreement((policy) => [always.every((each) => isForUs(policy, each)), true])
  })

  it('owners are the own phone, and those of the list, by number or id, who may write there', () => {
    const commands = { owners: [ALICE, KNOWN, BRAZIL, BY_ID] }
    expectAgreement((policy) => [
      PLACES.map((group) =>
        SENDERS.map((sender) => isOwner({ ...policy, commands }, sender, { group, ownNumber: STRANGER })),
      ),
      PLACES.map((group) =>
        SENDERS.map((sender) => {
          if (sender.conflict || sender.claim !== undefined) return false
          const number = sender.changed ? undefined : sender.phoneNumber?.value
          const entries = [number, sender.lid && `lid:${sender.lid.value}`]
          return (
            number === STRANGER ||
            (commands.owners.some((owner) => entries.includes(owner)) &&
              mayWrite(policy, group, sender).allowed)
          )
        }),
      ),
    ])
  })

  it('nobody is answered who is only observed, and whoever may write there is taken in nevertheless', () => {
    const direct = { group: null, mentionsUs: true }
    expectAgreement((policy) => {
      const { access, groupAccess } = policy
      return [
        [null, HOME].map((group) =>
          [...SENDERS].some((sender) => mayBeAnswered(policy, { group, mentionsUs: true }, sender)),
        ),
        [
          access.dmPolicy !== 'observe' && SENDERS.some((sender) => mayWrite(policy, null, sender).allowed),
          groupAccess.groupPolicy !== 'observe' &&
            SENDERS.some((sender) => mayWrite(policy, HOME, sender).allowed),
        ],
      ]
    })
    expect(
      mayBeAnswered(
        {
          access: { dmPolicy: 'observe', allowFrom: [ALICE] },
          groupAccess: { groupPolicy: 'allowlist', groupAllowFrom: null, groups: {} },
        },
        direct,
        identity('1@lid', ALICE),
      ),
    ).toBe(false)
  })

  it('the owner is answered in the chat with themself: always, never, or as the list says', () => {
    const owner = identity('1@lid', ALICE)
    const asked = { group: null, mentionsUs: false, isSelf: true }
    expectAgreement((policy) => {
      const { dmPolicy, selfChat } = policy.access
      const byList = mayWrite(policy, null, owner).allowed
      return [
        [mayWriteToSelf(policy, owner).allowed, mayBeAnswered(policy, asked, owner)],
        [selfChat ?? byList, selfChat ?? (byList && dmPolicy !== 'observe')],
      ]
    })
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

  it('an account is of use where somebody may write, and is refused a link exactly where nobody may, or may ask to', () => {
    expectAgreement((policy) => [
      [
        mayAnybodyWrite(policy),
        mayAnybodyWriteDirectly(policy),
        linkRefusal(configOf(policy), false, null, { linking: ['qr'] })?.code ?? 'linked',
      ],
      [
        openPlaces(policy).length > 0 || policy.access.selfChat === true,
        openPlaces(policy).includes(null),
        openPlaces(policy).length > 0 ||
        policy.access.selfChat === true ||
        policy.access.dmPolicy === 'pairing'
          ? 'linked'
          : 'allowlist_empty',
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
      const { access, groupAccess, senders, commands } = policy
      const inConfig = [
        ...access.allowFrom,
        ...(groupAccess.groupAllowFrom ?? []),
        ...Object.keys(senders),
        ...commands.owners,
        ...Object.values(groupAccess.groups).flatMap(({ allowFrom = [] }) => allowFrom),
      ]
      const named = [...namedPeople(policy)]
      return [
        [
          NUMBERS.filter((number) => named.includes(number)),
          named.every((entry) => [...NUMBERS, BY_ID].includes(entry)),
        ],
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
      const { access, groupAccess, senders, commands } = policy
      const inConfig = [
        ...access.allowFrom,
        ...(groupAccess.groupAllowFrom ?? []),
        ...Object.keys(senders),
        ...commands.owners,
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
      ({ access, groupAccess }) =>
        !access.allowFrom.includes(BRAZIL) &&
        groupAccess.unreadable === undefined &&
        access.selfChat === undefined,
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
