import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../../src/client/client.ts'
import { RequestError } from '../../../src/client/request-error.ts'
import { DaemonError } from '../../../src/protocol/errors.ts'
import { ScriptedDaemon } from './scripted-daemon.ts'

let daemon: ScriptedDaemon
let client: WhatsappdClient

beforeEach(async () => {
  daemon = new ScriptedDaemon()
  await daemon.start()
  client = new WhatsappdClient({ url: daemon.url, token: daemon.token, WebSocket, requestTimeoutMs: 2_000 })
  await client.connect()
})

afterEach(async () => {
  client.close()
  await daemon.stop()
})

test('resolves with the result of its own request', async () => {
  daemon.handlers['config.addAllowFrom'] = ({ allowFrom }) => ({ revision: 'r2', allowFrom })
  const results = await Promise.all(
    ['+15555550101', '+15555550102'].map((number) =>
      client.request('config.addAllowFrom', { allowFrom: [number] }),
    ),
  )
  expect(results.map(({ allowFrom }) => allowFrom)).toEqual([['+15555550101'], ['+15555550102']])
})

test('rejects with everything that the daemon said about a failure', async () => {
  daemon.handlers['config.setAllowFrom'] = () => {
    throw new DaemonError('invalid_phone_number', {
      message: 'too short',
      action: 'Add the country code.',
      details: { value: '+1 555' },
    })
  }
  const failure = await client
    .request('config.setAllowFrom', { allowFrom: ['+1 555'] })
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(RequestError)
  expect(failure).toMatchObject({
    code: 'invalid_phone_number',
    message: 'too short',
    action: 'Add the country code.',
    retryable: false,
    details: { value: '+1 555' },
  })
})

test('an answer that does not come is a timeout, and a late one changes nothing', async () => {
  daemon.silent.add('config.get')
  await expect(client.request('config.get', {}, { timeoutMs: 30 })).rejects.toMatchObject({
    code: 'timeout',
    retryable: true,
  })
  daemon.sendRaw(JSON.stringify({ jsonrpc: '2.0', id: 3, result: {} }))
  await client.request('session.ping', {})
})

test('a lost connection rejects what was under way', async () => {
  daemon.silent.add('config.get')
  const arrived = daemon.nextRequest('config.get')
  const answer = client.request('config.get', {})
  await arrived
  daemon.drop()
  await expect(answer).rejects.toMatchObject({ code: 'connection_lost', retryable: true })
})

test('requests while the daemon is away fail at once', async () => {
  const offline = new Promise<void>((resolve) => {
    client.on('state', ({ state }) => state === 'daemon_offline' && resolve())
  })
  await daemon.stop()
  await offline
  await expect(client.request('session.ping', {})).rejects.toMatchObject({ code: 'daemon_offline' })
})

test('more than 256 requests at once are refused instead of queued', async () => {
  daemon.silent.add('config.get')
  const answers = Array.from({ length: 257 }, () =>
    client
      .request('config.get', {})
      .catch((error: unknown) => (error instanceof RequestError ? error.code : '')),
  )
  client.close()
  const codes = await Promise.all(answers)
  expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(1)
  expect(codes.filter((code) => code === 'closed')).toHaveLength(256)
})

test('a frame that is not of the protocol ends the connection', async () => {
  const failed = new Promise((resolve) => client.on('state', ({ error }) => resolve(error?.code)))
  daemon.sendRaw('[]')
  expect(await failed).toBe('incompatible')
})
