import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EditRequest } from '../../../../src/config/edit/edit-request.ts'
import type { SettingChange } from '../../../../src/config/edit/edit-settings.ts'
import { refuseOwnerSyntax } from '../../../../src/config/edit/refuse-owner-syntax.ts'
import { DaemonError } from '../../../../src/protocol/errors.ts'

function outcome(request: EditRequest): string {
  try {
    refuseOwnerSyntax(request)
    return 'taken'
  } catch (error) {
    if (error instanceof DaemonError) return error.code
    throw error
  }
}

const settings = (...changes: SettingChange[]): EditRequest => ({
  edit: 'settings',
  request: { changes, confirmed: [] },
})

/** Texts around a reference, as somebody would hide one. */
const reference = fc
  .tuple(
    fc.string(),
    fc.constantFrom('${OPENAI_API_KEY}', '$${HOME}', '${', '${lower}', '${A}${B}'),
    fc.string(),
  )
  .map((parts) => parts.join(''))

/** A value with `inner` somewhere in it. */
const around = (inner: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    inner,
    inner.map((value) => [1, value]),
    inner.map((value) => ({ a: { b: value }, c: true })),
    inner.map((value) => ({ a: [{ b: [value] }] })),
  )

/** Everything but `${`. */
const harmless = fc.string().filter((text) => !text.includes('${') && text !== '$include')

describe('what an edit from outside would write', () => {
  it('is refused with a reference to a variable, wherever that stands', () => {
    fc.assert(
      fc.property(around(reference), (value) => {
        expect(outcome(settings({ path: ['messagePrefix'], value }))).toBe('config_invalid')
      }),
    )
  })

  it.each<[string, EditRequest]>([
    ['the name of a member', settings({ path: ['senders'], value: { '${ALICE}': { agent: 'echo' } } })],
    ['a path', settings({ path: ['senders', '${ALICE}', 'name'], value: 'Alice' })],
    ['the path of what is taken out', settings({ path: ['groups', '${GROUP}'], unset: true })],
    ['an entry that is added', settings({ path: ['allowFrom'], add: ['+15555550101', '${ALICE}'] })],
    ['a key $include', settings({ path: ['groups'], value: { $include: '/etc/passwd' } })],
    ['a path to $include', settings({ path: ['groups', '$include'], value: './more.json5' })],
    ['an inner key $include', settings({ path: ['senders'], value: { 1: { $include: './x' } } })],
    [
      'the second of two changes',
      settings({ path: ['typing'], value: true }, { path: ['name'], value: '${A}' }),
    ],
    ['a number to add', { edit: 'allowFrom', request: { kind: 'add', account: 'a', numbers: ['${A}'] } }],
    ['a whole list', { edit: 'allowFrom', request: { kind: 'set', account: 'a', numbers: ['${A}'] } }],
    ['the name of an account', { edit: 'createAccount', request: { id: 'a', name: '${HOME}' } }],
  ])('is refused in %s', (_where, request) => {
    expect(outcome(request)).toBe('config_invalid')
  })

  it('is taken without one', () => {
    fc.assert(
      fc.property(around(harmless), fc.array(harmless), (value, add) => {
        expect(outcome(settings({ path: ['name'], value }, { path: ['allowFrom'], add }))).toBe('taken')
      }),
    )
  })

  it('may name an entry that goes as it stands in the file', () => {
    expect(outcome(settings({ path: ['allowFrom'], remove: ['${ALICE}'] }))).toBe('taken')
    const numbers = ['${ALICE}']
    expect(outcome({ edit: 'allowFrom', request: { kind: 'remove', account: 'a', numbers } })).toBe('taken')
  })

  it('names the place and the cure', () => {
    const request = settings({ path: ['senders'], value: { '+15555550101': { name: '${HOME}' } } })
    expect(() => refuseOwnerSyntax(request)).toThrowError(
      expect.objectContaining({
        message: expect.stringContaining('"${" is not taken from outside'),
        action: 'Edit the config file itself.',
        details: { path: 'senders.+15555550101.name' },
      }),
    )
  })
})
