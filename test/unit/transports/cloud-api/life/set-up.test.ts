import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import type { BusinessCredentials } from '../../../../../src/transports/cloud-api/credentials/business-credentials.ts'
import {
  ConnectionFile,
  NO_CONNECTION,
} from '../../../../../src/transports/cloud-api/credentials/connection-file.ts'
import type { GraphAnswer } from '../../../../../src/transports/cloud-api/graph/graph-client.ts'
import { problemOfCode } from '../../../../../src/transports/cloud-api/graph/graph-problem.ts'
import { BusinessFactsStore } from '../../../../../src/transports/cloud-api/life/business-facts.ts'
import { setUp } from '../../../../../src/transports/cloud-api/life/set-up.ts'
import type { SetUpRequest } from '../../../../../src/transports/cloud-api/life/set-up-context.ts'

const HOUR_MS = 3_600_000
const NUMBER = '106'
const ACCOUNT = '102'

let directory: string
let database: Database
let file: ConnectionFile
let facts: BusinessFactsStore
let now: number
let asked: string[]
/** By `METHOD path`; what is not here works. */
let answers: Map<string, unknown>
let credentials: BusinessCredentials

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'set-up-'))
  database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  file = new ConnectionFile(directory)
  facts = new BusinessFactsStore(database)
  now = 1_800_000_000_000
  asked = []
  answers = new Map<string, unknown>([
    [
      'GET debug_token',
      {
        data: {
          is_valid: true,
          expires_at: 0,
          scopes: ['whatsapp_business_messaging', 'whatsapp_business_management'],
        },
      },
    ],
    [`GET ${ACCOUNT}/phone_numbers`, { data: [{ id: NUMBER }] }],
    [
      `GET ${NUMBER}`,
      {
        display_phone_number: '+1 555-000-9000',
        verified_name: 'Corner Shop',
        platform_type: 'CLOUD_API',
        status: 'CONNECTED',
      },
    ],
    [`GET ${ACCOUNT}/subscribed_apps`, { data: [{}] }],
  ])
  credentials = {
    provider: 'meta',
    phoneNumberId: NUMBER,
    businessAccountId: ACCOUNT,
    accessToken: 'EAAtoken',
    appSecrets: ['app'],
    demandsSignature: true,
    verifyToken: 'verify',
    apiVersion: 'v25.0',
    baseUrl: 'https://graph.facebook.com',
    mediaHosts: [],
    pathSecret: null,
    source: 'config',
  }
})
afterEach(() => {
  database.close()
  rmSync(directory, { recursive: true })
})

const code = (number: number, details = ''): GraphAnswer => ({
  ok: false,
  problem: problemOfCode({ code: number, details }),
})

function run() {
  return setUp({
    credentials: () => ({
      ...credentials,
      phoneNumberId: file.current?.phoneNumberId ?? credentials.phoneNumberId,
    }),
    ask: async ({ method, path }: SetUpRequest): Promise<GraphAnswer> => {
      asked.push(`${method} ${path}`)
      const answer = answers.get(`${method} ${path}`) ?? { success: true }
      return typeof answer === 'object' && 'ok' in answer
        ? (answer as GraphAnswer)
        : { ok: true, body: answer }
    },
    facts,
    file,
    report: (step, state) => facts.update({ steps: { ...facts.current.steps, [step]: state } }),
    nameOf: (key) => `cloudApi.${key}`,
    now: () => now,
    newPin: () => '123456',
  })
}

const states = (): Record<string, string> =>
  Object.fromEntries(Object.entries(facts.current.steps).map(([step, { state }]) => [step, state]))

it('of a number that is registered checks and subscribes, and registers nothing', async () => {
  expect(await run()).toEqual({ isUp: true, later: null })
  expect(states()).toEqual({
    token: 'done',
    permissions: 'done',
    number: 'done',
    register: 'done',
    subscribe: 'done',
  })
  expect(facts.current.number).toMatchObject({
    displayNumber: '+1 555-000-9000',
    verifiedName: 'Corner Shop',
  })
  expect(asked).not.toContain(`POST ${NUMBER}/register`)
  asked = []
  await run()
  expect(asked).not.toContain(`POST ${ACCOUNT}/subscribed_apps`)
})

