import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { ConfigError } from '../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'

const read = (section: string) =>
  resolveConfig(`{ channels: { whatsapp: { ${section} } } }`, {
    directory: '/etc/sandbox',
    env: {},
    connectors: CONNECTORS,
  })

function problemsOf(section: string): readonly unknown[] {
  try {
    read(section)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems
  }
  return []
}

describe('ackReaction', () => {
  it('is none by itself, and reacts in direct chats and to mentions once it has an emoji', () => {
    const standard = { direct: true, group: 'mentions', removeAfterReply: false }
    expect(read('').accounts['default']?.ackReaction).toEqual({ emoji: '', ...standard })
    expect(read(`ackReaction: {}`).accounts['default']?.ackReaction).toEqual({ emoji: '', ...standard })
    const { accounts, notices } = read(`ackReaction: { emoji: 'eyes' }`)
    expect(accounts['default']?.ackReaction).toEqual({ emoji: '👀', ...standard })
    expect(notices).toEqual([])
  })

  it('takes from the channel what an account does not set', () => {
    const { accounts } = read(
      `ackReaction: { emoji: '👀', group: 'always' }, accounts: { home: { ackReaction: { direct: false } }, work: { ackReaction: { emoji: '' } } }`,
    )
    expect(accounts['home']?.ackReaction).toMatchObject({ emoji: '👀', direct: false, group: 'always' })
    expect(accounts['work']?.ackReaction).toMatchObject({ emoji: '', direct: true, group: 'always' })
  })

  it('with a name that nobody knows is an error at its place, with the cure', () => {
    expect(problemsOf(`ackReaction: { emoji: 'eyess' }`)).toEqual([
      {
        code: 'unknown_emoji',
        path: 'channels.whatsapp.ackReaction.emoji',
        line: 1,
        column: 49,
        message:
          '"eyess" is neither one emoji nor the name of one that is known here. Did you mean "eyes"? Put the character itself, such as "👀".',
      },
    ])
    expect(problemsOf(`accounts: { home: { ackReaction: { emoji: '👀👀' } } }`)).toMatchObject([
      { code: 'unknown_emoji', path: 'channels.whatsapp.accounts.home.ackReaction.emoji' },
    ])
  })
})
