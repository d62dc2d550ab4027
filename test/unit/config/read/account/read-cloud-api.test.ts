import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../../../src/agents/registry.ts'
import { ConfigError } from '../../../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../../../src/config/read/resolve.ts'
import type { AccountConfig, Config } from '../../../../../src/config/model.ts'

const ENVIRONMENT = {
  WHATSAPP_ACCESS_TOKEN: 'EAAtoken',
  WHATSAPP_PHONE_NUMBER_ID: '106540352242922',
  WHATSAPP_BUSINESS_ACCOUNT_ID: '102290129340398',
  WHATSAPP_WEBHOOK_VERIFY_TOKEN: 'verify me',
  WHATSAPP_APP_SECRET: 'a1b2c3',
  WHATSAPP_API_VERSION: 'v24.0',
}

function resolved(file: object, env: NodeJS.ProcessEnv = {}): Config {
  return resolveConfig(JSON.stringify(file), { directory: '/sandbox', env, connectors: CONNECTORS })
}

function account(channel: object, env: NodeJS.ProcessEnv = {}, id = 'default'): AccountConfig {
  const found = resolved({ channels: { whatsapp: channel } }, env).accounts[id]
  if (found === undefined) throw new Error(`there is no account ${id}`)
  return found
}

function refusalsOf(channel: object): string[] {
  try {
    account(channel)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path, message }) => `${path}: ${message}`)
    throw error
  }
}

describe('the variables of the environment', () => {
  it('are the defaults of the default account, with where each comes from', () => {
    const { cloudApi, isTransportSet } = account({}, ENVIRONMENT)
    expect(isTransportSet).toBe(false)
    expect(cloudApi).toMatchObject({
      provider: 'meta',
      phoneNumberId: { value: '106540352242922', origin: 'environment', place: 'WHATSAPP_PHONE_NUMBER_ID' },
      businessAccountId: { value: '102290129340398' },
      accessToken: { value: { env: 'WHATSAPP_ACCESS_TOKEN' }, origin: 'environment' },
      appSecrets: { value: [{ env: 'WHATSAPP_APP_SECRET' }] },
      verifyToken: { value: { env: 'WHATSAPP_WEBHOOK_VERIFY_TOKEN' } },
      apiVersion: { value: 'v24.0' },
      baseUrl: 'https://graph.facebook.com',
      mediaHosts: ['lookaside.fbsbx.com'],
    })
  })

  it('name one number: a further account does not get its ids', () => {
    const { cloudApi } = account({ accounts: { default: {}, shop: {} } }, ENVIRONMENT, 'shop')
    expect(cloudApi.phoneNumberId).toBeNull()
    expect(cloudApi.businessAccountId).toBeNull()
  })

  it('come from the section "env" of the file, too, where the environment has none', () => {
    const file = {
      env: {
        WHATSAPP_ACCESS_TOKEN: 'in the file',
        vars: { WHATSAPP_PHONE_NUMBER_ID: 106540352242922, WHATSAPP_ACCESS_TOKEN: 'in vars' },
        shellEnv: { enabled: true },
      },
    }
    const one = resolved(file).accounts['default']?.cloudApi
    expect(one?.accessToken).toEqual({
      value: { literal: 'in vars' },
      origin: 'environment',
      place: 'env.vars.WHATSAPP_ACCESS_TOKEN',
    })
    expect(one?.phoneNumberId?.value).toBe('106540352242922')
    const other = resolved(file, ENVIRONMENT).accounts['default']?.cloudApi
    expect(other?.accessToken?.value).toEqual({ env: 'WHATSAPP_ACCESS_TOKEN' })
  })

  it('of ElizaOS say that a phone is linked', () => {
    const { isTransportSet, transport } = account({}, { ...ENVIRONMENT, WHATSAPP_AUTH_METHOD: 'baileys' })
    expect([isTransportSet, transport]).toEqual([true, 'linked-device'])
  })
})

