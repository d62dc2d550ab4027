import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mayWrite } from '../../../src/access/may-write.ts'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import type { AccountConfig, Config } from '../../../src/config/model.ts'
import { ConfigError } from '../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'
import { identity } from '../../support/identity.ts'
import { EXPECTED, type ExpectedFile } from './foreign-configs-expected.ts'

/** Files as users of other tools have them, written from the documented keys of these tools. */
const DIRECTORY = join(import.meta.dirname, 'foreign-configs')

const FILES = readdirSync(DIRECTORY).map((name) => name.replace('.json5', ''))
const PEOPLE = { A: '+15555550101', B: '+15555550102', C: '+15555550103', S: '+15555550199' }
const PLACES = {
  direct: null,
  family: '120363000000000001@g.us',
  work: '120363000000000002@g.us',
  other: '120363000000000009@g.us',
}

function read(name: string): Config {
  const text = readFileSync(join(DIRECTORY, `${name}.json5`), 'utf8')
  return resolveConfig(text, { directory: '/sandbox', env: { HOME: '/home/user' }, connectors: CONNECTORS })
}

/** Those who may write there, as letters. */
function writersIn(account: AccountConfig, place: keyof typeof PLACES): string {
  if (!account.enabled) return 'off'
  const isAllowed = (number: string): boolean =>
    mayWrite(account, PLACES[place], identity('1@lid', number)).allowed
  return Object.entries(PEOPLE)
    .filter(([, number]) => isAllowed(number))
    .map(([letter]) => letter)
    .join('')
}

function problemsOf(name: string): string[] {
  try {
    read(name)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(({ code, path, message }) => `${code} ${path}: ${message}`)
  }
}

it('are at least thirty files, each with what is expected of it', () => {
  expect(FILES.length).toBeGreaterThanOrEqual(30)
  expect(Object.keys(EXPECTED).toSorted()).toEqual(FILES.toSorted())
})

describe.each(Object.entries<ExpectedFile>(EXPECTED))('%s', (name, expected) => {
  if ('refused' in expected) {
    it('is refused, and says what to write instead', () => {
      const problems = problemsOf(name)
      expect(problems).toHaveLength(expected.refused.length)
      for (const [index, words] of expected.refused.entries()) expect(problems[index]).toContain(words)
    })
    return
  }

  it('allows exactly these people', () => {
    const { accounts } = read(name)
    const writers = Object.entries(accounts).map(([id, account]) => [
      id,
      Object.fromEntries(
        Object.keys(PLACES).map((place) => [place, writersIn(account, place as keyof typeof PLACES)]),
      ),
    ])
    expect(Object.fromEntries(writers)).toEqual(expected.writers)
  })

  it('has these effects', () => {
    const { accounts, tool = null } = read(name)
    expect(tool).toBe(expected.tool)
    expect(accounts).toMatchObject(expected.settings ?? {})
  })

  it('says what its owner may not expect', () => {
    const { notices, badEntries } = read(name)
    const told = notices
      .filter(({ path }) => !/\.(dmPolicy|selfChatMode)$/.test(path))
      .map(({ code, path }) => `${code} ${path.replace(/^\w+\.whatsapp\./, '')}`)
    expect(told.toSorted()).toEqual([...(expected.notices ?? [])].toSorted())
    expect(badEntries?.problems.map(({ path }) => path) ?? []).toEqual(expected.badEntries ?? [])
    expect(JSON.stringify(notices)).not.toMatch(/not-for-us|EAAB/)
  })
})