describe('a number that is not registered', () => {
  const fresh = {
    display_phone_number: '+1 555-000-9000',
    platform_type: 'NOT_APPLICABLE',
    status: 'PENDING',
  }
  beforeEach(() => answers.set(`GET ${NUMBER}`, fresh))

  it('is left alone until somebody asks for it: it may be in use elsewhere', async () => {
    expect(await run()).toMatchObject({ isUp: false, failure: { reason: 'number_not_registered' } })
    expect(asked).not.toContain(`POST ${NUMBER}/register`)
  })

  it('is registered with a PIN that was on the disk before', async () => {
    facts.update({ mayRegister: true })
    let stored: string | null | undefined
    answers.set(`POST ${NUMBER}/register`, { success: true })
    const before = file.store.bind(file)
    file.store = (connection) => {
      stored = asked.includes(`POST ${NUMBER}/register`) ? 'after' : connection.pin
      before(connection)
    }
    expect(await run()).toMatchObject({ isUp: true })
    expect(stored).toBe('123456')
    expect(new ConnectionFile(directory).current?.pin).toBe('123456')
  })

  it('is not registered again when it is taken off the Cloud API later: nobody asked for that', async () => {
    facts.update({ mayRegister: true })
    expect(await run()).toMatchObject({ isUp: true })
    answers.set(`GET ${NUMBER}`, { ...fresh, status: 'DISCONNECTED' })
    asked = []
    expect(await run()).toMatchObject({ isUp: false, failure: { reason: 'number_not_registered' } })
    expect(asked).not.toContain(`POST ${NUMBER}/register`)
  })

  it('that moves here from another provider is registered once the app is subscribed', async () => {
    facts.update({ mayRegister: true })
    answers.set(`GET ${NUMBER}`, { ...fresh, status: 'MIGRATED' })
    expect(await run()).toMatchObject({ isUp: true })
    const [subscribed, registered] = [`POST ${ACCOUNT}/subscribed_apps`, `POST ${NUMBER}/register`]
    expect(asked.indexOf(subscribed)).toBeLessThan(asked.indexOf(registered))
    expect(asked.indexOf(subscribed)).toBeGreaterThan(-1)
  })

  it('that has a PIN which nobody gave is not guessed', async () => {
    answers.set(`GET ${NUMBER}`, { ...fresh, is_pin_enabled: true })
    facts.update({ mayRegister: true })
    expect(await run()).toMatchObject({ failure: { reason: 'wrong_pin' } })
    expect(asked).not.toContain(`POST ${NUMBER}/register`)
  })

  it('whose PIN was wrong takes another one, and does not try the same again', async () => {
    answers.set(`GET ${NUMBER}`, { ...fresh, is_pin_enabled: true })
    facts.update({ mayRegister: true })
    file.store({ ...NO_CONNECTION, pin: '111111' })
    answers.set(`POST ${NUMBER}/register`, code(133_005))
    expect(await run()).toMatchObject({ failure: { reason: 'wrong_pin' } })
    asked = []
    facts.update({ mayRegister: true })
    expect(await run()).toMatchObject({ failure: { reason: 'wrong_pin' } })
    expect(asked).not.toContain(`POST ${NUMBER}/register`)
  })

  it.each([
    [133_005, '', 'wrong_pin'],
    [133_006, '', 'number_unverified'],
    [100, 'The number is registered with another provider', 'number_elsewhere'],
    [100, 'This number is in use in the WhatsApp Messenger app', 'number_in_phone_app'],
    [100, 'No.', 'register_failed'],
    [190, '', 'access_token_revoked'],
  ])(
    'after code %i "%s" waits for a person, and asks no second time by itself',
    async (number, details, reason) => {
      facts.update({ mayRegister: true })
      answers.set(`POST ${NUMBER}/register`, code(number, details))
      const first = await run()
      expect(first).toMatchObject({ isUp: false, failure: { kind: 'end', reason } })
      if (first.isUp || first.failure.kind === 'wait') throw new Error('it came up')
      facts.update({ end: { reason: first.failure.reason, detail: null, until: null } })
      asked = []
      expect(await run()).toMatchObject({ isUp: false, failure: { reason } })
      expect(asked).not.toContain(`POST ${NUMBER}/register`)
    },
  )

  it.each([
    [133_008, '', 12],
    [133_008, 'Too many PIN guesses in 1 hour. Please try again in 1 day and 12 hours.', 36],
    [133_009, '', 1],
    [133_009, 'Wait 10 minutes before the next guess.', 10 / 60],
    [133_015, '', 5 / 60],
    [133_016, '', 72],
    [133_016, 'Try again in 99999 minutes.', 72],
  ])('after code %i "%s" is tried again when the time is over', async (number, details, hours) => {
    facts.update({ mayRegister: true })
    answers.set(`POST ${NUMBER}/register`, code(number, details))
    const result = await run()
    const until = now + hours * HOUR_MS
    expect(result).toMatchObject({ failure: { reason: 'register_later', until } })
    expect(states()['register']).toBe('waiting')
    facts.update({ end: { reason: 'register_later', detail: null, until } })
    asked = []
    await run()
    expect(asked).not.toContain(`POST ${NUMBER}/register`)
    now = until
    answers.delete(`POST ${NUMBER}/register`)
    expect(await run()).toMatchObject({ isUp: true })
    expect(asked).toContain(`POST ${NUMBER}/register`)
  })
})

