import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Simulator } from '../../src/simulator/simulator.ts'
import { WireClient } from '../contract/support/wire-client.ts'
import { BUILT_MAIN, CommandLine } from '../support/command-line.ts'

const OWNER = '+15550000001'
const ALICE = '+15550000002'

// 1,000 idle connections took every descriptor of a process that may have 1,024: the token file could not be read any
// more, which closed the owner's sockets and ended page sessions for good.
describe('a flood of connections', () => {
  let directory: string
  let simulator: Simulator
  let stateDir: string
  let daemon: CommandLine
  let authority: string
  let descriptors: () => number
  const sockets: Socket[] = []
  const clients: WireClient[] = []

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-flood-'))
    stateDir = join(directory, 'state')
    simulator = new Simulator()
    await simulator.start()
    simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    simulator.createPhone({ phoneNumber: ALICE, name: 'Alice' })
    const { webSocketUrl, noiseRootKey } = simulator
    const config = {
      channels: { whatsapp: { allowFrom: [ALICE] } },
      whatsappd: { whatsapp: { webSocketUrl, noiseRootKey } },
    }
    writeFileSync(join(directory, 'sandbox.config.json5'), JSON.stringify(config))
  })
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    for (const client of clients.splice(0)) client.close()
    await daemon.end()
    await simulator.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  async function start(limit: number): Promise<void> {
    const script = `ulimit -n ${limit} && exec "$0" "$@"`
    const config = join(directory, 'sandbox.config.json5')
    const line = [process.execPath, BUILT_MAIN, 'run', '--config', config, '--port', '0']
    daemon = new CommandLine(['-c', script, ...line], { WHATSAPPD_STATE_DIR: stateDir }, 'sh')
    await daemon.waitFor(/run "whatsappd open"/)
    const { port, pid } = JSON.parse(readFileSync(join(stateDir, 'daemon.json'), 'utf8')) as {
      port: number
      pid: number
    }
    authority = `127.0.0.1:${port}`
    descriptors = () => readdirSync(`/proc/${pid}/fd`).length
  }

  const localToken = (): string => readFileSync(join(stateDir, 'token'), 'utf8').trim()

  async function client(token: string): Promise<WireClient> {
    const opened = new WireClient(`ws://${authority}/v1/ws`)
    clients.push(opened)
    await opened.authenticate(token)
    return opened
  }

  const status = () => CommandLine.run(['status'], { WHATSAPPD_STATE_DIR: stateDir })

  /** Opens `count` connections that say nothing, and resolves when each is there or was refused. */
  async function flood(count: number): Promise<void> {
    const [host = '', port = ''] = authority.split(':')
    const opened = Array.from({ length: count }, () => {
      const socket = connect(Number(port), host)
      sockets.push(socket.resume())
      return new Promise<void>((resolve) => {
        socket.once('connect', () => resolve())
        socket.on('error', () => resolve())
      })
    })
    await Promise.all(opened)
  }

  it('costs the owner nothing, with 1,024 descriptors and 1,000 idle connections', async () => {
    await start(1_024)
    const owner = await client(localToken())
    await owner.request('session.subscribe')
    const offer = await owner.request('accounts.link', { method: 'qr' })
    await simulator.phone(OWNER)?.scan(String(offer['qr']))
    await owner.event('account.status', ({ state }) => state === 'connected')
    const before = descriptors()
    const links = await fetch(`http://${authority}/v1/login-links`, {
      method: 'POST',
      headers: { authorization: `Bearer ${localToken()}` },
    })
    const { link } = (await links.json()) as { link: string }
    const trade = await fetch(`http://${authority}/v1/session`, {
      method: 'POST',
      body: JSON.stringify({ code: link.split('#code=')[1] }),
    })
    const { token } = (await trade.json()) as { token: string }
    const page = await client(token)

    await flood(1_000)
    expect(descriptors()).toBeLessThan(700)
    // Long enough for several looks at the token file.
    for (let beat = 0; beat < 20; beat += 1) {
      await flood(50)
      expect((await owner.call('session.ping')).error).toBeUndefined()
      expect((await page.call('session.ping')).error).toBeUndefined()
    }
    expect((await status()).code).toBe(0)
    await (await client(token)).request('accounts.list')
    await simulator.phone(ALICE)?.sendText(OWNER, 'through the flood')
    await simulator.phone(ALICE)?.waitForText('through the flood')
    await owner.event('message.sent')

    // Idle connections end by themselves, without being closed from here.
    await Promise.all(
      sockets
        .filter(({ destroyed }) => !destroyed)
        .map((socket) => new Promise((resolve) => socket.once('close', resolve))),
    )
    await expect.poll(descriptors).toBeLessThan(before + 20)
    for (const survivor of [owner, page]) {
      expect(survivor.socket.readyState).toBe(survivor.socket.OPEN)
      await survivor.request('session.ping')
    }
    expect(daemon.stderr + daemon.stdout).not.toMatch(/EMFILE|the local token cannot/)
  })

  it('of the owner’s own sockets is named as what it is by the command line', async () => {
    await start(128)
    const closed: number[] = []
    for (let count = 0; count < 100 && closed.length === 0; count += 1) {
      const opened = new WireClient(`ws://${authority}/v1/ws`)
      clients.push(opened)
      void opened.closed.then(({ code }) => closed.push(code))
      const answer = await opened.call('session.authenticate', { token: localToken() })
      if (answer.error === undefined) continue
      expect(answer.error.data).toMatchObject({
        code: 'rate_limited',
        details: { reason: 'too_many_connections' },
      })
      expect(await opened.closed).toEqual({ code: 4503, reason: 'too_many_connections' })
    }
    expect(clients.length).toBeGreaterThan(30)
    const refused = await status()
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('as many connections open as it may')
    expect(refused.stderr).not.toContain('origin')
    clients[0]?.close()
    await expect.poll(async () => (await status()).code).toBe(0)
  })
})
