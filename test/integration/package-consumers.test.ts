import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ALICE, Stack } from '../support/stack.ts'

const CONSUMER = `
import { WhatsappdClient, RequestError } from 'whatsappd/client'
import type { AccountView, ConfigView } from 'whatsappd/client'
import { WhatsappCard } from 'whatsappd/card'
import type { CardStrings } from 'whatsappd/card'

const client = new WhatsappdClient({ url: 'ws://127.0.0.1/v1/ws', token: async () => 'token' })
client.on('account.status', (account, { replayed }) => {
  const state: 'connected' | string = account.state
  console.log(state, replayed)
})
export async function read(): Promise<[AccountView[], ConfigView]> {
  const { accounts } = await client.request('accounts.list', {})
  return [accounts, await client.request('config.get', {})]
}
// @ts-expect-error there is no such method
void client.request('accounts.explode', {})
// @ts-expect-error a QR needs no number, a code does, and neither takes anything else
void client.request('accounts.link', { method: 'qr', colour: 'green' })

const card: WhatsappCard = document.createElement('whatsapp-card')
card.token = () => 'token'
const strings: CardStrings = { 'Generate QR code': 'QR-Code erzeugen', not_linked: 'Nicht verbunden.' }
card.strings = strings
export const codes = (error: unknown): string => (error instanceof RequestError ? error.code : '')
`

const PROGRAM = `
import { WhatsappdClient } from 'whatsappd/client'
const [url, token] = process.argv.slice(2)
const { WebSocket } = await import(process.env.WS_MODULE)
const client = new WhatsappdClient({ url, token, WebSocket })
await client.connect()
const { accounts } = await client.request('config.get', {})
console.log(JSON.stringify(accounts.default.allowFrom))
client.close()
`

describe('the packed package in a folder of its own', { timeout: 120_000 }, () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'whatsappd-consumer-'))
    const packed = execFileSync(
      'npm',
      ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    ).trim()
    const modules = join(folder, 'node_modules')
    mkdirSync(join(modules, 'whatsappd'), { recursive: true })
    const archive = join(folder, packed.split('\n').at(-1) ?? '')
    execFileSync('tar', ['xzf', archive, '-C', join(modules, 'whatsappd'), '--strip-components=1'])
    symlinkSync(resolve('node_modules/zod'), join(modules, 'zod'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'consumer.ts'), CONSUMER)
    writeFileSync(join(folder, 'program.js'), PROGRAM)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])(
    'type-checks with module %s, resolution %s, and the libraries checked too',
    (module, moduleResolution) => {
      const compilerOptions = {
        module,
        moduleResolution,
        target: 'es2023',
        lib: ['es2023', 'dom', 'dom.iterable'],
        types: [],
        strict: true,
        noEmit: true,
        skipLibCheck: false,
      }
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({ compilerOptions, files: ['consumer.ts'] }),
      )
      const compile = (): string =>
        execFileSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', folder], {
          encoding: 'utf8',
        })
      expect(compile()).toBe('')
    },
  )

  it('talks to a daemon from Node', async () => {
    const stack = await Stack.start()
    try {
      const token = readFileSync(join(stack.stateDir, 'token'), 'utf8').trim()
      const args = ['program.js', `${stack.url.replace('http', 'ws')}/v1/ws`, token]
      const WS_MODULE = resolve('node_modules/ws/wrapper.mjs')
      const printed = await new Promise<string>((done, fail) => {
        const env = { ...process.env, WS_MODULE }
        execFile(process.execPath, args, { cwd: folder, env }, (error, stdout) =>
          error === null ? done(stdout) : fail(error),
        )
      })
      expect(JSON.parse(printed)).toEqual([ALICE])
    } finally {
      await stack.stop()
    }
  })
})
