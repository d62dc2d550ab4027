import { describe, expect, it } from 'vitest'
import { identity } from '../../support/identity.ts'
import { groupRule } from '../../../src/access/group-policy.ts'
import { mayWrite } from '../../../src/access/may-write.ts'
import { withRegisteredNumbers } from '../../../src/access/numbers/with-registered-numbers.ts'
import type { AccessPolicy, GroupPolicy } from '../../../src/access/policy.ts'

const ALICE = '+15550000002'
const BOB = '+15550000003'
const HOME = '120363000000000001@g.us'
const WORK = '120363000000000002@g.us'

function judge(
  policy: Partial<GroupPolicy>,
  more: {
    dmPolicy?: 'disabled'
    allowFrom?: string[]
    group?: string
    phoneNumber?: string | null
    conflict?: boolean
    changed?: true
  } = {},
): string {
  const direct: AccessPolicy = {
    dmPolicy: more.dmPolicy ?? 'allowlist',
    allowFrom: more.allowFrom ?? [ALICE],
  }
  const groupAccess: GroupPolicy = { groupPolicy: 'allowlist', groupAllowFrom: null, groups: {}, ...policy }
  const verdict = mayWrite(
    { access: direct, groupAccess },
    more.group ?? HOME,
    identity('1@lid', more.phoneNumber === undefined ? ALICE : more.phoneNumber, {
      conflict: more.conflict ?? false,
      lid: { value: '1', proof: 'address' },
      ...(more.changed && { changed: more.changed }),
    }),
  )
  return verdict.allowed ? 'allowed' : verdict.reason
}

