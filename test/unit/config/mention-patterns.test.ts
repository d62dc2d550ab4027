import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import type { MentionPatterns } from '../../../src/config/model.ts'
import { ConfigError } from '../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'

const GROUP = '120363000000000001@g.us'

function read(file: string): { mentions: MentionPatterns | undefined; notices: string[] } {
  const config = resolveConfig(file, { directory: '/etc/sandbox', env: {}, connectors: CONNECTORS })
  const notices = config.notices.map(({ code, path }) => `${code} ${path}`)
  return { mentions: config.accounts[config.defaultAccount]?.mentionPatterns, notices }
}

const channel = (section: string): string => `{ channels: { whatsapp: { ${section} } } }`

function problemsOf(section: string): string[] {
  try {
    read(channel(section))
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(({ path, line, message }) => `${path} (line ${line}): ${message}`)
  }
}

describe('mentionPatterns', () => {
  it('are names and regular expressions', () => {
    expect(read(channel(`mentionPatterns: ['Ada', '/^hey (bot|ada)/i']`)).mentions).toEqual({
      patterns: ['Ada', '/^hey (bot|ada)/i'],
      mode: 'allow',
      allowIn: [],
      denyIn: [],
    })
  })

  it.each([
    [`['Ada', '/(a/']`, 'channels.whatsapp.mentionPatterns[1]', 'missing closing )'],
    [`['/(?=a)/']`, 'mentionPatterns[0]', 'Not a regular expression'],
    [`['/(a)\\\\1/']`, 'mentionPatterns[0]', 'invalid escape sequence'],
    [`['/a/gx']`, 'mentionPatterns[0]', 'no flags'],
    [`['/(a{1000}){1000}/']`, 'mentionPatterns[0]', 'invalid repeat count'],
    [`['\\u200b']`, 'mentionPatterns[0]', 'a character that can be seen'],
    [`['${'x'.repeat(201)}']`, 'mentionPatterns[0]', 'Too big'],
    [`[${Array.from({ length: 51 }, () => "'a'").join()}]`, 'mentionPatterns', 'at most 50 names'],
    [`{ denyIn: ['family'] }`, 'mentionPatterns.denyIn[0]', 'no address of a group'],
  ])('%s is a problem at its place', (value, place, why) => {
    const [problem = ''] = problemsOf(`mentionPatterns: ${value}`)
    expect(problem).toContain(`${place} (line 1)`)
    expect(problem).toContain(why)
  })

  it("take OpenClaw's object, and its expressions where it keeps them", () => {
    const object = `mentionPatterns: { mode: 'deny', allowIn: ['${GROUP}', '+15555550101'] }`
    const { mentions, notices } = read(
      `{ messages: { groupChat: { mentionPatterns: ['@?clawd', '(', '(?=x)'] } }, channels: { whatsapp: { ${object} } } }`,
    )
    expect(mentions).toEqual({ patterns: ['/@?clawd/i'], mode: 'deny', allowIn: [GROUP], denyIn: [] })
    expect(notices).toEqual(
      expect.arrayContaining([
        'ignored messages.groupChat.mentionPatterns[1]',
        'ignored messages.groupChat.mentionPatterns[2]',
        'other_meaning channels.whatsapp.mentionPatterns',
      ]),
    )
  })

  it.each([
    [
      `list: [{ id: 'x' }, { id: 'main', default: true, groupChat: { mentionPatterns: ['molty'] } }]`,
      '/molty/i',
    ],
    [`list: [{ id: 'main', identity: { name: 'Molty' } }]`, '/global/i'],
    [`defaults: {}`, '/global/i'],
  ])("are those of OpenClaw's default agent before the ones for all: %s", (agents, pattern) => {
    const file = `{ agents: { ${agents} }, messages: { groupChat: { mentionPatterns: ['global'] } } }`
    expect(read(file).mentions?.patterns).toEqual([pattern])
  })

  it("are the name of OpenClaw's agent where it has nothing else", () => {
    expect(read(`{ agents: { list: [{ identity: { name: 'Molty' } }] } }`).mentions?.patterns).toEqual([
      'Molty',
    ])
  })

  it('of an account win over those of the root, each form by itself', () => {
    const { mentions } = read(
      channel(
        `mentionPatterns: ['Ada'], accounts: { default: { mentionPatterns: { denyIn: ['${GROUP}'] } } }`,
      ),
    )
    expect(mentions).toEqual({ patterns: ['Ada'], mode: 'allow', allowIn: [], denyIn: [GROUP] })
  })
})
