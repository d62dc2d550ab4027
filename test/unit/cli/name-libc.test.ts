import { expect, it } from 'vitest'
import { type LibcFacts, nameLibc } from '../../../src/cli/name-libc.ts'

const MUSL_LOADER = '/lib/ld-musl-x86_64.so.1'

function libcOf(files: readonly string[], facts: Partial<LibcFacts>, env: NodeJS.ProcessEnv = {}) {
  nameLibc(env, {
    platform: 'linux',
    arch: 'x64',
    exists: (path) => files.includes(path),
    glibcVersion: () => undefined,
    ...facts,
  })
  return env['LIBC']
}

it.each<[string, readonly string[], Partial<LibcFacts>, string | undefined]>([
  ['musl that is not Alpine', [MUSL_LOADER], {}, 'musl'],
  ['musl on arm64', ['/lib/ld-musl-aarch64.so.1'], { arch: 'arm64' }, 'musl'],
  ['Alpine, which the binding knows', [MUSL_LOADER, '/etc/alpine-release'], {}, undefined],
  ['glibc', [], { glibcVersion: () => '2.36' }, undefined],
  ['glibc with the loader of musl beside it', [MUSL_LOADER], { glibcVersion: () => '2.36' }, undefined],
  ['macOS', [MUSL_LOADER], { platform: 'darwin' }, undefined],
])('on %s names the C library only where it must', (_system, files, facts, libc) => {
  expect(libcOf(files, facts)).toBe(libc)
})

it('leaves what somebody has set', () => {
  expect(libcOf([MUSL_LOADER], {}, { LIBC: 'glibc' })).toBe('glibc')
})

it('sees that this Node has what it has', () => {
  const env: NodeJS.ProcessEnv = {}
  nameLibc(env)
  expect(env['LIBC']).toBeOneOf([undefined, 'musl'])
})
