import { expect, it } from 'vitest'
import { CONNECTORS } from '../../../../../src/agents/registry.ts'
import type { Config } from '../../../../../src/config/model.ts'
import { ConfigError } from '../../../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../../../src/config/read/resolve.ts'

function resolve(channel: string): Config {
  return resolveConfig(`{ channels: { whatsapp: ${channel} } }`, {
    directory: '/etc/sandbox',
    env: { HOST: 'speech.example' },
    connectors: CONNECTORS,
  })
}

const SERVER = "baseUrl: 'http://127.0.0.1:8000/v1', model: 'whisper-1'"

it('is nobody where nothing is said', () => {
  expect(resolve('{}').accounts['default']?.transcription).toBeNull()
})

it('has its key as a reference, and the defaults', () => {
  expect(
    resolve(`{ transcription: { ${SERVER}, apiKey: { file: 'key' } } }`).accounts['default']?.transcription,
  ).toEqual({
    baseUrl: 'http://127.0.0.1:8000/v1',
    model: 'whisper-1',
    apiKey: { file: '/etc/sandbox/key' },
    language: null,
    prompt: null,
    timeoutSeconds: 60,
    maxMinutes: 30,
  })
})

it('is that of the account as a whole: the key of the root is for the server of the root', () => {
  const { accounts } = resolve(`{
    transcription: { ${SERVER}, apiKey: { env: 'KEY' }, language: 'de' },
    accounts: { home: {}, shop: { transcription: { baseUrl: 'https://other.example', model: 'm' } }, quiet: { transcription: null } },
  }`)
  expect(accounts['home']?.transcription).toMatchObject({ apiKey: { env: 'KEY' }, language: 'de' })
  expect(accounts['shop']?.transcription).toMatchObject({
    baseUrl: 'https://other.example',
    apiKey: null,
    language: null,
  })
  expect(accounts['quiet']?.transcription).toBeNull()
})

it('says that a key stands in the file, and where', () => {
  const { notices } = resolve(
    `{ accounts: { shop: { transcription: { ${SERVER}, apiKey: 'sk-in-clear' } } } }`,
  )
  expect(notices).toMatchObject([
    { code: 'literal_secret', path: 'channels.whatsapp.accounts.shop.transcription.apiKey' },
  ])
  expect(JSON.stringify(notices)).not.toContain('sk-in-clear')
})

it('keeps what the file has for a text with a variable', () => {
  const account = resolve(`{ transcription: { baseUrl: 'https://\${HOST}/v1', model: 'm' } }`).accounts[
    'default'
  ]
  expect(account?.transcription?.baseUrl).toBe('https://speech.example/v1')
  expect(account?.written).toEqual({ 'transcription.baseUrl': 'https://${HOST}/v1' })
})

it.each([
  ["{ model: 'm' }", 'transcription.baseUrl'],
  ["{ baseUrl: 'ftp://x/', model: 'm' }", 'transcription.baseUrl'],
  [`{ ${SERVER}, language: 'German' }`, 'transcription.language'],
  [`{ ${SERVER}, prompt: 'a\\r\\nb' }`, 'transcription.prompt'],
  [`{ ${SERVER}, maxMinutes: 0 }`, 'transcription.maxMinutes'],
  [`{ ${SERVER}, headers: {} }`, 'transcription.headers'],
  ['true', 'transcription'],
])('refuses %s, and names the place', (transcription, path) => {
  let found: unknown
  try {
    resolve(`{ transcription: ${transcription} }`)
  } catch (error) {
    found = error
  }
  expect(found).toBeInstanceOf(ConfigError)
  expect((found as ConfigError).problems).toMatchObject([{ path: `channels.whatsapp.${path}` }])
})
