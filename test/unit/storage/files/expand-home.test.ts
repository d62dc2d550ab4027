import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { resolveStateDir } from '../../../../src/cli/state-dir.ts'
import { findConfigFile } from '../../../../src/config/file/find-config-file.ts'
import { expandHome } from '../../../../src/storage/files/expand-home.ts'

const ENV = { HOME: '/home/ada' }

it.each([
  ['~', '/home/ada'],
  ['~/', '/home/ada/'],
  ['~/a b/~', '/home/ada/a b/~'],
  ['a/~/b', 'a/~/b'],
  ['./~', './~'],
  ['/~/x', '/~/x'],
  ['', ''],
])('%s is %s', (path, expanded) => {
  expect(expandHome(path, ENV)).toBe(expanded)
})

it.each(['~alice', '~alice/wa', '~~', '~.'])('%s is refused, with what to write instead', (path) => {
  expect(() => expandHome(path, ENV)).toThrow(/is not expanded: write the whole path, or \.\//)
})

it('holds for what the command line and its variables name', () => {
  expect(findConfigFile({ configPath: '~/c.json5', env: ENV })).toBe('/home/ada/c.json5')
  expect(findConfigFile({ env: { ...ENV, SANDBOX_CONFIG: '~/c.json5' } })).toBe('/home/ada/c.json5')
  expect(resolveStateDir('~/state', ENV)).toBe('/home/ada/state')
  expect(resolveStateDir(undefined, { ...ENV, WHATSAPPD_STATE_DIR: '~/state' })).toBe('/home/ada/state')
  expect(resolveStateDir('state', ENV)).toBe(resolve('state'))
  expect(() => resolveStateDir('~bob/state', ENV)).toThrow('"~bob" is not expanded')
})
