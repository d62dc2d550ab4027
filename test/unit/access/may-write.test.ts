import fc from 'fast-check'
import { identity } from '../../support/identity.ts'
import { describe, expect, it } from 'vitest'
import { mayWriteDirectly } from '../../../src/access/may-write.ts'
import type { AccessPolicy, Verdict } from '../../../src/access/policy.ts'
import type { SenderIdentity } from '../../../src/messaging/identity.ts'

const ALICE = '+15555550101'
const allowlist = (...allowFrom: string[]): AccessPolicy => ({ dmPolicy: 'allowlist', allowFrom })
const sender = (phoneNumber: string | null, conflict = false): SenderIdentity =>
  identity(phoneNumber === null ? '15555550101@lid' : `${phoneNumber.slice(1)}@s.whatsapp.net`, phoneNumber, {
    conflict,
  })
const byId = (phoneNumber: string | null = null, lid = '77'): SenderIdentity =>
  identity(`${lid}@lid`, phoneNumber, { lid: { value: lid, proof: 'address' } })
const byBusinessId = (phoneNumber: string | null = null): SenderIdentity =>
  identity('bsuid:AT.98aZ', phoneNumber, {
    businessId: { value: 'AT.98aZ', proof: 'address' },
    parentId: { value: 'AT.ENT.7', proof: 'address' },
  })
const e164 = fc.stringMatching(/^\+[1-9]\d{6,14}$/)
const policy = fc.record<AccessPolicy>({
  dmPolicy: fc.constantFrom('allowlist', 'pairing', 'observe', 'open', 'disabled'),
  allowFrom: fc.array(e164, { maxLength: 5 }),
})

const verdictOn = (access: AccessPolicy, who: SenderIdentity): Verdict => mayWriteDirectly({ access }, who)

