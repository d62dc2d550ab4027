import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { CONNECTORS } from '../../../../src/agents/registry.ts'
import { agentDirectories } from '../../../../src/agents/programs/agent-directories.ts'
import type { Config } from '../../../../src/config/model.ts'
import { resolveConfig } from '../../../../src/config/read/resolve.ts'
import { SandboxRedactor } from '../../../../src/config/secrets/sandbox-redactor.ts'
import { SecretReader } from '../../../../src/config/secrets/secret-reader.ts'
import { redactText } from '../../../../src/text/redaction/redact-text.ts'

const LOCAL_TOKEN = 'L0cal-Token_of-this-sandbox_0123456789abcdef'
let home: string
let env: NodeJS.ProcessEnv
let clock: number

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'whatsappd-redactor-'))
  env = {
    HOME: home,
    OTHER_TOKEN: 'value-of-other-1',
    OUTER_KEY: 'value-of-outer-2',
    LANG: 'en_US.UTF-8',
    STAGE: 'production',
  }
  clock = 0
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
})

/** What is left of a text where this file is in force. */
function redactorOf(file: object): (text: string) => string {
  const read = (): Config =>
    resolveConfig(JSON.stringify(file), { env, directory: home, connectors: CONNECTORS })
  const config = read()
  const redactor = new SandboxRedactor({
    config: () => config,
    configPath: () => join(home, 'config', 'sandbox.json5'),
    stateDirectory: '/var/lib/whatsappd',
    env,
    secrets: new SecretReader({ env, logger: pino({ level: 'silent' }), now: () => clock }),
    agentDirectories: ({ accounts }) =>
      agentDirectories(accounts, { environment: env, stateDirectory: '/var/lib/whatsappd' }),
    localToken: () => LOCAL_TOKEN,
    connectedSecrets: () => [],
    isOwnToken: () => false,
  })
  return (text) => redactText(text, redactor.current).text
}

it('knows the directories as they are, also behind symbolic links', () => {
  mkdirSync(join(home, 'real agent'))
  symlinkSync(join(home, 'real agent'), join(home, 'agent'))
  const agent = { connector: 'command', program: '/bin/true', workingDirectory: join(home, 'agent') }
  const without = redactorOf({
    channels: {
      whatsapp: { authDir: '/srv/whatsapp/auth', agents: { ada: agent, eve: { connector: 'echo' } } },
    },
  })
  for (const path of [
    '/var/lib/whatsappd',
    '/srv/whatsapp/auth',
    home,
    join(home, 'agent'),
    realpathSync(join(home, 'agent')),
    join(home, 'config'),
    join(home, 'config', 'sandbox.json5'),
    join(home, '.local/share/whatsappd/agents/default/eve'),
  ])
    expect(without(`in ${path}, x`)).toBe('in [removed], x')
  expect(without('in /var/lib/dpkg and /etc/hosts')).toBe('in /var/lib/dpkg and /etc/hosts')
})

it('knows the secrets that the file refers to and the local token, and no other value', () => {
  writeFileSync(join(home, 'key'), 'key-of-a-file-3\n')
  const without = redactorOf({
    channels: {
      whatsapp: {
        messagePrefix: '${OTHER_TOKEN} ',
        agents: {
          ada: {
            connector: 'command',
            program: '/bin/true',
            environment: {
              API_KEY: { file: join(home, 'key') },
              NODE_ENV: { env: 'STAGE' },
              TZ: 'Europe/Berlin',
              BOT_TOKEN: 'token-in-clear-4',
              PLACE: { env: 'OUTER_KEY' },
            },
          },
        },
      },
    },
  })
  for (const secret of [
    'value-of-other-1',
    'value-of-outer-2',
    'key-of-a-file-3',
    'token-in-clear-4',
    LOCAL_TOKEN,
  ])
    expect(without(`it is ${secret}.`)).toBe('it is [removed].')
  const plain = 'In production, at Europe/Berlin, with sk-example-12345678.'
  expect(without(plain)).toBe(plain)
})