describe('who may talk in a group', () => {
  it.each([
    ['without a list of its own, allowFrom holds', {}, {}, 'allowed'],
    ['somebody who is not in allowFrom', {}, { phoneNumber: BOB }, 'not_allowed'],
    ['nobody is in allowFrom', {}, { allowFrom: [] }, 'not_allowed'],
    ['the wildcard of direct chats lets nobody in', {}, { allowFrom: ['*'] }, 'not_allowed'],
    ['a number in groupAllowFrom', { groupAllowFrom: [BOB] }, { phoneNumber: BOB }, 'allowed'],
    ['groupAllowFrom replaces allowFrom', { groupAllowFrom: [BOB] }, {}, 'not_allowed'],
    ['an empty groupAllowFrom', { groupAllowFrom: [] }, {}, 'not_allowed'],
    ['a group in groupAllowFrom: allowFrom holds for senders', { groupAllowFrom: [HOME] }, {}, 'allowed'],
    ['the same, a stranger', { groupAllowFrom: [HOME] }, { phoneNumber: BOB }, 'not_allowed'],
    ['another group than that', { groupAllowFrom: [HOME] }, { group: WORK }, 'not_allowed'],
    ['both kinds of entries', { groupAllowFrom: [HOME, BOB] }, { phoneNumber: BOB }, 'allowed'],
    [
      'both kinds, another group',
      { groupAllowFrom: [HOME, BOB] },
      { phoneNumber: BOB, group: WORK },
      'not_allowed',
    ],
    ['a group with a rule', { groups: { [HOME]: {} } }, {}, 'allowed'],
    ['a group without one', { groups: { [HOME]: {} } }, { group: WORK }, 'not_allowed'],
    ['a rule for all groups', { groups: { '*': {} } }, { group: WORK }, 'allowed'],
    [
      'a rule for all widens no list',
      { groups: { '*': {} }, groupAllowFrom: [HOME] },
      { group: WORK },
      'not_allowed',
    ],
    ['open: anybody', { groupPolicy: 'open' }, { phoneNumber: BOB }, 'allowed'],
    ['open: a LID alone', { groupPolicy: 'open' }, { phoneNumber: null }, 'allowed'],
    [
      'open: in the named groups only',
      { groupPolicy: 'open', groupAllowFrom: [HOME] },
      { group: WORK },
      'not_allowed',
    ],
    [
      'open: a named number that is somebody else now',
      { groupPolicy: 'open' },
      { changed: true },
      'person_changed',
    ],
    ['open: a contradiction', { groupPolicy: 'open' }, { conflict: true }, 'identity_conflict'],
    ['disabled', { groupPolicy: 'disabled' }, {}, 'policy_disabled'],
    ['direct messages off: allowFrom allows nobody in groups', {}, { dmPolicy: 'disabled' }, 'not_allowed'],
    ['the same, in a group that is named', { groups: { [HOME]: {} } }, { dmPolicy: 'disabled' }, 'allowed'],
    ['the same, in a listed group', { groupAllowFrom: [HOME] }, { dmPolicy: 'disabled' }, 'allowed'],
    ['the same, all groups named', { groups: { '*': {} } }, { dmPolicy: 'disabled' }, 'allowed'],
    ['the same, listed for groups', { groupAllowFrom: [ALICE] }, { dmPolicy: 'disabled' }, 'allowed'],
    ['a LID alone', {}, { phoneNumber: null }, 'lid_unresolved'],
    ['a LID alone where nobody is allowed', { groupAllowFrom: [] }, { phoneNumber: null }, 'not_allowed'],
    ['observe: a number in allowFrom', { groupPolicy: 'observe' }, {}, 'allowed'],
    ['observe: somebody else', { groupPolicy: 'observe' }, { phoneNumber: BOB }, 'not_allowed'],
    ['an id in allowFrom', {}, { allowFrom: ['lid:1'], phoneNumber: null }, 'allowed'],
    ['an id in groupAllowFrom', { groupAllowFrom: ['lid:1'] }, { phoneNumber: null }, 'allowed'],
    [
      'an id in the list of the group',
      { groups: { [HOME]: { allowFrom: ['lid:1'] } } },
      { phoneNumber: null },
      'allowed',
    ],
    [
      'an id is a sender, and no group',
      { groupAllowFrom: ['lid:2'] },
      { group: WORK, phoneNumber: null },
      'lid_unresolved',
    ],
    ['a contradiction', {}, { conflict: true }, 'identity_conflict'],
  ] as const)('%s', (_name, policy, more, expected) => {
    expect(judge(policy as Partial<GroupPolicy>, more as Parameters<typeof judge>[1])).toBe(expected)
  })

  it('holds another form of a number that a list of the group names until WhatsApp has said whose it is', () => {
    const policy = {
      access: { dmPolicy: 'allowlist', allowFrom: [] } as AccessPolicy,
      groupAccess: {
        groupPolicy: 'allowlist',
        groupAllowFrom: null,
        groups: { [HOME]: { allowFrom: ['+5511987654321'] } },
      } as GroupPolicy,
      senders: {},
    }
    const known = withRegisteredNumbers(() => policy, { version: 0, of: () => ({ isAsked: false }) })()
    expect(mayWrite(known, HOME, identity('1@lid', '+551187654321'))).toMatchObject({
      reason: 'lid_unresolved',
    })
    expect(mayWrite(known, HOME, identity('1@lid', '+5511987654321'))).toEqual({ allowed: true })
  })

  it('needs a mention unless the group, or all of them, say otherwise', () => {
    const policy = (groups: GroupPolicy['groups']): GroupPolicy => ({
      groupPolicy: 'allowlist',
      groupAllowFrom: null,
      groups,
    })
    expect(groupRule(policy({}), HOME)).toMatchObject({ requireMention: true, agent: null })
    const ruled = policy({ '*': { requireMention: false, agent: 'a' }, [HOME]: { agent: 'b' } })
    expect(groupRule(ruled, HOME)).toMatchObject({ requireMention: false, agent: 'b' })
    expect(groupRule(ruled, WORK)).toMatchObject({ requireMention: false, agent: 'a' })
    expect(
      groupRule(policy({ [HOME]: { requireMention: true }, '*': { requireMention: false } }), HOME),
    ).toMatchObject({
      requireMention: true,
      agent: null,
    })
  })
})
