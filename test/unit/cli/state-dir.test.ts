import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { resolveStateDir } from '../../../src/cli/state-dir.ts'

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