it('follows a secret that is rotated', () => {
  const file = join(home, 'key')
  writeFileSync(file, 'the-first-key-1')
  const agent = { connector: 'openai-chat', baseUrl: 'http://127.0.0.1/v1', model: 'm', apiKey: { file } }
  const without = redactorOf({ channels: { whatsapp: { agents: { ada: agent } } } })
  expect(without('the-first-key-1 the-second-key-2')).toBe('[removed] the-second-key-2')
  writeFileSync(file, 'the-second-key-2')
  // While a file is touched it may be in the middle of its replacement.
  without('')
  clock += 1_000
  expect(without('the-first-key-1 the-second-key-2')).toBe('the-first-key-1 [removed]')
})

it('takes a key that begins with a slash for a key, and a directory in a variable for a directory', () => {
  env['SLASH_KEY'] = '/9j/4AAQSkZJRgABAQ'
  env['PLACE'] = join(home, 'place')
  mkdirSync(env['PLACE'])
  const without = redactorOf({
    channels: {
      whatsapp: {
        messagePrefix: '${PLACE} ',
        agents: {
          ada: { connector: 'command', program: '/bin/true', environment: { K: { env: 'SLASH_KEY' } } },
        },
      },
    },
  })
  expect(without(`x/9j/4AAQSkZJRgABAQx and ${env['PLACE']}/a`)).toBe('x[removed]x and [removed]/a')
})

it('tells by its name whether a variable is a secret', () => {
  const secrets = {
    OPENAI_API_KEY: 'value-number-1',
    GITHUBTOKEN: 'value-number-2',
    DB_PASS: 'value-number-3',
    HOOK_URL: 'https://hooks.example.com/services/T024BE7LD/aB3dEfGhIjKlMnOp12',
    BOT_URL: 'https://api.example.org/bot123456:AAHdqTcvCH1vGWJxfSe/sendMessage',
  }
  const others = {
    TZ: 'Europe/Berlin',
    MODEL: 'claude-model-4',
    AGENT_NAME: 'Ada Lovelace',
    AUTHOR: 'Grace M. Hopper',
    KEYBOARD: 'de-nodeadkeys',
    MONKEY: 'Curious George',
  }
  Object.assign(env, secrets, others)
  const written = Object.keys({ ...secrets, ...others }).map((name) => `\${${name}}`)
  const without = redactorOf({
    channels: {
      whatsapp: {
        messagePrefix: written.join(' '),
        agents: {
          ada: {
            connector: 'command',
            program: '/bin/true',
            environment: { LANG: { env: 'LANG' }, ZONE: 'Europe/Berlin' },
          },
        },
      },
    },
  })
  const plain = `${Object.values(others).join(', ')}, ${env['LANG']}`
  expect(without(plain)).toBe(plain)
  expect(without('value-number-1 value-number-2 value-number-3')).toBe('[removed] [removed] [removed]')
  expect(without('POST to aB3dEfGhIjKlMnOp12 or 123456:AAHdqTcvCH1vGWJxfSe')).toBe(
    'POST to [removed] or [removed]',
  )
})

/** Each text of an answer looked at every directory of every agent anew. */
it('looks at the directories of agents every ten seconds, and where the config is another', () => {
  const directories = ['/srv/agents/ada']
  let looks = 0
  const read = (): Config => resolveConfig('{}', { env, directory: home, connectors: CONNECTORS })
  let config = read()
  const redactor = new SandboxRedactor({
    config: () => config,
    configPath: () => join(home, 'config', 'sandbox.json5'),
    stateDirectory: '/var/lib/whatsappd',
    env,
    secrets: new SecretReader({ env, logger: pino({ level: 'silent' }), now: () => clock }),
    agentDirectories: () => {
      looks += 1
      return [...directories]
    },
    localToken: () => LOCAL_TOKEN,
    connectedSecrets: () => [],
    isOwnToken: () => false,
    clock: () => clock,
  })
  const without = (text: string): string => redactText(text, redactor.current).text
  for (let text = 0; text < 100; text += 1) expect(without('in /srv/agents/ada')).toBe('in [removed]')
  expect(looks).toBe(1)
  directories.push('/srv/agents/eve')
  clock += 10_000
  expect(without('in /srv/agents/eve')).toBe('in [removed]')
  directories.push('/srv/agents/zoe')
  config = read()
  expect(without('in /srv/agents/zoe')).toBe('in [removed]')
  expect(looks).toBe(3)
})
