import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../../src/agents/registry.ts'
import { ConfigError } from '../../../../src/config/problems/config-error.ts'
import type { AccountConfig, Config } from '../../../../src/config/model.ts'
import { resolveConfig } from '../../../../src/config/read/resolve.ts'
import type { ConfigProblem } from '../../../../src/protocol/config/config-problem.ts'
import { plainSettings } from '../../../../src/config/settings/account-settings.ts'
import { effectiveSettings } from '../../../../src/config/settings/effective-settings.ts'
import { NO_BUSINESS } from '../../../support/no-business.ts'

const resolve = (text: string, env: NodeJS.ProcessEnv = {}): Config =>
  resolveConfig(text, { directory: '/etc/sandbox', env, connectors: CONNECTORS })
const whatsapp = (section: string, env?: NodeJS.ProcessEnv): Config =>
  resolve(`{ channels: { whatsapp: { ${section} } } }`, env)
const daemon = (section: string): Config => resolve(`{ whatsappd: { ${section} } }`)

function account(config: Config, id = 'default'): AccountConfig {
  const found = config.accounts[id]
  if (found === undefined) throw new Error(`no account ${id}`)
  return found
}

function problemsOf(read: () => Config): readonly ConfigProblem[] {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  throw new Error('the config is valid')
}

describe('a file with nothing in our sections', () => {
  it.each(['{}', '{ channels: {} }', '{ channels: { whatsapp: {} } }', '{ tools: { x: [1] } }'])(
    '%s allows nobody and has every default',
    (text) => {
      const config = resolve(text)
      expect(account(config)).toEqual({
        ...effectiveSettings(plainSettings, []),
        cloudApi: NO_BUSINESS,
        isTransportSet: false,
        id: 'default',
        section: 'channels.whatsapp',
        name: null,
        enabled: true,
        transport: 'linked-device',
        authDir: null,
        access: { dmPolicy: 'allowlist', allowFrom: [] },
        sendReadReceipts: true,
        typing: true,
        textChunkLimit: 4000,
        chunkMode: 'newline',
        blockStreaming: false,
        messagePrefix: '',
        responsePrefix: '',
        debounceMs: 0,
        groupAccess: { groupPolicy: 'allowlist', groupAllowFrom: null, groups: {} },
        senders: {},
        commands: { enabled: true, owners: [] },
        mentionPatterns: { patterns: [], mode: 'allow', allowIn: [], denyIn: [] },
        direct: {},
        dms: {},
        coalesce: null,
        transcription: null,
        historyLimit: 50,
        dmHistoryLimit: 50,
        catchUp: { maxAgeMinutes: 60 },
        retention: { days: 90, messagesPerConversation: 10_000 },
        historySync: 'off',
        pace: { perMinute: 30, perHour: 300, firstContactsPerDay: 20 },
        agents: { echo: { connector: 'echo', settings: {} } },
        stickyTtlMinutes: 30,
        webhooks: [],
        defaultAgent: 'echo',
      })
      expect(config).toMatchObject({ defaultAccount: 'default', configWrites: true, notices: [] })
    },
  )
})

describe('allowed numbers', () => {
  it('are read in every notation that JSON5 and people have, and count once', () => {
    const config = whatsapp(
      `allowFrom: ['+1 (555) 555-0101', 15555550102, +15555550103, 0x39F2F8318, "1.555.555.0105", '15555550101',]`,
    )
    expect(account(config).access.allowFrom).toEqual([
      '+15555550101',
      '+15555550102',
      '+15555550103',
      '+15555592984',
      '+15555550105',
    ])
    expect(config.notices).toMatchObject([
      { code: 'duplicate_number', path: 'channels.whatsapp.allowFrom[5]', line: 1 },
    ])
    expect(JSON.stringify(config.notices)).not.toContain('5555550101')
  })

  it.each(['NaN', 'Infinity', '-15555550101', '15555550101.5', '1e400', 'true', '{}', 'null', "''", "'*x'"])(
    'are never %s',
    (entry) => {
      const config = whatsapp(`allowFrom: ['+15555550101', ${entry}]`)
      expect(account(config).access.allowFrom).toEqual(['+15555550101'])
      expect(config.badEntries).toMatchObject({
        problems: [{ path: 'channels.whatsapp.allowFrom[1]', line: 1, column: 55 }],
        total: 1,
      })
    },
  )
})

