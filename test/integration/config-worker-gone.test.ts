import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../src/client/client.ts'
import { BUILT_MAIN, CommandLine } from '../support/command-line.ts'
import { inTime } from '../support/in-time.ts'

// The thread that reads long config files did not start, as after an update below a running daemon or without memory: the file
// was called unreadable, so that who was removed from a long list stayed allowed, and a new start allowed nobody.

const MODULES = join(import.meta.dirname, '../../node_modules')
const numbers = Array.from({ length: 3_000 }, (_, index) => `+1212${2_000_000 + index}`)
const textOf = (allowFrom: readonly string[]): string =>
  JSON.stringify({ channels: { whatsapp: { allowFrom } } }, null, 2)

let home: string
let command: CommandLine | null = null
let client: WhatsappdClient | null = null

beforeEach(() => {
  // Signs that mean something in an address, too.
  home = mkdtempSync(join(tmpdir(), 'whatsappd #1 %20 '))
  cpSync(dirname(BUILT_MAIN), join(home, 'dist'), { recursive: true })
  cpSync(join(MODULES, '../package.json'), join(home, 'package.json'))
  symlinkSync(MODULES, join(home, 'node_modules'))
})
afterEach(async () => {
  client?.close()
  await command?.end()
  rmSync(home, { recursive: true, force: true })
})

const WORKERS: Record<string, (path: string) => void> = {
  'that works': () => {},
  'whose file is missing': (path) => rmSync(path),
  'that throws at its start': (path) => writeFileSync(path, `throw new Error('broken')`),
  'that ends while it works': (path) =>
    writeFileSync(
      path,
      `import('node:worker_threads').then((it) => it.parentPort.on('message', () => process.exit(1)))`,
    ),
}

describe('a daemon with a long list and a thread for it', () => {
  it.each(Object.entries(WORKERS))('%s follows the file and edits it', async (_name, spoil) => {
    spoil(join(home, 'dist/evaluation-worker.js'))
    const [config, stateDir] = [join(home, 'sandbox.config.json5'), join(home, 'state')]
    writeFileSync(config, textOf(numbers))
    const main = join(home, 'dist/main.js')
    command = new CommandLine(['run', '--config', config, '--state-dir', stateDir, '--port', '0'], {}, main)
    const [, port] = await command.waitFor(/port (\d+)/)
    client = new WhatsappdClient({
      url: `ws://127.0.0.1:${port}/v1/ws`,
      token: readFileSync(join(stateDir, 'token'), 'utf8').trim(),
      WebSocket,
    })
    await client.connect()
    const started = await client.request('config.get', {})
    expect(started).toMatchObject({ problems: [], accounts: { default: { allowFromTotal: 3_000 } } })
    const applied = new Promise((resolve) => client?.on('config.applied', resolve))
    writeFileSync(config, textOf(numbers.slice(1)))
    await inTime('config.applied', applied)
    const { entries } = await client.request('config.listEntries', { list: 'allowFrom', limit: 1 })
    expect(entries).toEqual([numbers[1]])
    const removed = await client.request('config.removeAllowFrom', { allowFrom: numbers.slice(1, 2) })
    expect(removed).toMatchObject({ allowFromTotal: 2_998 })
  })
})
