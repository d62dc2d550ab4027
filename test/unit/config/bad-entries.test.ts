import fc from 'fast-check'
import { identity } from '../../support/identity.ts'
import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { mayWrite } from '../../../src/access/may-write.ts'
import { ConfigError } from '../../../src/config/problems/config-error.ts'
import type { Config } from '../../../src/config/model.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'

/**
 * One bad number refused the whole file: a slip in a list of forty kept everybody else's change out of force. Now it is a problem of
 * its entry; and it must not turn a list that names somebody into one that names nobody, which would let in others.
 */

const ALICE = '+15555550101'
const BOB = '+15555550102'
const CAROL = '+15555550103'
const HOME = '120363000000000001@g.us'
const WORK = '120363000000000002@g.us'
const PEOPLE = [ALICE, BOB, CAROL, '+15555550109']
const GROUPS = [HOME, WORK, '120363000000000009@g.us']

/** What no entry can be: a slip in a number, a slip in an address, and what may be meant as either. */
const BAD_NUMBERS = [
  '+1 555',
  '12',
  '+999 555 0100',
  '1555555O101',
  `${ALICE}99999999`,
  '1555555O101@s.whatsapp.net',
]
const BAD_GROUPS = ['1203630000000000x1@g.us', 'home@g.us', '@g.us']
const BAD_ANYTHING: readonly unknown[] = [
  '',
  'alice',
  'The family',
  'a@b.example',
  '120363000000000001',
  null,
  {},
  true,
  [ALICE],
]

const BAD_ENTRIES = [...BAD_NUMBERS, ...BAD_GROUPS, ...BAD_ANYTHING]

interface Settings {
  dmPolicy?: string
  allowFrom?: unknown[]
  groupPolicy?: string
  groupAllowFrom?: unknown[]
  groups?: Record<string, unknown>
  senders?: Record<string, unknown>
  accounts?: Record<string, Settings>
}

const resolve = (settings: object, daemon: object = {}): Config =>
  resolveConfig(JSON.stringify({ channels: { whatsapp: settings }, whatsappd: daemon }), {
    directory: '/etc/sandbox',
    env: {},
    connectors: CONNECTORS,
  })

/** Every account × person × place where they are answered; nothing where the file is refused as a whole. */
function allowedIn(settings: Settings): Set<string> | null {
  let config: Config
  try {
    config = resolve(settings)
  } catch (error) {
    if (error instanceof ConfigError) return null
    throw error
  }
  const found = new Set<string>()
  for (const { id, access, groupAccess } of Object.values(config.accounts)) {
    for (const phoneNumber of PEOPLE) {
      const sender = identity('1@lid', phoneNumber)
      if (mayWrite({ access, groupAccess }, null, sender).allowed) found.add(`${id} ${phoneNumber}`)
      for (const group of GROUPS) {
        if (mayWrite({ access, groupAccess }, group, sender).allowed)
          found.add(`${id} ${phoneNumber} ${group}`)
      }
    }
  }
  return found
}

const person = fc.constantFrom(ALICE, BOB, CAROL)
const group = fc.constantFrom(HOME, WORK)
const policy = fc.constantFrom('allowlist', 'open', 'disabled')
const rule = fc.constantFrom({}, { requireMention: false }, { agent: 'echo' })
const own = fc.record(
  {
    dmPolicy: policy,
    allowFrom: fc.array(fc.oneof(person, fc.constant('*')), { maxLength: 4 }),
    groupPolicy: policy,
    groupAllowFrom: fc.array(fc.oneof(person, group, fc.constant('*')), { maxLength: 4 }),
    groups: fc.dictionary(fc.oneof(group, fc.constant('*')), rule, { maxKeys: 3 }),
    senders: fc.dictionary(person, fc.constant({ name: 'A' }), { maxKeys: 2 }),
  },
  { requiredKeys: [] },
)
const settings = fc.record(
  { root: own, accounts: fc.option(fc.record({ one: own, two: own }), { nil: undefined }) },
  { requiredKeys: ['root'] },
)

/** The same settings with one entry replaced, for every entry of every list and every key that names somebody. */
function* spoilt(before: Settings, pick: (of: readonly unknown[]) => unknown): Generator<Settings> {
  for (const key of ['allowFrom', 'groupAllowFrom'] as const) {
    const list = before[key] ?? []
    for (const index of list.keys()) yield { ...before, [key]: list.with(index, pick(BAD_ENTRIES)) }
  }
  for (const key of ['groups', 'senders'] as const) {
    const names = Object.entries(before[key] ?? {})
    for (const index of names.keys()) {
      const bad = String(
        pick(key === 'groups' ? [...BAD_GROUPS, 'family', ''] : [...BAD_NUMBERS, 'alice', '']),
      )
      yield {
        ...before,
        [key]: Object.fromEntries(names.map(([name, value], at) => [at === index ? bad : name, value])),
      }
    }
  }
}

function* spoiltAnywhere(before: Settings, pick: (of: readonly unknown[]) => unknown): Generator<Settings> {
  yield* spoilt(before, pick)
  for (const [id, account] of Object.entries(before.accounts ?? {})) {
    for (const worse of spoilt(account, pick))
      yield { ...before, accounts: { ...before.accounts, [id]: worse } }
  }
}