describe('the file', () => {
  it('wins, value by value, and an account over the root', () => {
    const channel = {
      cloudApi: { businessAccountId: '1', accessToken: { file: 'token' } },
      accounts: { default: { cloudApi: { phoneNumberId: '2' } } },
    }
    const { cloudApi } = account(channel, ENVIRONMENT)
    expect(cloudApi.phoneNumberId).toEqual({
      value: '2',
      origin: 'config',
      place: 'channels.whatsapp.accounts.default.cloudApi.phoneNumberId',
    })
    expect(cloudApi.businessAccountId?.value).toBe('1')
    expect(cloudApi.accessToken?.value).toEqual({ file: '/sandbox/token' })
    expect(cloudApi.appSecrets?.origin).toBe('environment')
  })

  it('may give two app secrets while one is replaced', () => {
    const { cloudApi } = account({ cloudApi: { appSecret: [{ env: 'NEW' }, { env: 'OLD' }] } })
    expect(cloudApi.appSecrets?.value).toEqual([{ env: 'NEW' }, { env: 'OLD' }])
  })

  it('of ElizaOS has the same under flat names', () => {
    const { cloudApi, transport, isTransportSet } = account({
      transport: 'cloudapi',
      accessToken: '${WHATSAPP_ACCESS_TOKEN}',
      phoneNumberId: '2',
      webhookVerifyToken: 'verify',
      apiVersion: 'v24.0',
    })
    expect([transport, isTransportSet]).toEqual(['cloud-api', true])
    expect(cloudApi.accessToken?.value).toEqual({ env: 'WHATSAPP_ACCESS_TOKEN' })
    expect(cloudApi.phoneNumberId).toEqual({
      value: '2',
      origin: 'config',
      place: 'channels.whatsapp.phoneNumberId',
    })
    expect(cloudApi.verifyToken?.value).toEqual({ literal: 'verify' })
    expect(cloudApi.apiVersion?.value).toBe('v24.0')
  })

  it('has the addresses of 360dialog for that provider', () => {
    const { cloudApi } = account({ cloudApi: { provider: '360dialog' } })
    expect([cloudApi.baseUrl, cloudApi.mediaHosts]).toEqual(['https://waba-v2.360dialog.io', []])
  })
})

it.each([
  ['an id with letters', { phoneNumberId: 'WABA-1' }, 'is not the phone number itself'],
  ['the phone number as id', { phoneNumberId: '+15551234567' }, 'is not the phone number itself'],
  ['an id without quotes', { businessAccountId: 102290129340398 }, 'in quotes'],
  ['a version without the v', { apiVersion: '25' }, 'such as v25.0'],
  ['a foreign server without encryption', { baseUrl: 'http://graph.example' }, 'https://'],
  ['a name that only begins like this machine', { baseUrl: 'http://localhost.example' }, 'https://'],
  ['an address among the media hosts', { mediaHosts: ['https://x.example/y'] }, 'without https:// and path'],
])('refuses %s', (_what, cloudApi, words) => {
  const [problem = ''] = refusalsOf({ cloudApi })
  expect(problem).toContain('channels.whatsapp.cloudApi.')
  expect(problem).toContain(words)
})

it('takes http:// to this machine', () => {
  expect(refusalsOf({ cloudApi: { baseUrl: 'http://127.0.0.1:9000' } })).toEqual([])
})

it.each(['v19.0', 'v20.0', 'v21.0'])('says that %s has ended, or ends soon', (apiVersion) => {
  const { notices } = resolved({ channels: { whatsapp: { cloudApi: { apiVersion } } } })
  expect(notices.map(({ code }) => code)).toEqual(['old_version'])
})

it('says nothing of a version that lives', () => {
  expect(resolved({ channels: { whatsapp: { cloudApi: { apiVersion: 'v25.0' } } } }).notices).toEqual([])
})
