import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../../src/agents/registry.ts'
import type { Config } from '../../../../src/config/model.ts'
import { ConfigError } from '../../../../src/config/problems/config-error.ts'
import { Expansions } from '../../../../src/config/read/expansions.ts'
import { resolveConfig } from '../../../../src/config/read/resolve.ts'
import type { ConfigProblem } from '../../../../src/protocol/config/config-problem.ts'

const ALICE = '+15555550101'
const ENV = { ALICE, HOME: '/home/ada', DATA: '/srv/data', GREETING: 'Hello', EMPTY: '', _X9: 'under' }

const resolve = (channel: object, daemon: object = {}, env: NodeJS.ProcessEnv = ENV): Config =>
  resolveConfig(JSON.stringify({ channels: { whatsapp: channel }, whatsappd: daemon }, null, 1), {
    directory: '/etc/sandbox',
    env,
    connectors: CONNECTORS,
  })

const accountOf = (channel: object, env?: NodeJS.ProcessEnv) => {
  const account = resolve(channel, {}, env).accounts['default']
  if (account === undefined) throw new Error('no account')
  return account
}

function problemsOf(channel: object, daemon: object = {}): readonly ConfigProblem[] {
  try {
    resolve(channel, daemon)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('a reference to a variable', () => {
  it.each([
    ['${GREETING}', 'Hello'],
    ['<${GREETING}, ${GREETING}>', '<Hello, Hello>'],
    ['${_X9}', 'under'],
    ['$${GREETING}', '${GREETING}'],
    ['$$${GREETING}', '$${GREETING}'],
    ['${greeting} ${} ${GREETING', '${greeting} ${} ${GREETING'],
    ['$GREETING', '$GREETING'],
    ['${1A}', '${1A}'],
  ])('%s is %s', (written, expanded) => {
    expect(accountOf({ messagePrefix: written }).messagePrefix).toBe(expanded)
  })

  it('is expanded once: a value that looks like one stays', () => {
    const env = { ...ENV, GREETING: '${ALICE} $${ALICE} ~/x' }
    expect(accountOf({ messagePrefix: '${GREETING}' }, env).messagePrefix).toBe(env.GREETING)
  })

  it('has every text between references as it is', () => {
    const part = fc.oneof(
      fc.string().filter((text) => !/[${}]/.test(text)),
      fc.constantFrom('${GREETING}', '${DATA}', '$${DATA}'),
    )
    const meaning = new Map([
      ['${GREETING}', 'Hello'],
      ['${DATA}', '/srv/data'],
      ['$${DATA}', '${DATA}'],
    ])
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const expected = parts.map((each) => meaning.get(each) ?? each).join('')
        expect(new Expansions(ENV).expand(parts.join(''), [])).toBe(expected)
      }),
    )
  })

  it('counts in lists, in objects and in accounts, and never in a key', () => {
    const { accounts } = resolve(
      {
        agents: { ada: { connector: 'openai-chat', baseUrl: 'http://${HOST_NAME}/v1', model: '${MODEL}' } },
        accounts: { work: { allowFrom: ['${ALICE}'] } },
      },
      {},
      { ...ENV, HOST_NAME: 'models.example', MODEL: 'llama' },
    )
    expect(accounts['work']).toMatchObject({
      access: { allowFrom: [ALICE] },
      agents: { ada: { settings: { baseUrl: 'http://models.example/v1', model: 'llama' } } },
    })
    const { badEntries } = resolve({ senders: { '${ALICE}': { name: 'Alice' } } })
    expect(badEntries?.problems).toMatchObject([{ path: 'channels.whatsapp.senders.${ALICE}' }])
  })
})

