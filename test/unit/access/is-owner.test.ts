import { describe, expect, it } from 'vitest'
import { isOwner, type OwnerPolicy } from '../../../src/access/is-owner.ts'
import { withRegisteredNumbers } from '../../../src/access/numbers/with-registered-numbers.ts'
import type { SenderIdentity } from '../../../src/messaging/identity.ts'
import { identity } from '../../support/identity.ts'

const OWN = '+15555550100'
const ALICE = '+15555550101'
const BOB = '+15555550102'
const BRAZIL = '+5511987654321'
const OTHER_BRAZIL = '+551187654321'
const GROUP = '120363000000000001@g.us'

const policy = (owners: string[], more: Partial<OwnerPolicy> = {}): OwnerPolicy => ({
  access: { dmPolicy: 'allowlist', allowFrom: [ALICE] },
  groupAccess: { groupPolicy: 'allowlist', groupAllowFrom: [BOB], groups: {} },
  commands: { owners },
  ...more,
})
const person = (number: string | null, more: Partial<SenderIdentity> = {}): SenderIdentity =>
  identity('1@lid', number, more)

describe('who owns the account', () => {
  it.each<[string, OwnerPolicy, SenderIdentity, string | null, boolean]>([
    ["the account's own phone", policy([]), person(OWN), null, true],
    ['the own phone, whoever is on the list', policy([ALICE]), person(OWN), null, true],
    ['somebody allowed who is on the list', policy([ALICE]), person(ALICE), null, true],
    ['somebody allowed who is not on it', policy([]), person(ALICE), null, false],
    ['somebody on the list who may not write directly', policy([BOB]), person(BOB), null, false],
    ['the same in a group where they may', policy([BOB]), person(BOB), GROUP, true],
    [
      'an owner of direct chats in a group where they may not write',
      policy([ALICE]),
      person(ALICE),
      GROUP,
      false,
    ],
    ['nobody without a number', policy([ALICE]), person(null), null, false],
    [
      'somebody by their id for the business',
      policy(['bsuid:AT.1'], { access: { dmPolicy: 'allowlist', allowFrom: ['bsuid:AT.1'] } }),
      person(null, { businessId: { value: 'AT.1', proof: 'address' } }),
      null,
      true,
    ],
    [
      'the owner of another id',
      policy(['bsuid:AT.1'], { access: { dmPolicy: 'open', allowFrom: ['*'] } }),
      person(null, { businessId: { value: 'AT.2', proof: 'address' } }),
      null,
      false,
    ],
    ['a contradiction', policy([ALICE]), person(ALICE, { conflict: true }), null, false],
    ['a contradiction about the own number', policy([]), person(OWN, { conflict: true }), null, false],
    ['a number that is another person now', policy([ALICE]), person(ALICE, { changed: true }), null, false],
    [
      'a number that the message claims alone',
      policy([ALICE]),
      person(null, { claim: { alternate: '2@lid', phoneNumber: ALICE } }),
      null,
      false,
    ],
    [
      'everybody may write, and is no owner for that',
      policy([], { access: { dmPolicy: 'open', allowFrom: ['*'] } }),
      person(ALICE),
      null,
      false,
    ],
    [
      'nobody may write directly',
      policy([ALICE], { access: { dmPolicy: 'disabled', allowFrom: [ALICE] } }),
      person(ALICE),
      null,
      false,
    ],
  ])('%s', (_name, given, who, group, expected) => {
    expect(isOwner(given, who, { group, ownNumber: OWN })).toBe(expected)
  })

  it('without the own number, nobody has it', () => {
    expect(isOwner(policy([]), person(OWN))).toBe(false)
  })

  it('an owner counts in the form in which WhatsApp knows the number, and allows nobody else', () => {
    const written = {
      ...policy([BRAZIL], { access: { dmPolicy: 'allowlist', allowFrom: [ALICE, OTHER_BRAZIL] } }),
      senders: {},
    }
    const asked = { version: 1, of: () => ({ isAsked: true as const, registered: OTHER_BRAZIL }) }
    expect(isOwner(withRegisteredNumbers(() => written, asked)(), person(OTHER_BRAZIL))).toBe(true)
    const unasked = withRegisteredNumbers(() => ({ ...written, access: policy([]).access }), {
      version: 0,
      of: () => ({ isAsked: false }),
    })()
    expect(isOwner(unasked, person(OTHER_BRAZIL))).toBe(false)
    expect(unasked.access.unconfirmed).toBeUndefined()
  })
})
