/**
 * Programs of others are written against version 1 of the protocol. What once was there stays: a method, a parameter that may be left out, a
 * field that is always in an answer, an error. The recorded files are never written again; a release adds one.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { brokenPromises, protocolSurface } from '../support/protocol-surface.ts'

const RECORDED = join(import.meta.dirname, 'recorded-protocol')
const CHANGELOG = join(import.meta.dirname, '../../docs/protocol-changelog.md')
const RELEASED = /^\d+\.\d+\.\d+\.txt$/

const files = readdirSync(RECORDED).filter((name) => name.endsWith('.txt'))
const read = (name: string): string[] => readFileSync(join(RECORDED, name), 'utf8').trimEnd().split('\n')
const now = protocolSurface()

it.each(files)('keeps everything that %s names', (name) => {
  expect(brokenPromises(read(name), now)).toEqual([])
})

it('tells in its changelog what came since the last release', () => {
  const last = files
    .filter((name) => RELEASED.test(name))
    .toSorted(byVersion)
    .at(-1)
  const known = new Set(last === undefined ? now : read(last))
  const text = readFileSync(CHANGELOG, 'utf8')
  const names = now.flatMap((line) =>
    known.has(line) ? [] : (/^(?:method|event|error) (\S+)/.exec(line)?.[1] ?? []),
  )
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})

describe('a promise is broken', () => {
  const [method, may, must, always, error] = [
    'method accounts.link link',
    'parameter accounts.link account may',
    now.find((line) => /^parameter .* must$/.test(line)) ?? '',
    'result accounts.list accounts[].state always',
    now.find((line) => line.startsWith('error ')) ?? '',
  ]
  const without = (line: string, instead?: string): string[] =>
    now.flatMap((each) => (each === line ? (instead ?? []) : each))

  it('where something that was there is gone', () => {
    for (const line of [method, may, must, always, error]) {
      expect(now).toContain(line)
      expect(brokenPromises(now, without(line))).toContain(line)
    }
  })

  it('where what could be left out is demanded, or what was always there is not', () => {
    const stricter = 'parameter accounts.link account must'
    expect(brokenPromises(now, without(may, stricter))).toEqual([may, `${stricter} (new)`])
    expect(brokenPromises(now, without(always, always.replace('always', 'sometimes')))).toEqual([always])
    expect(brokenPromises(now, [...now, 'parameter accounts.link country must'])).toEqual([
      'parameter accounts.link country must (new)',
    ])
  })

  it('not where it only grew', () => {
    const more = [
      'method accounts.paint config',
      'parameter accounts.paint colour must',
      'event paint.dried read',
    ]
    expect(brokenPromises(now, [...now, ...more, 'parameter accounts.link country may'])).toEqual([])
    expect(brokenPromises(now, without(must, must.replace('must', 'may')))).toEqual([])
  })
})

function byVersion(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true })
}