describe('a variable that is not set, or is empty', () => {
  it.each(['MISSING', 'EMPTY'])('%s in a list of people is a problem of that entry', (name) => {
    const { accounts, badEntries } = resolve({
      allowFrom: [ALICE, `\${${name}}`],
      groupAllowFrom: [`\${${name}}`],
    })
    expect(accounts['default']?.access.allowFrom).toEqual([ALICE])
    expect(badEntries?.problems).toMatchObject([
      {
        code: 'unset_variable',
        path: 'channels.whatsapp.allowFrom[1]',
        line: 6,
        message: expect.stringContaining(`The environment variable ${name} is not set.`),
      },
      { code: 'unset_variable', path: 'channels.whatsapp.groupAllowFrom[0]' },
    ])
    // Nobody is named who could be read, and nobody else is answered for that.
    expect(accounts['default']?.groupAccess).toMatchObject({
      groupAllowFrom: [],
      unreadable: { entries: true },
    })
  })

  it('in the list of one group is a problem of that entry, and nobody is allowed there instead', () => {
    const { accounts, badEntries } = resolve({ groups: { '1203@g.us': { allowFrom: ['${MISSING}'] } } })
    expect(accounts['default']?.groupAccess.groups['1203@g.us']?.allowFrom).toEqual([])
    expect(badEntries?.problems).toMatchObject([
      { code: 'unset_variable', path: 'channels.whatsapp.groups.1203@g.us.allowFrom[0]' },
    ])
  })

  it('is a problem of a setting, at its place, and keeps the file from being used', () => {
    const agents = { ada: { connector: 'openai-chat', baseUrl: 'http://${MISSING}/v1', model: 'x' } }
    expect(
      problemsOf({ messagePrefix: 'a ${MISSING} ${EMPTY}', authDir: '${MISSING}/x', agents }),
    ).toMatchObject([
      {
        code: 'unset_variable',
        path: 'channels.whatsapp.messagePrefix',
        line: 4,
        message: expect.stringContaining('variables MISSING, EMPTY are not set'),
      },
      { code: 'unset_variable', path: 'channels.whatsapp.authDir' },
      { code: 'unset_variable', path: 'channels.whatsapp.agents.ada.baseUrl' },
    ])
  })

  it('is reported once where the text would be wrong too', () => {
    expect(problemsOf({ dmPolicy: '${MISSING}' })).toHaveLength(1)
  })

  it('does not matter in a key of another tool', () => {
    expect(
      problemsOf({ accessToken: '${MISSING}', groups: { '*': { tools: { a: '${MISSING}' } } } }),
    ).toEqual([])
  })
})

describe('a secret', () => {
  const agentWith = (apiKey: string, env?: NodeJS.ProcessEnv) =>
    resolve(
      { agents: { ada: { connector: 'openai-chat', baseUrl: 'http://a/v1', model: 'm', apiKey } } },
      {},
      env,
    )

  it('that is one variable is read when it is used, like { env: … }, and is no part of the config', () => {
    for (const env of [{ OPENAI_API_KEY: 'sk-0123456789' }, {}]) {
      const config = agentWith('${OPENAI_API_KEY}', env)
      expect(config.accounts['default']?.agents['ada']?.settings['apiKey']).toEqual({ env: 'OPENAI_API_KEY' })
      expect(config.notices).toEqual([])
      expect(JSON.stringify({ ...config, variables: undefined })).not.toContain('sk-0123456789')
    }
  })

  it('with a variable in it is complete, and is not written in clear text', () => {
    const config = agentWith('key-${GREETING}')
    expect(config.accounts['default']?.agents['ada']?.settings['apiKey']).toEqual({ literal: 'key-Hello' })
    expect(config.notices).toEqual([])
  })

  it('of every other place is read in the same way', () => {
    const key = {
      jwtKeys: [{ secret: '${JWT}' }],
      issuer: 'https://${HOST_NAME}',
      audience: 'a',
      subjects: ['u'],
    }
    const { daemon, notices } = resolve(
      {},
      { auth: key, lock: { redis: { url: '${REDIS_URL}' } } },
      { HOST_NAME: 'issuer.example' },
    )
    expect(daemon.auth.jwtKeys).toEqual([{ id: null, secret: { env: 'JWT' } }])
    expect(daemon.auth.issuer).toBe('https://issuer.example')
    expect(daemon.lock?.url).toEqual({ env: 'REDIS_URL' })
    expect(notices.map(({ code }) => code)).toEqual(['unusable_key'])
    const publicKey = { ...key, issuer: 'i', jwtKeys: [{ publicKey: '${PEM}' }] }
    expect(resolve({}, { auth: publicKey }).daemon.auth.jwtKeys).toEqual([
      { id: null, publicKey: { env: 'PEM' } },
    ])
  })
})

