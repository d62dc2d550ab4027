import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../../src/client/client.ts'
import type { ClientState, ClientStateChange } from '../../../src/client/client-events.ts'
import { ScriptedDaemon } from './scripted-daemon.ts'

let daemon: ScriptedDaemon
let client: WhatsappdClient
let asked: number
let states: ClientState[]

beforeEach(async () => {
  daemon = new ScriptedDaemon()
  await daemon.start()
  asked = 0
})

afterEach(async () => {
  client.close()
  await daemon.stop()
})

/** A client whose n-th token is the n-th of these; the last one from then on. */
function clientWith(...tokens: string[]): void {
  const token = async (): Promise<string> => tokens[Math.min(asked++, tokens.length - 1)] ?? ''
  client = new WhatsappdClient({ url: daemon.url, token, WebSocket, random: () => 0.02 })
  states = []
  client.on('state', ({ state }) => states.push(state))
}

function nextSnapshot(): Promise<void> {
  return new Promise((resolve) => {
    const off = client.on('snapshot', () => {
      off()
      resolve()
    })
  })
}

test('a refused token is asked for anew, once', async () => {
  clientWith('stale', daemon.token)
  await client.connect()
  expect([asked, states]).toEqual([2, ['connecting', 'ready']])
})

test('a second refusal is final until connect is called', async () => {
  clientWith('stale', 'wrong')
  await expect(client.connect()).rejects.toMatchObject({ code: 'unauthorized' })
  expect([asked, client.state]).toEqual([2, 'unauthorized'])
})

test.each([
  ['expired', 4440],
  ['whose key was replaced', 4403],
])('a token %s is replaced at once, without a word of being offline', async (_how, code) => {
  clientWith(daemon.token)
  await client.connect()
  const again = nextSnapshot()
  daemon.drop(code)
  await again
  expect([asked, states, client.state]).toEqual([2, ['connecting', 'ready'], 'ready'])
})

test.each([
  ['expired', 4440, 'token_expired'],
  ['was withdrawn', 4403, 'token_revoked'],
])(
  'a token that %s and cannot be replaced was refused, and nothing is offline',
  async (_how, code, reason) => {
    client = new WhatsappdClient({ url: daemon.url, token: daemon.token, WebSocket, random: () => 0.02 })
    await client.connect()
    const next = new Promise<ClientStateChange>((resolve) => client.on('state', resolve))
    daemon.drop(code)
    const { state, error, retryInMs } = await next
    expect([state, error?.code, error?.details, retryInMs]).toEqual([
      'unauthorized',
      'unauthorized',
      { reason },
      null,
    ])
  },
)

test('tells what the token may call', async () => {
  daemon.methods = ['session.ping', 'config.get']
  clientWith(daemon.token)
  expect(client.can('config.get')).toBe(false)
  await client.connect()
  expect([client.can('config.get'), client.can('accounts.link')]).toEqual([true, false])
  expect(client.access?.scopes).toContain('read')
})

test('a token function that fails is no daemon that is offline, and is asked again', async () => {
  let fails = true
  asked = 0
  client = new WhatsappdClient({
    url: daemon.url,
    token: () => {
      asked++
      if (fails) throw new TypeError('Failed to fetch')
      return daemon.token
    },
    WebSocket,
    random: () => 0.02,
  })
  const failure = new Promise<ClientStateChange>((resolve) => {
    client.on('state', (change) => {
      if (change.error !== null) resolve(change)
    })
  })
  const connected = client.connect()
  const { state, error, retryInMs } = await failure
  expect([state, error?.code, error?.retryable]).toEqual(['token_unavailable', 'token_unavailable', true])
  expect(error?.action).not.toBe(undefined)
  expect(retryInMs).not.toBe(null)
  fails = false
  await connected
  expect([asked > 1, client.state]).toEqual([true, 'ready'])
})

test.each([
  ['nothing', async () => '', 'token_unavailable'],
  ['no text', async () => undefined as unknown as string, 'token_unavailable'], // as scripts without types do
  ['nothing in time', () => new Promise<string>(() => {}), 'token_unavailable'],
  [
    'that there is none',
    // As an error class of another bundle has it.
    () => Promise.reject(Object.assign(new Error('signed out'), { code: 'unauthorized' })),
    'unauthorized',
  ],
])('a token function that answers with %s', async (_answer, token, code) => {
  client = new WhatsappdClient({
    url: daemon.url,
    token,
    WebSocket,
    reconnect: false,
    requestTimeoutMs: 200,
  })
  await expect(client.connect()).rejects.toMatchObject({ code })
  expect(daemon.requests).toEqual([])
})

test.each(['', undefined])('a token that is %o was refused, and is not tried for ever', async (token) => {
  client = new WhatsappdClient({ url: daemon.url, token: token as string, WebSocket }) // as scripts without types do
  await expect(client.connect()).rejects.toMatchObject({
    code: 'unauthorized',
    details: { reason: 'invalid_token' },
  })
})