describe('dmPolicy', () => {
  it.each([
    ["dmPolicy: 'allowlist', allowFrom: ['+15555550101']", 'allowlist', ['+15555550101']],
    ["dmPolicy: 'disabled', allowFrom: ['+15555550101']", 'disabled', ['+15555550101']],
    ["dmPolicy: 'closed'", 'disabled', []],
    ["dmPolicy: 'pairing', allowFrom: ['+15555550101']", 'pairing', ['+15555550101']],
    ["dmPolicy: 'observe', allowFrom: ['+15555550101']", 'observe', ['+15555550101']],
    [
      "allowFrom: ['lid:123456789012345', ' LID: 77 ', '88@lid']",
      'allowlist',
      ['lid:123456789012345', 'lid:77', 'lid:88'],
    ],
    ["allowFrom: ['bsuid:AT.98aZ', 'BSUID: AT.ENT.7']", 'allowlist', ['bsuid:AT.98aZ', 'bsuid:AT.ENT.7']],
    ["dmPolicy: 'open', allowFrom: ['*']", 'open', ['*']],
    ["dmPolicy: 'open', allowFrom: ['+15555550101', '*']", 'open', ['*', '+15555550101']],
  ])('%s', (text, dmPolicy, allowFrom) => {
    expect(account(whatsapp(text)).access).toEqual({ dmPolicy, allowFrom })
  })

  it.each([
    ["dmPolicy: 'open'", 'open_without_wildcard', 'channels.whatsapp.dmPolicy'],
    ["dmPolicy: 'open', allowFrom: ['+15555550101']", 'open_without_wildcard', 'channels.whatsapp.dmPolicy'],
    ["dmPolicy: 'allowlist', allowFrom: ['*']", 'wildcard', 'channels.whatsapp.allowFrom[0]'],
    ["dmPolicy: 'pairing', allowFrom: ['*']", 'wildcard', 'channels.whatsapp.allowFrom[0]'],
    ["dmPolicy: 'disabled', allowFrom: ['*']", 'wildcard', 'channels.whatsapp.allowFrom[0]'],
    ["allowFrom: ['*']", 'wildcard', 'channels.whatsapp.allowFrom[0]'],
    [
      "dmPolicy: 'open', allowFrom: ['*'], accounts: { work: { dmPolicy: 'allowlist' } }",
      'wildcard',
      'channels.whatsapp.allowFrom[0]',
    ],
  ])('%s is refused', (text, code, path) => {
    expect(problemsOf(() => whatsapp(text))).toMatchObject([{ code, path }])
  })
})

describe('accounts', () => {
  it('take what they do not set from the channel, value by value', () => {
    const config = whatsapp(`
      allowFrom: ['+15555550101'], typing: false, pace: { perMinute: 5, perHour: 50 }, responsePrefix: 'A: ',
      accounts: {
        home: { pace: { perHour: 60 }, responsePrefix: '' },
        work: { allowFrom: [], typing: true, name: 'Work', enabled: false, catchUp: {} },
      },`)
    expect(account(config, 'home')).toMatchObject({
      access: { allowFrom: ['+15555550101'] },
      typing: false,
      pace: { perMinute: 5, perHour: 60, firstContactsPerDay: 20 },
      responsePrefix: '',
      name: null,
      enabled: true,
    })
    expect(account(config, 'work')).toMatchObject({
      access: { allowFrom: [] },
      typing: true,
      pace: { perMinute: 5, perHour: 50, firstContactsPerDay: 20 },
      responsePrefix: 'A: ',
      name: 'Work',
      enabled: false,
      catchUp: { maxAgeMinutes: 60 },
    })
    expect(Object.keys(config.accounts)).toEqual(['home', 'work'])
  })

  it.each([
    ['', 'default'],
    ['accounts: {}', 'default'],
    ['accounts: { work: {}, default: {} }', 'default'],
    ['accounts: { work: {}, home: {} }', 'work'],
    ["accounts: { work: {}, home: {} }, defaultAccount: 'home'", 'home'],
    ["defaultAccount: 'home'", 'home'],
  ])('with %j the one that is meant is %s', (text, id) => {
    const config = whatsapp(text)
    expect(config.defaultAccount).toBe(id)
    expect(account(config, id).id).toBe(id)
  })

  it('keep their credentials in directories of their own', () => {
    const text =
      "authDir: 'wa', accounts: { home: {}, work: { authDir: '/srv/work' }, third: { authDir: null } }"
    const config = whatsapp(text)
    expect(account(config, 'home').authDir).toBe('/etc/sandbox/wa')
    expect(account(config, 'work').authDir).toBe('/srv/work')
    expect(account(config, 'third').authDir).toBeNull()
    expect(
      problemsOf(() => whatsapp("accounts: { a: { authDir: 'x' }, b: { authDir: './x' } }")),
    ).toMatchObject([{ code: 'shared_directory', path: 'channels.whatsapp.accounts.b.authDir' }])
  })

  it('take WHATSAPP_AUTH_DIR for the default one, where the file says nothing', () => {
    const env = { WHATSAPP_AUTH_DIR: '/data/wa' }
    expect(account(whatsapp('', env)).authDir).toBe('/data/wa')
    expect(account(whatsapp("authDir: '/srv/wa'", env)).authDir).toBe('/srv/wa')
    const two = whatsapp('accounts: { work: {}, home: {} }', env)
    expect([account(two, 'work').authDir, account(two, 'home').authDir]).toEqual(['/data/wa', null])
    expect(account(whatsapp('', { WHATSAPP_AUTH_DIR: '' })).authDir).toBeNull()
  })

  it('tell a problem of the channel once, however many there are', () => {
    const config = whatsapp("allowFrom: ['1'], accounts: { a: {}, b: {}, c: {} }")
    expect(config.badEntries).toMatchObject({
      problems: [{ code: 'too_short', path: 'channels.whatsapp.allowFrom[0]' }],
      total: 1,
    })
    const problems = problemsOf(() => whatsapp('typng: 1, accounts: { a: {}, b: {}, c: {} }'))
    expect(problems).toMatchObject([{ code: 'unknown_key', path: 'channels.whatsapp.typng' }])
  })

  it.each(['__proto__', '../x', 'a/b', '', 'ä', 'x'.repeat(65)])('are not called %j', (id) => {
    const problems = problemsOf(() => whatsapp(`accounts: { ${JSON.stringify(id)}: {} }`))
    expect(problems).toMatchObject([{ code: 'bad_account_id', line: 1, column: 39 }])
  })

  it('are found by their own names alone', () => {
    const config = whatsapp("accounts: { constructor: { allowFrom: ['+15555550101'] } }")
    expect(account(config, 'constructor').access.allowFrom).toEqual(['+15555550101'])
    expect(config.accounts['toString']).toBeUndefined()
    expect(config.accounts['__proto__']).toBeUndefined()
  })

  it('have a default that exists', () => {
    expect(problemsOf(() => whatsapp("accounts: { a: {} }, defaultAccount: 'b'"))).toMatchObject([
      { code: 'unknown_account', path: 'channels.whatsapp.defaultAccount' },
    ])
  })
})