describe('a path', () => {
  const auth = (file: string) => ({
    jwtKeys: [{ publicKey: { file } }, { secret: { file } }],
    issuer: 'i',
    audience: 'a',
    subjects: ['u'],
  })
  const filesOf = (raw: string) => {
    const config = resolve(
      {
        authDir: raw,
        agents: {
          ada: { connector: 'openai-chat', baseUrl: 'http://a/v1', model: 'm', apiKey: { file: raw } },
        },
      },
      { auth: auth(raw), lock: { redis: { url: { file: raw } } } },
    )
    return JSON.parse(
      JSON.stringify([
        { file: config.accounts['default']?.authDir },
        config.accounts['default']?.agents['ada']?.settings['apiKey'],
        ...config.daemon.auth.jwtKeys.map((key) => ('secret' in key ? key.secret : key.publicKey)),
        config.daemon.lock?.url,
      ]),
    ).map(({ file }: { file: string }) => file)
  }

  it.each([
    ['~', '/home/ada'],
    ['~/wa/home', '/home/ada/wa/home'],
    ['${DATA}/wa', '/srv/data/wa'],
    ['./~/wa', '/etc/sandbox/~/wa'],
    ['wa~1', '/etc/sandbox/wa~1'],
    ['/abs/~', '/abs/~'],
  ])('%s is %s in every setting that holds one', (raw, path) => {
    expect(new Set(filesOf(raw))).toEqual(new Set([path]))
  })

  it.each([
    ['~alice/wa', '"~alice" is not expanded'],
    ['~wa', '"~wa" is not expanded'],
    ['${data}/wa', 'a variable is written ${NAME}, in capitals'],
  ])('%s is refused in every one of them instead of becoming a name', (raw, message) => {
    const problems = problemsOf(
      {
        authDir: raw,
        agents: {
          ada: { connector: 'openai-chat', baseUrl: 'http://a/v1', model: 'm', apiKey: { file: raw } },
        },
      },
      { auth: auth(raw), lock: { redis: { url: { file: raw } } } },
    )
    expect(problems.map(({ code }) => code)).toEqual(Array.from({ length: 5 }, () => 'invalid_value'))
    for (const problem of problems) expect(problem.message).toContain(message)
  })

  it('of WHATSAPP_AUTH_DIR may begin with ~ too', () => {
    expect(accountOf({}, { HOME: '/home/ada', WHATSAPP_AUTH_DIR: '~/wa' }).authDir).toBe('/home/ada/wa')
  })
})

describe('bounds', () => {
  it('refuses a text that becomes too long, and texts that do together', () => {
    const env = { LONG: 'x'.repeat(60_000) }
    const expansions = new Expansions(env)
    expect(expansions.expand('${LONG}${LONG}', ['a'])).toBe('${LONG}${LONG}')
    expect(expansions.at(['a'])?.failure?.code).toBe('too_large')
    const many = Array.from({ length: 30 }, () => '${LONG}')
    const expanded = expansions.expand(many, ['b'])
    expect(JSON.stringify(expanded).length).toBeLessThan(1_100_000)
    expect(expansions.failuresIn(['b']).length).toBeGreaterThan(10)
  })

  it('never builds a text beyond them', () => {
    const expansions = new Expansions({ LONG: 'x'.repeat(100_000) })
    const before = process.memoryUsage().rss
    expansions.expand('${LONG}'.repeat(100_000), [])
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000)
  })
})