describe('a bad entry', () => {
  it('never lets in anybody, wherever it takes the place of a good one', () => {
    fc.assert(
      fc.property(settings, fc.infiniteStream(fc.nat()), ({ root, accounts }, chances) => {
        const before = { ...root, ...(accounts && { accounts }) } as Settings // the record's keys are those of it
        const allowed = allowedIn(before)
        if (allowed === null) return
        const pick = (of: readonly unknown[]): unknown => of[(chances.next().value ?? 0) % of.length]
        for (const worse of spoiltAnywhere(before, pick)) {
          for (const each of allowedIn(worse) ?? [])
            expect([each, worse, allowed.has(each)]).toEqual([each, worse, true])
        }
      }),
      { numRuns: 400 },
    )
  })

  it.each(BAD_ENTRIES.map((entry) => [entry]))('%j leaves everybody else of allowFrom allowed', (entry) => {
    const config = resolve({
      allowFrom: [ALICE, entry, BOB],
      accounts: { main: {}, other: { allowFrom: [entry] } },
    })
    expect(config.accounts['main']?.access.allowFrom).toEqual([ALICE, BOB])
    expect(config.accounts['other']?.access.allowFrom).toEqual([])
    expect(config.badEntries?.problems.map(({ path }) => path)).toEqual([
      'channels.whatsapp.allowFrom[1]',
      'channels.whatsapp.accounts.other.allowFrom[0]',
    ])
  })

  it('is present: a list of bad entries alone allows nobody', () => {
    expect(allowedIn({ allowFrom: ['12'] })).toEqual(new Set())
    expect(allowedIn({ allowFrom: [ALICE], groupAllowFrom: ['12'] })).toEqual(new Set([`default ${ALICE}`]))
    expect(allowedIn({ allowFrom: [ALICE], groups: { family: {} } })).toEqual(new Set([`default ${ALICE}`]))
    expect(allowedIn({ allowFrom: [ALICE], groupAllowFrom: ['home@g.us'] })).toEqual(
      new Set([`default ${ALICE}`]),
    )
  })

  it('leaves the rest of groupAllowFrom and groups in force', () => {
    const inGroups = (more: Settings): string[] =>
      [...(allowedIn({ allowFrom: [ALICE], ...more }) ?? [])].filter((each) => each.includes('@g.us'))
    const everywhere = (who: string): string[] => GROUPS.map((name) => `default ${who} ${name}`)
    for (const bad of BAD_ENTRIES) {
      expect([bad, inGroups({ groupAllowFrom: [BOB, HOME, bad] })]).toEqual([bad, [`default ${BOB} ${HOME}`]])
      expect([bad, inGroups({ groupAllowFrom: [BOB, bad] })]).toEqual([bad, []])
      expect([bad, inGroups({ groupAllowFrom: [HOME, bad] })]).toEqual([bad, []])
    }
    expect(inGroups({ groups: { [HOME]: {}, family: {} } })).toEqual([`default ${ALICE} ${HOME}`])
    expect(inGroups({ groups: { '*': {}, family: {} } })).toEqual(everywhere(ALICE))
  })

  it('of the origins and the subjects opens the control plane to nobody', () => {
    const auth = { jwtKeys: [{ secret: { env: 'X' } }], issuer: 'i', audience: 'a' }
    const read = (origins: unknown[], subjects: unknown[]): unknown[] => {
      const { daemon, badEntries } = resolve({}, { allowedOrigins: origins, auth: { ...auth, subjects } })
      const places = badEntries?.problems.map(({ path }) => path.replace('whatsappd.', '')).toSorted()
      return [daemon.allowedOrigins, daemon.auth.subjects, places]
    }
    const origins = ['https://a.example', '*', 7, 'file:///x']
    expect(read(origins, ['u1', '', 7, 'x'.repeat(300), 'u2'])).toEqual([
      ['https://a.example'],
      ['u1', 'u2'],
      [
        ...[1, 2, 3].map((index) => `allowedOrigins[${index}]`),
        ...[1, 2, 3].map((index) => `auth.subjects[${index}]`),
      ],
    ])
    expect(read(['*'], [7]).slice(0, 2)).toEqual([[], []])
  })

  it.each<[string, object, object]>([
    ['a token that is taken back', {}, { auth: { revoked: ['t1', 7] } }],
    ['a policy', { dmPolicy: 'friends' }, {}],
    ['a policy for groups', { groupPolicy: 'friends' }, {}],
    ['the switch', { enabled: 'no' }, {}],
    ['the wildcard without its policy', { allowFrom: ['*'] }, {}],
    ['an empty list of subjects', {}, { auth: { subjects: [] } }],
  ])('is none where it takes away: %s refuses the file', (_name, section, daemon) => {
    expect(() => resolve(section, daemon)).toThrow(ConfigError)
  })

  it('is named with its place a hundred times, and counted beyond', () => {
    const { badEntries, accounts } = resolve({ allowFrom: [ALICE, ...Array<string>(5_000).fill('12')] })
    expect(accounts['default']?.access.allowFrom).toEqual([ALICE])
    expect(badEntries?.problems).toHaveLength(100)
    expect(badEntries?.total).toBe(5_000)
  })
})
