import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { expect, it, onTestFinished } from 'vitest'
import { WhatsappdClient } from '../../src/client/client.ts'
import { BUILT_MAIN } from '../support/command-line.ts'

/** Node's part of HTTP requests as the routes use them: ten MiB. */
const REQUESTS = 'NativeModule internal/deps/undici/undici'
/** At the signal the process says what of Node it has loaded. */
const PROBE = `data:text/javascript,process.on('SIGUSR2',()=>process.stderr.write(JSON.stringify(process.moduleLoadList)+'\\n'))`

it('the built daemon loads what serves plain HTTP with the first request, and serves it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'whatsappd-loaded-'))
  const config = join(directory, 'sandbox.config.json5')
  const stateDir = join(directory, 'state')
  writeFileSync(config, '{ channels: { whatsapp: { allowFrom: [] } } }')
  const run = ['run', '--config', config, '--state-dir', stateDir, '--port', '0']
  const child = spawn(process.execPath, ['--import', PROBE, BUILT_MAIN, ...run], {
    env: { PATH: process.env['PATH'], HOME: directory },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
    rmSync(directory, { recursive: true, force: true })
  })
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
  /** What of Node is loaded now. */
  const loaded = async (): Promise<string[]> => {
    output = ''
    child.kill('SIGUSR2')
    const line = (): string => output.split('\n').find((each) => each.startsWith('[')) ?? ''
    await expect.poll(line).toMatch(/\]$/)
    const list = line()
    // Written by the probe.
    return JSON.parse(list) as string[]
  }

  const info = join(stateDir, 'daemon.json')
  await expect.poll(() => existsSync(info)).toBe(true)
  // Written by the daemon.
  const { host, port } = JSON.parse(readFileSync(info, 'utf8')) as { host: string; port: number }
  const token = readFileSync(join(stateDir, 'token'), 'utf8').trim()
  const client = new WhatsappdClient({ url: `ws://${host}:${port}/v1/ws`, token, WebSocket })
  await client.connect()
  await client.request('session.subscribe', {})
  client.close()
  expect(await loaded()).not.toContain(REQUESTS)

  const answers = await Promise.all(
    ['/livez', '/', '/v1/accounts'].map((path) => fetch(`http://${host}:${port}${path}`)),
  )
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 401])
  expect(await loaded()).toContain(REQUESTS)
})
