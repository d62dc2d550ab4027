import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../../../src/agents/registry.ts'
import { businessNames } from '../../../../../src/config/cloud-api-config.ts'
import { resolveConfig } from '../../../../../src/config/read/resolve.ts'
import { resolveSecret } from '../../../../../src/config/secrets/resolve-secret.ts'
import {
  ConnectionFile,
  NO_CONNECTION,
} from '../../../../../src/transports/cloud-api/credentials/connection-file.ts'
import { CredentialSource } from '../../../../../src/transports/cloud-api/credentials/credential-source.ts'

const COMPLETE = {
  WHATSAPP_ACCESS_TOKEN: 'EAAenv',
  WHATSAPP_PHONE_NUMBER_ID: '1',
  WHATSAPP_APP_SECRET: 'app',
}
const CONNECTED = {
  ...NO_CONNECTION,
  phoneNumberId: '7',
  businessAccountId: '8',
  accessToken: 'EAAconnected',
  appSecret: 'their app',
}

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'credentials-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

function sourceOf(cloudApi: object, env: NodeJS.ProcessEnv = {}): CredentialSource {
  const text = JSON.stringify({ channels: { whatsapp: { cloudApi } } })
  const settings = resolveConfig(text, { directory, env, connectors: CONNECTORS }).accounts['default']
    ?.cloudApi
  if (settings === undefined) throw new Error('there is no account')
  return new CredentialSource({
    settings: () => settings,
    names: () => businessNames('channels.whatsapp', true),
    readSecret: (reference) => resolveSecret(reference, env),
    file: new ConnectionFile(directory),
    made: () => ({ verifyToken: 'made', pathSecret: 'p'.repeat(22) }),
  })
}

it('takes what the environment has, and makes a verify token where nobody gives one', () => {
  expect(sourceOf({}, COMPLETE).current).toMatchObject({
    accessToken: 'EAAenv',
    phoneNumberId: '1',
    businessAccountId: null,
    appSecrets: ['app'],
    verifyToken: 'made',
    apiVersion: 'v25.0',
    pathSecret: null,
    source: 'environment',
  })
})

describe('what somebody connected', () => {
  beforeEach(() => new ConnectionFile(directory).store(CONNECTED))

  it('is for this user alone', () => {
    expect(statSync(join(directory, 'business.json')).mode & 0o777).toBe(0o600)
  })

  it('wins over variables, also where it lacks a value that they have: they may be of another number', () => {
    const env = { ...COMPLETE, WHATSAPP_BUSINESS_ACCOUNT_ID: '9' }
    expect(sourceOf({}, env).current).toMatchObject({
      accessToken: 'EAAconnected',
      phoneNumberId: '7',
      businessAccountId: '8',
      appSecrets: ['their app'],
      source: 'connected',
    })
  })

  it('yields to what the file refers to', () => {
    const env = { OTHER: 'EAAother' }
    const { current } = sourceOf({ accessToken: { env: 'OTHER' } }, env)
    expect(current).toMatchObject({ accessToken: 'EAAother', phoneNumberId: '7', source: 'config' })
  })

  it('that cannot be read is connected again, and keeps nothing else from being opened', () => {
    writeFileSync(join(directory, 'business.json'), '{"phone', { mode: 0o600 })
    expect(sourceOf({}).missing).toMatchObject({ reason: 'business_not_connected' })
    expect(ConnectionFile.isIn(directory)).toBe(true)
  })
})