it('of a number that was registered already when somebody connected it is not registered when it is moved away', async () => {
  facts.update({ mayRegister: true })
  expect(await run()).toMatchObject({ isUp: true })
  answers.set(`GET ${NUMBER}`, { platform_type: 'CLOUD_API', status: 'MIGRATED' })
  expect(await run()).toMatchObject({ isUp: false, failure: { reason: 'number_elsewhere' } })
  expect(asked).not.toContain(`POST ${NUMBER}/register`)
})

describe('coexistence', () => {
  beforeEach(() => {
    credentials.phoneNumberId = ''
    file.store({ ...NO_CONNECTION, accessToken: 'EAA', isCoexistence: true })
    facts.update({ mayRegister: true, connectedAt: now })
    answers.set(`GET ${NUMBER}`, { status: 'PENDING', platform_type: 'CLOUD_API', is_on_biz_app: true })
  })

  it('looks the number up, never registers it, and asks for each sync once', async () => {
    expect(await run()).toMatchObject({ isUp: true })
    expect(file.current?.phoneNumberId).toBe(NUMBER)
    expect(asked).not.toContain(`POST ${NUMBER}/register`)
    expect(asked.filter((each) => each.endsWith('/smb_app_data'))).toHaveLength(2)
    await run()
    expect(asked.filter((each) => each.endsWith('/smb_app_data'))).toHaveLength(2)
  })

  it('asks for no sync after 24 hours', async () => {
    facts.update({ connectedAt: now - 25 * HOUR_MS })
    await run()
    expect(asked.filter((each) => each.endsWith('/smb_app_data'))).toEqual([])
    expect(states()['sync']).toBe('skipped')
  })

  it('asks once an hour for a sync that Meta refused: a day later it would be over', async () => {
    answers.set(`POST ${NUMBER}/smb_app_data`, code(200))
    expect(await run()).toMatchObject({ isUp: true, later: { kind: 'wait', retryAfterMs: HOUR_MS } })
    expect(states()['sync']).toBe('failed')
    answers.delete(`POST ${NUMBER}/smb_app_data`)
    expect(await run()).toEqual({ isUp: true, later: null })
    expect(states()['sync']).toBe('done')
  })

  it('does not choose among several numbers', async () => {
    answers.set(`GET ${ACCOUNT}/phone_numbers`, { data: [{ id: NUMBER }, { id: '107' }] })
    expect(await run()).toMatchObject({ failure: { reason: 'number_ambiguous' } })
  })
})