describe('who may write directly', () => {
  it.each<[string, AccessPolicy, SenderIdentity, Verdict]>([
    ['a listed number', allowlist(ALICE), sender(ALICE), { allowed: true }],
    ['another number', allowlist(ALICE), sender('+15555550102'), { allowed: false, reason: 'not_allowed' }],
    ['an empty list', allowlist(), sender(ALICE), { allowed: false, reason: 'not_allowed' }],
    [
      'a LID whose digits are listed',
      allowlist(ALICE),
      sender(null),
      { allowed: false, reason: 'lid_unresolved' },
    ],
    [
      'a contradiction',
      allowlist(ALICE),
      sender(ALICE, true),
      { allowed: false, reason: 'identity_conflict' },
    ],
    [
      'a listed number that is somebody else now',
      allowlist(ALICE),
      { ...sender(ALICE), changed: true },
      { allowed: false, reason: 'person_changed' },
    ],
    [
      'the same under open, where the number may have rights of its own',
      { dmPolicy: 'open', allowFrom: ['*', ALICE] },
      { ...sender(ALICE), changed: true },
      { allowed: false, reason: 'person_changed' },
    ],
    [
      'a contradiction under open',
      { dmPolicy: 'open', allowFrom: [] },
      sender(ALICE, true),
      { allowed: false, reason: 'identity_conflict' },
    ],
    ['an unresolved LID under open', { dmPolicy: 'open', allowFrom: [] }, sender(null), { allowed: true }],
    ['anybody under open', { dmPolicy: 'open', allowFrom: [] }, sender(ALICE), { allowed: true }],
    [
      'a listed number under disabled',
      { dmPolicy: 'disabled', allowFrom: [ALICE] },
      sender(ALICE),
      { allowed: false, reason: 'policy_disabled' },
    ],
    ['a listed id', allowlist('lid:77'), byId(), { allowed: true }],
    ['a listed id whose number has become known', allowlist('lid:77'), byId(ALICE), { allowed: true }],
    [
      'a listed id whose number was somebody else’s before: the id is the person',
      allowlist('lid:77', ALICE),
      { ...byId(ALICE), changed: true },
      { allowed: true },
    ],
    ['another id', allowlist('lid:78'), byId(), { allowed: false, reason: 'lid_unresolved' }],
    [
      'an id whose digits are those of a listed number',
      allowlist('+15555550177'),
      byId(null, '15555550177'),
      { allowed: false, reason: 'lid_unresolved' },
    ],
    [
      'a number whose digits are those of a listed id',
      allowlist('lid:15555550101'),
      sender(ALICE),
      { allowed: false, reason: 'not_allowed' },
    ],
    [
      'a listed id that claims a number which nothing proves yet',
      allowlist('lid:77'),
      { ...byId(), claim: { alternate: '1@s.whatsapp.net', phoneNumber: ALICE } },
      { allowed: false, reason: 'lid_unresolved' },
    ],
    [
      'a listed id with a contradiction',
      allowlist('lid:77'),
      { ...byId(), conflict: true },
      { allowed: false, reason: 'identity_conflict' },
    ],
    ['a listed id for a business', allowlist('bsuid:AT.98aZ'), byBusinessId(), { allowed: true }],
    [
      'the same with a number that was somebody else’s before',
      allowlist('bsuid:AT.98aZ', ALICE),
      { ...byBusinessId(ALICE), changed: true },
      { allowed: true },
    ],
    ['a listed number that came with such an id', allowlist(ALICE), byBusinessId(ALICE), { allowed: true }],
    ['a listed id for the company', allowlist('bsuid:AT.ENT.7'), byBusinessId(), { allowed: true }],
    [
      'another id for a business: nobody can say whose number it is',
      allowlist('bsuid:AT.98az', ALICE),
      byBusinessId(),
      { allowed: false, reason: 'not_allowed' },
    ],
    [
      'an id for a business with a contradiction',
      allowlist('bsuid:AT.98aZ'),
      { ...byBusinessId(), conflict: true },
      { allowed: false, reason: 'identity_conflict' },
    ],
    [
      'a listed number under pairing',
      { dmPolicy: 'pairing', allowFrom: [ALICE] },
      sender(ALICE),
      { allowed: true },
    ],
    [
      'somebody else under pairing',
      { dmPolicy: 'pairing', allowFrom: [] },
      sender(ALICE),
      { allowed: false, reason: 'not_allowed' },
    ],
    [
      'a listed number under observe',
      { dmPolicy: 'observe', allowFrom: [ALICE] },
      sender(ALICE),
      { allowed: true },
    ],
    [
      'somebody else under observe',
      { dmPolicy: 'observe', allowFrom: ['+15555550102'] },
      sender(ALICE),
      { allowed: false, reason: 'not_allowed' },
    ],
    [
      "Brazil's ninth digit",
      allowlist('+5511912345678'),
      sender('+551112345678'),
      { allowed: false, reason: 'not_allowed' },
    ],
    [
      "Mexico's 1",
      allowlist('+525512345678'),
      sender('+5215512345678'),
      { allowed: false, reason: 'not_allowed' },
    ],
  ])('%s', (_name, given, who, verdict) => {
    expect(verdictOn(given, who)).toEqual(verdict)
  })

  it('allows no mutation of a listed number', () => {
    const edit = fc.tuple(
      fc.nat(15),
      fc.constantFrom('insert', 'delete', 'replace', 'swap'),
      fc.constantFrom(...Array.from('0123456789+ *')),
    )
    fc.assert(
      fc.property(e164, fc.array(edit, { minLength: 1, maxLength: 3 }), (number, edits) => {
        const mutated = edits.reduce((text, [at, kind, character]) => {
          if (kind === 'insert') return text.slice(0, at) + character + text.slice(at)
          if (kind === 'delete') return text.slice(0, at) + text.slice(at + 1)
          if (kind === 'replace') return text.slice(0, at) + character + text.slice(at + 1)
          return text.slice(0, at) + text.slice(at + 1, at + 2) + text.slice(at, at + 1) + text.slice(at + 2)
        }, number)
        fc.pre(mutated !== number)
        expect(verdictOn(allowlist(number), sender(mutated)).allowed).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  it('allows nobody whom the policy does not name, whatever it is', () => {
    fc.assert(
      fc.property(policy, fc.option(e164), fc.boolean(), (given, number, conflict) => {
        const verdict = verdictOn(given, sender(number, conflict))
        const named = number !== null && given.allowFrom.includes(number)
        const expected = !conflict && given.dmPolicy !== 'disabled' && (given.dmPolicy === 'open' || named)
        expect(verdict.allowed).toBe(expected)
      }),
    )
  })
})