describe('keys', () => {
  it.each([
    ['alowFrom: []', 'allowFrom'],
    ['allowfrom: []', 'allowFrom'],
    ["dmpolicy: 'open'", 'dmPolicy'],
    ['pace: { perMinut: 3 }', 'perMinute'],
    ["agents: { a: { connector: 'echo', nam: 'x' } }", 'name'],
    ['accounts: { a: { enable: false } }', 'enabled'],
    ['groups: { "*": { requireMentions: true } }', 'requireMention'],
  ])('that nobody knows are refused, with the one that was meant: %s', (text, meant) => {
    const [problem, ...others] = problemsOf(() => whatsapp(text))
    expect(problem).toMatchObject({ code: 'unknown_key' })
    expect(problem?.message).toContain(`"${meant}"`)
    expect(others).toEqual([])
  })

  it('of the prototype are keys that nobody knows', () => {
    for (const key of ['__proto__', 'constructor', 'toString']) {
      expect(problemsOf(() => whatsapp(`${key}: { allowFrom: ['+15555550101'] }`))).toMatchObject([
        { code: 'unknown_key', path: `channels.whatsapp.${key}` },
      ])
    }
    expect(
      account(resolve("{ __proto__: { channels: { whatsapp: { allowFrom: ['+15555550101'] } } } }")).access
        .allowFrom,
    ).toEqual([])
  })

  it('that stand twice are told each', () => {
    expect(
      problemsOf(() => whatsapp("typing: true, allowFrom: [], typing: false, 'allowFrom': ['*']")),
    ).toMatchObject([
      { code: 'duplicate_key', path: 'channels.whatsapp.typing', line: 1, column: 56 },
      { code: 'duplicate_key', path: 'channels.whatsapp.allowFrom' },
    ])
    expect(problemsOf(() => resolve('{ channels: {}, "channels": {} }'))).toMatchObject([
      { code: 'duplicate_key', path: 'channels' },
    ])
  })

  it('that stand twice in the section of another tool are none of our business', () => {
    const text =
      "{ tools: { a: 1, a: 2 }, channels: { telegram: { b: 1, b: 2 }, whatsapp: { allowFrom: ['+15555550101'] } } }"
    expect(account(resolve(text)).access.allowFrom).toEqual(['+15555550101'])
  })
})