describe('what somebody connected without a token', () => {
  const store = (connection: object): void =>
    new ConnectionFile(directory).store({ ...NO_CONNECTION, ...connection })

  it('completes a token of the environment', () => {
    store({ phoneNumberId: '7', businessAccountId: '8', appSecret: 'their app' })
    expect(sourceOf({}, { WHATSAPP_ACCESS_TOKEN: 'EAAenv' }).current).toMatchObject({
      accessToken: 'EAAenv',
      phoneNumberId: '7',
      businessAccountId: '8',
      appSecrets: ['their app'],
      source: 'environment',
    })
    expect(ConnectionFile.isIn(directory)).toBe(true)
  })

  it('counts one by one beside a number of the environment', () => {
    store({ appSecret: 'their app', verifyToken: 'theirs' })
    expect(sourceOf({}, COMPLETE).current).toMatchObject({
      phoneNumberId: '1',
      appSecrets: ['their app'],
      verifyToken: 'theirs',
    })
    expect(ConnectionFile.isIn(directory)).toBe(false)
  })

  it('is incomplete without a token, and the account stays one of a number', () => {
    store({ phoneNumberId: '7' })
    expect(sourceOf({}).missing).toMatchObject({
      reason: 'business_incomplete',
      detail: 'channels.whatsapp.cloudApi.accessToken or WHATSAPP_ACCESS_TOKEN',
    })
  })
})

it.each([
  ['nothing', {}, {}, 'business_not_connected', undefined],
  [
    'a token alone',
    {},
    { WHATSAPP_ACCESS_TOKEN: 'EAA' },
    'business_incomplete',
    'channels.whatsapp.cloudApi.phoneNumberId or WHATSAPP_PHONE_NUMBER_ID',
  ],
  [
    'an id alone',
    { phoneNumberId: '1' },
    {},
    'business_incomplete',
    'channels.whatsapp.cloudApi.accessToken or WHATSAPP_ACCESS_TOKEN',
  ],
  [
    'an app secret alone',
    {},
    { WHATSAPP_APP_SECRET: 'x' },
    'business_incomplete',
    'channels.whatsapp.cloudApi.accessToken or WHATSAPP_ACCESS_TOKEN; channels.whatsapp.cloudApi.phoneNumberId or WHATSAPP_PHONE_NUMBER_ID',
  ],
])('says of %s what is missing', (_what, cloudApi, env, reason, detail) => {
  const source = sourceOf(cloudApi, env)
  expect(source.current).toBeNull()
  expect(source.missing).toEqual({ reason, ...(detail !== undefined && { detail }) })
})

it.each([
  ['a space', 'EAA b', 'has a space in it'],
  ['a line break', 'EAA\nb', 'has a line break in it'],
  ['quotes', '"EAA"', 'has quotes around it'],
  ['letters of no token', 'EAÄ', 'has characters that no token has'],
])('does not use a token with %s, and names the variable and never the value', (_what, token, words) => {
  const { missing } = sourceOf({}, { ...COMPLETE, WHATSAPP_ACCESS_TOKEN: token })
  expect(missing?.reason).toBe('config_invalid')
  expect(missing?.detail).toContain(`WHATSAPP_ACCESS_TOKEN ${words}`)
  expect(missing?.detail).not.toContain(token)
})

it.each([
  ['WHATSAPP_PHONE_NUMBER_ID', '+1 555 123 4567'],
  ['WHATSAPP_BUSINESS_ACCOUNT_ID', 'my shop'],
  ['WHATSAPP_API_VERSION', '25'],
])('does not use %s that is none, and names it', (name, value) => {
  const { missing } = sourceOf({}, { ...COMPLETE, [name]: value })
  expect(missing).toMatchObject({ reason: 'config_invalid' })
  expect(missing?.detail).toContain(name)
})

it('names the variable that a reference leads to, where it is not set', () => {
  const { missing } = sourceOf({ phoneNumberId: '1', accessToken: { env: 'MY_TOKEN' } })
  expect(missing?.detail).toContain('MY_TOKEN')
})

it('at 360dialog gives a path secret of 128 bits, and takes a given one only where it is long', () => {
  const env = { ...COMPLETE, SHORT: 'short' }
  expect(sourceOf({ provider: '360dialog' }, env).current?.pathSecret).toBe('p'.repeat(22))
  const { missing } = sourceOf({ provider: '360dialog', pathSecret: { env: 'SHORT' } }, env)
  expect(missing?.detail).toContain('cloudApi.pathSecret')
})
