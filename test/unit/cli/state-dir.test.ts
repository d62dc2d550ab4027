import { homedir, userInfo } from 'node:os'
import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { resolveStateDir } from '../../../src/cli/state-dir.ts'
import { findConfigFile } from '../../../src/config/file/find-config-file.ts'

const ALL = { WHATSAPPD_STATE_DIR: '/env', XDG_STATE_HOME: '/xdg', HOME: '/home/u' }

test.each([
  ['the option first', '/option', ALL, '/option'],
  ['a relative option from here', 'state', ALL, resolve('state')],
  ['then WHATSAPPD_STATE_DIR', undefined, ALL, '/env'],
  ['an empty one counts as none', undefined, { ...ALL, WHATSAPPD_STATE_DIR: '' }, '/xdg/whatsappd'],
  [
    'a relative XDG_STATE_HOME is ignored',
    undefined,
    { XDG_STATE_HOME: 'xdg', HOME: '/home/u' },
    '/home/u/.local/state/whatsappd',
  ],
  ['then the home directory', undefined, { HOME: '/home/u' }, '/home/u/.local/state/whatsappd'],
  ['without HOME the one of the user database', undefined, {}, `${homedir()}/.local/state/whatsappd`],
])('resolveStateDir takes %s', (_what, option, env, expected) => {
  expect(resolveStateDir(option, env)).toBe(expected)
})

const isRoot = process.geteuid?.() === 0
/** A user that no system has. */
const NOBODY_KNOWN = 48_713

// Containers run as any user id (`docker run --user`, OpenShift), without an entry in /etc/passwd and often without HOME.
describe.runIf(isRoot)('a user without an entry in the user database', () => {
  beforeEach(() => process.seteuid?.(NOBODY_KNOWN))
  afterEach(() => process.seteuid?.(0))

  test.each<[string, NodeJS.ProcessEnv]>([
    ['no HOME', {}],
    ['an empty HOME', { HOME: '' }],
    ['a relative HOME', { HOME: 'home' }],
  ])('and %s needs a named directory for the state, and no more', (_home, env) => {
    expect(() => resolveStateDir(undefined, env)).toThrow(
      /name a directory with --state-dir or WHATSAPPD_STATE_DIR/,
    )
    expect(resolveStateDir('/data', env)).toBe('/data')
    expect(resolveStateDir(undefined, { ...env, WHATSAPPD_STATE_DIR: '/data' })).toBe('/data')
    expect(findConfigFile({ env, workingDirectory: '/app' })).toBe('/app/sandbox.config.json5')
    expect(findConfigFile({ env: { ...env, SANDBOX_CONFIG: 'x.json5' }, workingDirectory: '/app' })).toBe(
      '/app/x.json5',
    )
  })
})

test('an empty HOME is none: nothing is kept in the directory where the command happens to be run', () => {
  expect(resolveStateDir(undefined, { HOME: '' })).toBe(`${userInfo().homedir}/.local/state/whatsappd`)
})
