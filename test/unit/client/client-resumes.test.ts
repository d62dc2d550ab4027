import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../../src/client/client.ts'
import type { EventMeta } from '../../../src/client/client-events.ts'
import { ScriptedDaemon } from './scripted-daemon.ts'

let daemon: ScriptedDaemon
let client: WhatsappdClient
let seen: { revision: string; meta: EventMeta }[]
let waiting: { revision: string; resolve: () => void }[]

beforeEach(async () => {
  daemon = new ScriptedDaemon()
  await daemon.start()
  client = new WhatsappdClient({
    url: daemon.url,
    token: daemon.token,
    WebSocket,
    random: () => 0.02,
    pingIntervalMs: 60_000,
  })
  seen = []
  waiting = []
  client.on('config.applied', ({ revision }, meta) => {
    seen.push({ revision, meta })
    for (const each of waiting.filter((one) => one.revision === revision)) each.resolve()
  })
  await client.connect()
})

afterEach(async () => {
  client.close()
  await daemon.stop()
})

function apply(revision: string): void {
  daemon.publish('config.applied', { revision, changed: [] })
}

function waitFor(revision: string): Promise<void> {
  return new Promise((resolve) => waiting.push({ revision, resolve }))
}

async function reconnected(): Promise<void> {
  await new Promise<void>((resolve) => client.on('snapshot', () => resolve()))
}

test('events published while away arrive once, in order, marked as replayed', async () => {
  const first = waitFor('1')
  apply('1')
  await first
  const third = waitFor('3')
  daemon.drop()
  apply('2')
  apply('3')
  await third
  const fourth = waitFor('4')
  apply('4')
  await fourth
  expect(seen.map(({ revision, meta }) => [revision, meta.replayed])).toEqual([
    ['1', false],
    ['2', true],
    ['3', true],
    ['4', false],
  ])
  expect(daemon.requests.filter(({ method }) => method === 'session.subscribe').at(-1)?.params).toEqual({
    since: 1,
  })
})

test('an event that comes again is dropped', async () => {
  const first = waitFor('1')
  apply('1')
  await first
  daemon.sendRaw(
    JSON.stringify({
      jsonrpc: '2.0',
      method: 'config.applied',
      params: { revision: '1', changed: [], eventId: 1, at: new Date().toISOString() },
    }),
  )
  const second = waitFor('2')
  apply('2')
  await second
  expect(seen.map(({ revision }) => revision)).toEqual(['1', '2'])
})

test('a daemon whose log began anew is followed from there', async () => {
  for (const revision of ['1', '2', '3']) apply(revision)
  await client.request('session.ping', {})
  daemon.log.length = 0
  const back = reconnected()
  daemon.drop()
  await back
  const again = waitFor('new')
  apply('new')
  await again
  expect(seen.at(-1)?.meta.eventId).toBe(1)
})

test('after a gap it continues after the snapshot', async () => {
  apply('1')
  await client.request('session.ping', {})
  daemon.gap = true
  const back = reconnected()
  daemon.drop()
  apply('2')
  apply('3')
  await back
  const fourth = waitFor('4')
  apply('4')
  await fourth
  expect(seen.map(({ revision }) => revision)).toEqual(['1', '4'])
})

test('secret events have no number and are never asked for again', async () => {
  const offered = new Promise<EventMeta>((resolve) =>
    client.on('account.qr', (_offer, meta) => resolve(meta)),
  )
  daemon.publish('account.qr', {
    account: 'default',
    method: 'qr',
    qr: 'qr',
    sequence: 1,
    remaining: 5,
    expiresAt: new Date().toISOString(),
  })
  expect((await offered).eventId).toBeNull()
})

test('a payload keeps the time that is its own', async () => {
  const received = new Promise((resolve) => client.on('message.blocked', resolve))
  const blocked = {
    account: 'default',
    phoneNumber: '+15555550166',
    name: null,
    reason: 'not_allowed',
    at: '2026-03-03T12:00:00.000Z',
  } as const
  daemon.publish('message.blocked', blocked)
  expect(await received).toEqual(blocked)
})

test("the daemon's clock is known", async () => {
  daemon.clockAheadMs = 60_000
  const back = reconnected()
  daemon.drop()
  await back
  expect(client.clockOffsetMs).toBeGreaterThan(50_000)
  expect(client.clockOffsetMs).toBeLessThan(70_000)
})

test('a silent daemon is noticed by an unanswered ping', async () => {
  const impatient = new WhatsappdClient({
    url: daemon.url,
    token: daemon.token,
    WebSocket,
    reconnect: false,
    pingIntervalMs: 20,
    pingTimeoutMs: 60,
  })
  await impatient.connect()
  const lost = new Promise((resolve) => impatient.on('state', ({ error }) => resolve(error?.code)))
  daemon.silent.add('session.ping')
  expect(await lost).toBe('connection_lost')
})

test('a network that may have changed is probed at once, and a daemon that does not answer is lost', async () => {
  const patient = new WhatsappdClient({
    url: daemon.url,
    token: daemon.token,
    WebSocket,
    reconnect: false,
    pingIntervalMs: 600_000,
    pingTimeoutMs: 50,
  })
  await patient.connect()
  const asked = daemon.nextRequest('session.ping')
  patient.probe()
  await asked
  expect(patient.state).toBe('ready')
  const lost = new Promise((resolve) => patient.on('state', ({ error }) => resolve(error?.code)))
  daemon.silent.add('session.ping')
  patient.probe()
  expect(await lost).toBe('connection_lost')
  expect(Date.now() - (patient.lastHeardAt ?? 0)).toBeGreaterThanOrEqual(50)
})

test('a daemon that sends other things meanwhile is not lost', async () => {
  daemon.silent.add('session.ping')
  const patient = new WhatsappdClient({
    url: daemon.url,
    token: daemon.token,
    WebSocket,
    pingIntervalMs: 600_000,
    pingTimeoutMs: 60,
  })
  await patient.connect()
  const states: string[] = []
  patient.on('state', ({ state }) => states.push(state))
  const talk = setInterval(() => daemon.publish('config.applied', { revision: 'r', changed: [] }), 15)
  patient.probe()
  for (let pings = 0; pings < 3; pings++) await daemon.nextRequest('session.ping')
  clearInterval(talk)
  expect(states).toEqual([])
  patient.close()
})

test('between two attempts a probe is the next attempt', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const waiting = new WhatsappdClient({ url: daemon.url, token: daemon.token, WebSocket, random: () => 0.99 })
  try {
    await waiting.connect()
    const lost = new Promise((resolve) => waiting.on('state', resolve))
    daemon.drop()
    await lost
    const back = new Promise((resolve) => waiting.on('snapshot', resolve))
    waiting.probe()
    await back
  } finally {
    waiting.close()
    vi.useRealTimers()
  }
})

test('an attempt that hangs begins anew after a probe', async () => {
  const hanging = new WhatsappdClient({
    url: daemon.url,
    token: daemon.token,
    WebSocket,
    random: () => 0.01,
    pingTimeoutMs: 50,
  })
  await hanging.connect()
  daemon.silent.add('session.authenticate')
  const asked = daemon.nextRequest('session.authenticate')
  daemon.drop()
  await asked
  const again = daemon.nextRequest('session.authenticate')
  hanging.probe()
  await again
  daemon.silent.clear()
  const back = new Promise((resolve) => hanging.on('snapshot', resolve))
  hanging.probe()
  await back
  expect(daemon.connections).toBe(2)
  hanging.close()
})