describe('agents', () => {
  it('are read with their secrets as references', () => {
    const config = whatsapp(`agents: {
      ada: { connector: 'openai-chat', baseUrl: 'http://127.0.0.1:11434/v1/', model: 'm', apiKey: { file: 'key' } },
      bob: { connector: 'openai-chat', baseUrl: 'https://example.com/v1', model: 'm', apiKey: 'sk-clear', timeoutSeconds: 5 },
    }`)
    expect(account(config)).toMatchObject({
      defaultAgent: 'ada',
      agents: {
        ada: {
          connector: 'openai-chat',
          settings: { baseUrl: 'http://127.0.0.1:11434/v1/', apiKey: { file: '/etc/sandbox/key' } },
        },
        bob: { settings: { apiKey: { literal: 'sk-clear' }, timeoutSeconds: 5 } },
      },
    })
    expect(config.notices).toMatchObject([
      { code: 'literal_secret', path: 'channels.whatsapp.agents.bob.apiKey' },
    ])
    expect(JSON.stringify(config.notices)).not.toContain('sk-clear')
  })

  it('of a connector that is not built are refused, with those that are', () => {
    const [problem] = problemsOf(() => whatsapp("agents: { a: { connector: 'telepathy', command: 'x' } }"))
    expect(problem).toMatchObject({ path: 'channels.whatsapp.agents.a.connector', line: 1 })
    expect(problem?.message).toMatch(/echo, openai-chat/)
  })

  it.each([
    ["agents: { a: { connector: 'openai-chat', model: 'm' } }", 'channels.whatsapp.agents.a.baseUrl'],
    [
      "agents: { a: { connector: 'openai-chat', baseUrl: 'ftp://x', model: 'm' } }",
      'channels.whatsapp.agents.a.baseUrl',
    ],
    ["defaultAgent: 'ada'", 'channels.whatsapp.defaultAgent'],
    ['agents: {}', 'channels.whatsapp.defaultAgent'],
  ])('%s is refused at %s', (text, path) => {
    expect(problemsOf(() => whatsapp(text))).toMatchObject([{ path }])
  })
})

describe('whatsappd', () => {
  const KEY = Buffer.alloc(32, 9)
  const server = (url: string, key: string): Config =>
    daemon(`whatsapp: { webSocketUrl: '${url}', noiseRootKey: '${key}' }`)

  it('takes another root key with a server on this machine, in hex or base64', () => {
    for (const host of ['127.0.0.1', '127.8.9.10', 'localhost', '[::1]']) {
      for (const key of [KEY.toString('hex'), KEY.toString('base64'), KEY.toString('base64url')]) {
        const { whatsapp: read } = server(`ws://${host}:4000/ws`, key).daemon
        expect(read).toEqual({
          webSocketUrl: `ws://${host}:4000/ws`,
          noiseRootKey: KEY.toString('base64'),
          version: null,
          versionLookup: true,
        })
      }
    }
  })

  it.each([
    'wss://web.whatsapp.com/ws',
    'ws://127.0.0.1.example.com/',
    'ws://localhost.example.com/',
    'ws://127.0.0.1@example.com/',
    'ws://128.0.0.1/',
    'ws://0.0.0.0/',
    'ws://[::2]/',
  ])('takes no other root key with %s', (url) => {
    expect(problemsOf(() => server(url, KEY.toString('hex')))).toMatchObject([
      { code: 'root_key_needs_loopback', path: 'whatsappd.whatsapp.noiseRootKey' },
    ])
  })

  it('takes null for what is not set', () => {
    expect(
      daemon('whatsapp: { webSocketUrl: null, noiseRootKey: null, version: null }').daemon.whatsapp,
    ).toEqual({ webSocketUrl: null, noiseRootKey: null, version: null, versionLookup: true })
  })

  it.each([
    ["whatsapp: { webSocketUrl: 'http://127.0.0.1/' }", 'whatsappd.whatsapp.webSocketUrl'],
    ["whatsapp: { webSocketUrl: 'ws://127.0.0.1', noiseRootKey: 'abc' }", 'whatsappd.whatsapp.noiseRootKey'],
    ['whatsapp: { version: [2, 3000] }', 'whatsappd.whatsapp.version'],
    ['listen: { port: 65536 }', 'whatsappd.listen.port'],
    ["log: { level: 'loud' }", 'whatsappd.log.level'],
  ])('%s is refused at its place', (text, path) => {
    expect(problemsOf(() => daemon(text))).toMatchObject([{ path, line: 1 }])
  })

  it('keeps the origin of an allowed page and nothing more', () => {
    expect(daemon("allowedOrigins: ['https://a.example/dashboard?x']").daemon.allowedOrigins).toEqual([
      'https://a.example',
    ])
  })
})
