import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../src/client/client.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import { ALICE, MALLORY, OWNER } from '../support/stack.ts'

const MAIN = new URL('../../dist/main.js', import.meta.url).pathname
/** Anything shorter would be found by chance. */
const SHORTEST_SECRET = 16

// libsignal prints whole sessions, private keys included, with console.*; a redacting logger never sees that.
describe('a full run of the built daemon', () => {
  let directory = ''
  let simulator: Simulator
  let daemon: ChildProcess
  let output = ''

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'output-'))
    simulator = new Simulator()
    await simulator.start()
    for (const [phoneNumber, name] of [
      [OWNER, 'Olivia'],
      [ALICE, 'Alicia'],
      [MALLORY, 'Malvina'],
    ] as const) {
      simulator.createPhone({ phoneNumber, name })
    }
  })
  afterEach(async () => {
    daemon.kill('SIGKILL')
    await simulator.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  const phone = (number: string) => {
    const found = simulator.phone(number)
    if (found === undefined) throw new Error(`no phone ${number}`)
    return found
  }

  async function startDaemon(): Promise<WhatsappdClient> {
    const config = join(directory, 'config.json5')
    const { webSocketUrl, noiseRootKey } = simulator
    const log = { level: 'debug', format: 'json' }
    const channels = { whatsapp: { allowFrom: [ALICE, OWNER] } }
    writeFileSync(
      config,
      JSON.stringify({ channels, whatsappd: { log, whatsapp: { webSocketUrl, noiseRootKey } } }),
    )
    const state = join(directory, 'state')
    daemon = spawn(process.execPath, [MAIN, 'run', '--config', config, '--state-dir', state, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const keep = (chunk: Buffer): void => {
      output += chunk.toString()
    }
    daemon.stdout?.on('data', keep)
    daemon.stderr?.on('data', keep)
    await expect.poll(() => existsSync(join(state, 'daemon.json'))).toBe(true)
    const { host, port } = JSON.parse(readFileSync(join(state, 'daemon.json'), 'utf8')) as {
      host: string
      port: number
    }
    const token = readFileSync(join(state, 'token'), 'utf8').trim()
    const client = new WhatsappdClient({ url: `ws://${host}:${port}/v1/ws`, token, WebSocket })
    await client.connect()
    return client
  }

  /** Every string in the stored credentials and keys that could be a key: base64 of sixteen bytes and more. */
  function storedSecrets(): string[] {
    const database = new DatabaseSync(join(directory, 'state', 'accounts', 'default', 'account.db'))
    const rows = database
      .prepare('SELECT value FROM credentials UNION ALL SELECT value FROM signal_keys')
      .all() as { value: string }[]
    database.close()
    const words = rows.flatMap(({ value }) => value.match(/[A-Za-z0-9+/]{22,}={0,2}/g) ?? [])
    return [...new Set(words)].filter((word) => word.length >= SHORTEST_SECRET)
  }

  it('prints no key, QR, code, number or text, at any log level, whatever goes wrong', async () => {
    const client = await startDaemon()
    const offer = await client.request('accounts.link', { method: 'qr' })
    if (offer.method !== 'qr') throw new Error('not a QR')
    await phone(OWNER).scan(offer.qr)
    await phone(ALICE).sendText(OWNER, 'a most private sentence')
    await phone(ALICE).waitForText('a most private sentence')
    await phone(MALLORY).sendText(OWNER, 'a stranger whispers')
    // New sessions make libsignal close old ones, which it prints.
    await phone(ALICE).sendText(OWNER, 'by number', { addressing: 'pn' })
    await phone(ALICE).waitForText('by number')
    simulator.faults.garbageFrame()
    await phone(ALICE).sendText(OWNER, 'after the garbage')
    await phone(ALICE).waitForText('after the garbage', 20_000)
    const secrets = storedSecrets()
    expect(secrets.length).toBeGreaterThan(800)
    daemon.kill('SIGTERM')
    await once(daemon, 'exit')
    client.close()

    expect(output).toContain('connected')
    const printed = new Set(output.match(/[A-Za-z0-9+/]{22,}={0,2}/g) ?? [])
    expect(secrets.filter((secret) => printed.has(secret) || output.includes(secret.slice(0, 40)))).toEqual(
      [],
    )
    const token = readFileSync(join(directory, 'state', 'token'), 'utf8').trim()
    for (const secret of [
      offer.qr,
      token,
      'private sentence',
      'whispers',
      'privKey',
      'SessionEntry',
      '<Buffer',
    ]) {
      expect(output).not.toContain(secret)
    }
    for (const number of [OWNER, ALICE, MALLORY]) expect(output).not.toContain(number.slice(1))
    for (const name of ['Olivia', 'Alicia', 'Malvina']) expect(output).not.toContain(name)
  })
})
