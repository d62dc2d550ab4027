import { expect, it } from 'vitest'
import { codeCacheDirectory } from '../../../../src/cli/serve/code-cache-directory.ts'

const ENV = { HOME: '/home/ann' }

it.each([
  [['run'], '/home/ann/.local/state/whatsappd'],
  [['run', '--state-dir', '/data/a'], '/data/a'],
  [['run', '--port', '0', '--state-dir=/data/b'], '/data/b'],
  [['run', '--state-dir=/data/a', '--state-dir', '~/b'], '/home/ann/b'],
])('is the state directory of %j', (argv, directory) => {
  expect(codeCacheDirectory(argv, ENV)).toBe(directory)
})

it.each([[[]], [['status']], [['--help']], [['run', '--state-dir=~bob/x']]])('is none for %j', (argv) => {
  expect(codeCacheDirectory(argv, ENV)).toBeNull()
})

it('follows the environment, and can be switched off there', () => {
  expect(codeCacheDirectory(['run'], { ...ENV, WHATSAPPD_STATE_DIR: '/data/c' })).toBe('/data/c')
  expect(codeCacheDirectory(['run'], { ...ENV, WHATSAPPD_CODE_CACHE: 'off' })).toBeNull()
})
