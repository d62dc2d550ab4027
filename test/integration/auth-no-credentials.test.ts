import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogger } from '../../src/observability/log/logger.ts'
import { METHOD_NAMES } from '../../src/protocol/methods.ts'
import { AUDIENCE, ISSUER, SUBJECT, claims, hs256 } from '../contract/support/tokens.ts'
import { WireClient } from '../contract/support/wire-client.ts'
import { CommandLine } from '../support/command-line.ts'
import { methodParams } from '../support/method-params.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

/** Anything shorter would be found by chance. */
const SHORTEST_SECRET_BYTES = 16
const PARAMS = methodParams({
  person: '+15550003333',
  stranger: '+15550002222',
  message: 'none',
  otherMessage: 'none',
  account: 'second',
})
const JWT_SECRET = 'the-secret-of-a-dashboard-that-nobody-may-see'

describe('whatever leaves the control plane', () => {
  let stack: Stack
  let client: WireClient
  let dashboard: WireClient
  let recording = ''
  const secrets = new Set<string>()
  const called = new Set<string>()
  const record = (text: string): void => void (recording += `${text}\n`)

  beforeEach(async () => {
    recording = ''
    secrets.clear()
    called.clear()
    const logger = createLogger({ level: 'trace', format: 'json', destination: { write: record } })
    // All one-time keys, as with WhatsApp: each of them is a secret to look for.
    const simulator = { habits: { wantsAllPreKeys: true } }
    stack = await Stack.start({ allowFrom: [ALICE, OWNER], logger, simulator })
    await trustDashboard()
    client = await connect(localToken())
    dashboard = await connect(hs256(claims(), JWT_SECRET))
  })
  afterEach(async () => {
    client.close()
    dashboard.close()
    await stack.stop()
  })

  const localToken = (): string => readFileSync(join(stack.stateDir, 'token'), 'utf8').trim()

  async function trustDashboard(): Promise<void> {
    writeFileSync(join(stack.directory, 'jwt-secret'), JWT_SECRET, { mode: 0o600 })
    const config = JSON.parse(stack.readConfig()) as { whatsappd: Record<string, unknown> }
    const jwtKeys = [{ secret: { file: 'jwt-secret' } }]
    config.whatsappd['auth'] = { jwtKeys, issuer: ISSUER, audience: AUDIENCE, subjects: [SUBJECT] }
    writeFileSync(stack.configPath, JSON.stringify(config))
    await stack.untilEvent('config.applied')
  }

  async function connect(token: string): Promise<WireClient> {
    const connected = new WireClient(`${stack.url.replace('http', 'ws')}/v1/ws`)
    connected.socket.on('message', (data: Buffer) => record(withoutQr(data.toString('utf8'))))
    const send = connected.sendText.bind(connected)
    connected.sendText = (text) => {
      called.add((JSON.parse(text) as { method: string }).method)
      send(text)
    }
    await connected.authenticate(token)
    await connected.request('session.subscribe')
    return connected
  }

  /** Every stored key and credential of this moment: they change, and are erased at the end. */
  function collectSecrets(): void {
    const database = new DatabaseSync(join(stack.stateDir, 'accounts', 'default', 'account.db'))
    const rows = database
      .prepare('SELECT value FROM credentials UNION ALL SELECT value FROM signal_keys')
      .all() as { value: string }[]
    database.close()
    for (const { value } of rows) {
      for (const word of value.match(/[A-Za-z0-9+/]{22,}={0,2}/g) ?? []) {
        if (Buffer.from(word, 'base64').length >= SHORTEST_SECRET_BYTES) secrets.add(word)
      }
    }
  }

  /** The named ones, so that a change of how they are stored does not quietly empty the search. */
  function namedCredentials(): Record<string, unknown> {
    const database = new DatabaseSync(join(stack.stateDir, 'accounts', 'default', 'account.db'))
    const row = database.prepare('SELECT value FROM credentials').get() as { value: string }
    database.close()
    return JSON.parse(row.value) as Record<string, unknown>
  }

  async function callEverything(): Promise<void> {
    const harmless = METHOD_NAMES.filter((name) => /\.(list|get|ping|status|messages)$/.test(name))
    for (const name of harmless) {
      await client.call(name, {})
      await dashboard.call(name, {})
    }
    for (const each of [client, dashboard]) {
      await each.request('session.prove', { challenge: 'sixteen characters and more' })
      await each.request('config.listEntries', { list: 'allowFrom' })
    }
    await client.request('session.createLoginLink')
    await dashboard.call('session.createLoginLink')
    for (const path of [
      '/',
      '/livez',
      '/readyz',
      '/card.js',
      '/page.js',
      '/metrics',
      '/v1/session',
      '/nothing',
    ]) {
      for (const headers of [{}, { authorization: `Bearer ${localToken()}` }]) {
        const response = await fetch(`${stack.url}${path}`, { headers })
        record(JSON.stringify([...response.headers]))
        record(await response.text())
      }
    }
    const status = await CommandLine.run(['status', '--json', '--state-dir', stack.stateDir])
    record(status.stdout + status.stderr)
  }

  async function talk(): Promise<void> {
    const question = await stack.alice.sendText(OWNER, 'a question')
    await stack.alice.waitForText('a question')
    await stack.alice.edit(question, 'another question')
    await stack.mallory.sendText(OWNER, 'a stranger')
    await stack.alice.sendText(OWNER, 'by number', { addressing: 'pn' })
    await stack.alice.waitForText('by number')
    stack.simulator.faults.garbageFrame()
    await stack.alice.sendText(OWNER, 'after the garbage')
    await stack.alice.waitForText('after the garbage')
    await client.call('config.addAllowFrom', { allowFrom: [MALLORY] })
    await client.call('config.removeAllowFrom', { allowFrom: [MALLORY] })
    await client.call('config.setAllowFrom', { allowFrom: ['12'] })
  }

  /** What changes something, of a second account where it would end the talk; what is refused is recorded too. */
  async function changeEverything(): Promise<void> {
    await client.request('accounts.ignoreSender', { phoneNumber: '+15550001111' })
    await client.request('accounts.activity', { since: '2026-01-02T00:00:00.000Z' })
    await client.request('accounts.create', { id: 'second', name: 'Second' })
    const account = 'second'
    await client.request('accounts.link', { account })
    await client.request('accounts.cancelLink', { account })
    await client.request('accounts.setEnabled', { account, enabled: false })
    await client.request('accounts.remove', { account })
    await client.request('config.update', { changes: [{ path: 'typing', value: false }] })
    for (const method of ['accounts.takeOver', 'accounts.reconnect']) {
      await client.request(method)
      await stack.untilState('connected')
    }
    await client.call('conversations.setContact', { conversation: ALICE, fields: { name: 'Ann' } })
    await client.call('conversations.forget', { conversation: ALICE, confirm: true })
    // What is left names nobody and nothing that is there; the link is ended last.
    const left = METHOD_NAMES.filter((name) => !called.has(name) && name !== 'accounts.disconnect')
    for (const name of left) await client.call(name, PARAMS[name])
  }

  it('holds no byte of a credential: linked by QR and by code, talked to, edited, disconnected', async () => {
    const offer = await client.request('accounts.link', { method: 'qr' })
    await stack.owner.scan(String(offer['qr']))
    await stack.untilState('connected')
    collectSecrets()
    await callEverything()
    await talk()
    await changeEverything()
    collectSecrets()
    for (const name of [
      'noiseKey',
      'signedIdentityKey',
      'signedPreKey',
      'pairingEphemeralKeyPair',
      'advSecretKey',
    ]) {
      const [stored = ''] = JSON.stringify(namedCredentials()[name]).match(/[A-Za-z0-9+/]{42,}={0,2}/) ?? []
      expect(secrets, name).toContain(stored)
    }
    await client.request('accounts.disconnect', {})
    const { code } = (await client.request('accounts.link', { method: 'code', phoneNumber: OWNER })) as {
      code: string
    }
    collectSecrets()
    await expect
      .poll(() =>
        stack.owner.enterCode(code).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    await stack.untilState('connected')
    await talk()
    collectSecrets()
    await callEverything()
    await client.request('accounts.disconnect', {})
    await stack.stopDaemon()

    secrets.add(Buffer.from(localToken(), 'base64url').toString('base64'))
    secrets.add(Buffer.from(JWT_SECRET).toString('base64'))
    expect(secrets.size).toBeGreaterThan(100)
    expect(recording.length).toBeGreaterThan(50_000)
    expect(recording).toContain('account.qr')
    expect(METHOD_NAMES.filter((name) => !called.has(name))).toEqual([])
    expect(findAny(recording, secrets)).toEqual([])
    expect(recording).not.toContain(localToken())
  })

  it('is searched so that it would be found in any notation', () => {
    const key = Buffer.from('0123456789abcdef0123456789abcdef', 'hex')
    const secret = new Set([key.toString('base64')])
    const notations = ['base64', 'base64url', 'hex', 'latin1'] as const
    for (const notation of notations) expect(findAny(`x${key.toString(notation)}y`, secret)).toHaveLength(1)
    expect(findAny(JSON.stringify({ key }), secret)).toHaveLength(1)
    expect(findAny(key.toString('hex').toUpperCase(), secret)).toHaveLength(1)
  })
})

/** A QR has to hold what links a device: it is for scope `link` alone. Everything around it counts. */
function withoutQr(frame: string): string {
  return frame.replaceAll(/"qr":"[^"]*"/g, '"qr":""')
}

/** Those of the secrets (base64) that stand in the text: raw, in base64, base64url or hex, or as a list of bytes. */
function findAny(text: string, found: ReadonlySet<string>): string[] {
  const lower = text.toLowerCase()
  return [...found].filter((secret) => {
    const bytes = Buffer.from(secret, 'base64')
    const start = bytes.subarray(0, SHORTEST_SECRET_BYTES)
    return (
      text.includes(withoutPadding(start.toString('base64'))) ||
      text.includes(withoutPadding(start.toString('base64url'))) ||
      lower.includes(start.toString('hex')) ||
      text.includes(start.toString('latin1')) ||
      text.includes([...start].join(','))
    )
  })
}

/** The last character of an unpadded part depends on what follows it. */
function withoutPadding(text: string): string {
  return text.replace(/=+$/, '').slice(0, -1)
}
