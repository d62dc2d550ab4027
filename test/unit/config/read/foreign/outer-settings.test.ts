import { describe, expect, it } from 'vitest'
import type { Config } from '../../../../../src/config/model.ts'
import { ConfigError } from '../../../../../src/config/problems/config-error.ts'
import { resolve } from '../../edit-corpus.ts'

const ENV = { OFF: 'disabled', HIDDEN: 'allowlist' }

/** An OpenClaw file with this beside the channel. */
const read = (outer: object): Config =>
  resolve(JSON.stringify({ gateway: { port: 1 }, channels: { whatsapp: {} }, ...outer }), ENV)

function problemsOf(outer: object): string[] {
  try {
    read(outer)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(({ code, path }) => `${code} ${path}`)
  }
}

describe('channels.defaults', () => {
  const defaults = (values: object): object => ({ channels: { defaults: values, whatsapp: {} } })

  // A policy that the environment sets was skipped, so that the wider one of ours was in force.
  it('restricts by a variable, too', () => {
    const values = { groupPolicy: '${OFF}', dmPolicy: '${OFF}', contextVisibility: '${HIDDEN}' }
    expect(read(defaults(values)).accounts['default']).toMatchObject({
      groupAccess: { groupPolicy: 'disabled' },
      access: { dmPolicy: 'disabled' },
      hidesQuotes: true,
    })
  })

  it.each(['groupPolicy', 'dmPolicy', 'contextVisibility'])('is an error where %s cannot be told', (key) => {
    expect(problemsOf(defaults({ [key]: '${UNSET}' }))).toEqual([`unset_variable channels.defaults.${key}`])
  })

  it('may have other texts with variables that are not set', () => {
    expect(problemsOf(defaults({ heartbeat: { to: '${UNSET}' } }))).toEqual([])
  })
})

describe('session.sendPolicy', () => {
  const policy = (rules: object[], fallback = 'allow'): string[] =>
    problemsOf({ session: { sendPolicy: { rules, default: fallback } } })
  const deny = (match?: object): object => ({ action: 'deny', ...(match !== undefined && { match }) })

  // It was neither honoured nor named, and the assistant answered.
  it.each([
    [undefined],
    [{ channel: 'WhatsApp', chatType: 'group' }],
    [{ chatType: 'direct' }],
    [{ keyPrefix: 'whatsapp:group:' }],
    [{ rawKeyPrefix: 'agent:main:' }],
    [{ keyPrefix: 'main' }],
  ])('is refused with a rule that denies %j', (match) => {
    expect(policy([deny({ channel: 'discord' }), deny(match)])).toEqual([
      'unsupported session.sendPolicy.rules[1]',
    ])
  })

  it.each([[{ channel: 'discord' }], [{ keyPrefix: 'cron:' }], [{ rawKeyPrefix: 'agent:main:discord:' }]])(
    'may deny %j',
    (match) => {
      expect(policy([deny(match)])).toEqual([])
    },
  )

  it('is refused where it denies by default what no rule allows', () => {
    const place = 'unsupported session.sendPolicy.default'
    expect(policy([], 'deny')).toEqual([place])
    const part = { action: 'allow', match: { channel: 'whatsapp', chatType: 'direct' } }
    expect(policy([part], 'deny')).toEqual([place])
    expect(policy([{ action: 'allow', match: { channel: 'whatsapp' } }], 'deny')).toEqual([])
  })
})

it.each([
  ['web.enabled', { web: { enabled: false } }],
  ['plugins.enabled', { plugins: { enabled: false } }],
  ['plugins.entries.whatsapp.enabled', { plugins: { entries: { whatsapp: { enabled: false } } } }],
])('%s: false is a notice', (path, outer) => {
  const { accounts, notices } = read(outer)
  expect(accounts['default']?.enabled).toBe(true)
  expect(notices.filter(({ code }) => code === 'ignored')).toMatchObject([{ code: 'ignored', path }])
})
