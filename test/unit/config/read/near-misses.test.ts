import fc from 'fast-check'
import JSON5 from 'json5'
import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../../src/agents/registry.ts'
import { ConfigError } from '../../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../../src/config/read/resolve.ts'
import type { ConfigProblem } from '../../../../src/protocol/config/config-problem.ts'

const SECTION = "{ allowFrom: ['+15555550101'] }"
const AUTH = "{ jwtKeys: [{ secret: { env: 'KEY' } }], issuer: 'i', audience: 'a', subjects: ['u'] }"

function problemsOf(text: string): readonly ConfigProblem[] {
  try {
    const config = resolveConfig(text, { directory: '/', env: {}, connectors: CONNECTORS })
    expect(config.accounts['default']?.access.allowFrom).toEqual([])
    return config.notices.filter(({ code }) => code === 'near_miss')
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('a section that is not read because of its name or place is named, with what to write', () => {
  it.each([
    [`{ channels: { WhatsApp: ${SECTION} } }`, 'channels.WhatsApp', 'channels.whatsapp'],
    [`{ channels: { whatsap: ${SECTION} } }`, 'channels.whatsap', 'channels.whatsapp'],
    [`{ channels: { 'whats-app': ${SECTION} } }`, 'channels.whats-app', 'channels.whatsapp'],
    [`{ channels: { WHATSAPP: ${SECTION}, telegram: {} } }`, 'channels.WHATSAPP', 'channels.whatsapp'],
    [`{ connectors: { Whatsapp: ${SECTION} } }`, 'connectors.Whatsapp', 'connectors.whatsapp'],
    [`{ whatsapp: ${SECTION} }`, 'whatsapp', 'channels.whatsapp'],
    [`{ whatsapp: { auth: ${AUTH} } }`, 'whatsapp', 'whatsappd, at the root'],
    [`{ WhatsApp: ${SECTION} }`, 'WhatsApp', 'channels.whatsapp'],
    [`{ whatsapd: { listen: { port: 1 } } }`, 'whatsapd', 'whatsappd, at the root'],
    [`{ channels: { whatsappd: { auth: ${AUTH} } } }`, 'channels.whatsappd', 'whatsappd, at the root'],
    [`{ 'channels.whatsapp': ${SECTION} }`, 'channels.whatsapp', 'channels: { whatsapp: … }'],
    [
      `{ 'channels.whatsapp.allowFrom': [] }`,
      'channels.whatsapp.allowFrom',
      'channels: { whatsapp: { allowFrom: … } }',
    ],
    [`{ 'connectors/whatsapp': ${SECTION} }`, 'connectors/whatsapp', 'channels: { whatsapp: … }'],
    [`{ 'whatsappd.auth': ${AUTH} }`, 'whatsappd.auth', 'whatsappd: { auth: … }'],
    [`{ channel: { whatsapp: ${SECTION} } }`, 'channel', 'channels.whatsapp'],
    [`{ Channels: { whatsapp: ${SECTION} } }`, 'Channels', 'channels.whatsapp'],
    [`{ channels: { allowFrom: ['+15555550101'] } }`, 'channels.allowFrom', 'inside of channels.whatsapp'],
    [`{ channels: { channels: { whatsapp: ${SECTION} } } }`, 'channels.channels', 'channels.whatsapp'],
    [`{ gateway: { channels: { whatsapp: ${SECTION} } } }`, 'gateway', 'channels.whatsapp in it'],
    [`{ allowFrom: ['+15555550101'] }`, 'allowFrom', 'inside of channels.whatsapp'],
    [`{ dmPolicy: 'open' }`, 'dmPolicy', 'inside of channels.whatsapp'],
    [`{ auth: ${AUTH} }`, 'auth', 'inside of whatsappd'],
    [`{ allowedOrigins: ['https://a.example'] }`, 'allowedOrigins', 'inside of whatsappd'],
    [`{ lock: { redis: { url: 'redis://a' } } }`, 'lock', 'inside of whatsappd'],
  ])('%s', (text, path, advice) => {
    const problems = problemsOf(text)
    expect(problems).toMatchObject([{ code: 'near_miss', path, line: 1 }])
    expect(problems[0]?.message).toContain(advice)
    expect(problems[0]?.message).toContain('This is not read.')
  })

  it.each([
    [
      `{ channels: { whatsapp: { auth: ${AUTH} } } }`,
      'channels.whatsapp.auth',
      'inside of whatsappd, at the root',
    ],
    [`{ channels: { whatsapp: { listen: {} } } }`, 'channels.whatsapp.listen', 'inside of whatsappd'],
    [
      `{ channels: { whatsapp: { accounts: { a: { auth: ${AUTH} } } } } }`,
      'channels.whatsapp.accounts.a.auth',
      'inside of whatsappd',
    ],
    [`{ whatsappd: { allowFrom: [] } }`, 'whatsappd.allowFrom', 'inside of channels.whatsapp'],
    [
      `{ whatsappd: { dmPolicy: 'open' }, connectors: { whatsapp: {} } }`,
      'whatsappd.dmPolicy',
      'connectors.whatsapp',
    ],
  ])('%s is refused with the section where it belongs', (text, path, advice) => {
    const problems = problemsOf(text)
    expect(problems).toMatchObject([{ code: 'unknown_key', path }])
    expect(problems[0]?.message).toContain(advice)
  })

  it('also beside the section that is read', () => {
    const text = `{ channels: { WhatsApp: { allowFrom: ['+15555550101'] }, whatsapp: {} }, auth: ${AUTH} }`
    expect(problemsOf(text).map(({ path }) => path)).toEqual(['channels.WhatsApp', 'auth'])
  })
})

describe('what belongs to other tools is left alone', () => {
  it.each([
    "{ auth: { profiles: { 'openai:default': { mode: 'api_key' } }, order: {} } }",
    '{ agents: { defaults: { workspace: "~/x" }, list: [] }, messages: { ackReaction: "👀" } }',
    '{ plugins: { entries: { whatsapp: { enabled: true } } } }',
    '{ channels: { telegram: { allowFrom: ["1"], dmPolicy: "open" }, defaults: { groupPolicy: "open" } } }',
    '{ channels: { wechat: {}, signal: {}, slack: {}, imessage: {}, msteams: {}, googlechat: {} } }',
    '{ gateway: { auth: { token: "x" }, channelHealthCheckMinutes: 5 }, env: {}, hooks: { allowedAgentIds: [] } }',
    '{ log: { level: "info" }, listen: 3000, name: "x", "a.b": 1, chat: {}, change: {}, whats: 1 }',
  ])('%s', (text) => {
    expect(problemsOf(text)).toEqual([])
  })
})

it('never fails, whatever a file holds beside our sections', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 6 }), (others) => {
      problemsOf(JSON5.stringify({ ...others, channels: { ...others }, connectors: {} }))
    }),
  )
})