it.each([
  [
    'an expired token',
    'GET debug_token',
    { data: { is_valid: true, expires_at: 1 } },
    'access_token_expired',
  ],
  ['a token that is none', `GET ${ACCOUNT}/phone_numbers`, code(190), 'access_token_revoked'],
  [
    'an expired one, by the answer',
    `GET ${ACCOUNT}/phone_numbers`,
    { ok: false, problem: problemOfCode({ code: 190, subcode: 463 }) },
    'access_token_expired',
  ],
  ['a token that ends meanwhile', `POST ${ACCOUNT}/subscribed_apps`, code(190), 'access_token_revoked'],
  [
    'a token without a permission',
    'GET debug_token',
    { data: { is_valid: true, scopes: ['whatsapp_business_messaging'] } },
    'access_token_permission',
  ],
  [
    'a token that may not see the account',
    `GET ${ACCOUNT}/phone_numbers`,
    code(200),
    'access_token_permission',
  ],
  [
    'a number of another account',
    `GET ${ACCOUNT}/phone_numbers`,
    { data: [{ id: '999' }] },
    'number_not_found',
  ],
  ['a number that is banned', `GET ${NUMBER}`, { status: 'BANNED' }, 'business_banned'],
  [
    'a number that is still with another provider',
    `GET ${NUMBER}`,
    { status: 'MIGRATED' },
    'number_elsewhere',
  ],
  ['a number that was deleted', `GET ${NUMBER}`, { status: 'DELETED' }, 'number_unusable'],
])('stops at %s', async (_what, request, answer, reason) => {
  answers.set(request, answer)
  expect(await run()).toMatchObject({ isUp: false, failure: { kind: 'end', reason } })
})

it('shows a token that is not accepted as the step that failed', async () => {
  answers.set('GET debug_token', code(190)).set(`GET ${ACCOUNT}/phone_numbers`, code(190))
  await run()
  expect(states()).toMatchObject({ token: 'failed' })
})

it.each([100, 190])('goes on where Meta answers with code %i what a token permits', async (number) => {
  answers.set('GET debug_token', code(number))
  expect(await run()).toMatchObject({ isUp: true })
  expect(states()).toMatchObject({ token: 'done', permissions: 'skipped' })
})

it('works without the id of the Business account, and says what cannot be seen then', async () => {
  credentials.businessAccountId = null
  expect(await run()).toMatchObject({ isUp: true })
  expect(facts.current.steps.subscribe).toMatchObject({
    state: 'skipped',
    action: 'Set cloudApi.businessAccountId.',
  })
})

it('waits while Meta has a problem, with how long Meta says', async () => {
  answers.set(`GET ${ACCOUNT}/phone_numbers`, {
    ok: false,
    problem: problemOfCode({ code: 80_007, retryAfterMs: 60_000 }),
  })
  expect(await run()).toMatchObject({ isUp: false, failure: { kind: 'wait', retryAfterMs: 60_000 } })
})

it('subscribes the address of its own in a second call', async () => {
  file.store({
    ...NO_CONNECTION,
    accessToken: 'EAA',
    callbackUrl: 'https://x.example/webhooks/whatsapp/default',
  })
  await run()
  expect(asked.filter((each) => each === `POST ${ACCOUNT}/subscribed_apps`)).toHaveLength(2)
})

it('counts as up where it cannot subscribe: messages still go out', async () => {
  answers.set(`POST ${ACCOUNT}/subscribed_apps`, code(200))
  expect(await run()).toMatchObject({ isUp: true, later: { kind: 'wait', retryAfterMs: HOUR_MS } })
  expect(facts.current.steps.subscribe).toMatchObject({ state: 'failed', code: 'webhooks_not_subscribed' })
  answers.delete(`POST ${ACCOUNT}/subscribed_apps`)
  expect(await run()).toEqual({ isUp: true, later: null })
})
