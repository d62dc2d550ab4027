import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../src/client/client.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import { BUILT_MAIN } from '../support/command-line.ts'
import { Container, CONTAINER_USER } from '../support/container.ts'
import { InstalledPackage } from '../support/installed-package.ts'
import { inTime } from '../support/in-time.ts'

// The package as it is installed, in what it meets in a container: BusyBox in place of GNU, no home directory, a user that
// no database knows, a root that can only be read, a volume, a config that is one mounted file, and a port that is mapped.

const OWNER = '+15550000001'
const ALICE = '+15550000002'
const BOB = '+15550000003'
/** Where the daemon listens inside; what comes from outside arrives there by the mapped port. */
const INSIDE = '127.0.0.2'
const CONFIG = '/etc/whatsapp.json5'

const obstacle = Container.obstacle()
if (obstacle !== null)
  console.warn(`no test of containers, which need root, BusyBox and unshare: ${obstacle}`)

interface Running {
  readonly output: string
  readonly code: Promise<number | null>
  kill(signal: NodeJS.Signals): void
  waitFor(pattern: RegExp): Promise<RegExpExecArray>
}

describe.runIf(obstacle === null)('in a container', () => {
  let folder: string
  let container: Container
  let simulator: Simulator
  const running: Running[] = []
  const closings: (() => void)[] = []

  beforeAll(() => {
    statSync(BUILT_MAIN)
    folder = mkdtempSync(join(tmpdir(), 'whatsappd-installed-'))
    void new InstalledPackage(folder)
    chmodSync(folder, 0o755)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  beforeEach(async () => {
    container = new Container(folder)
    simulator = new Simulator()
    await simulator.start()
    for (const [phoneNumber, name] of [
      [OWNER, 'Owner'],
      [ALICE, 'Alice'],
      [BOB, 'Bob'],
    ] as const)
      simulator.createPhone({ phoneNumber, name })
    writeFileSync(container.configPath, configAllowing(ALICE))
  })
  afterEach(async () => {
    for (const process of running.splice(0)) {
      process.kill('SIGKILL')
      await process.code
    }
    for (const close of closings.splice(0)) close()
    await simulator.stop()
    container.remove()
  })

  const configAllowing = (...numbers: string[]): string => {
    const { webSocketUrl, noiseRootKey } = simulator
    return `${JSON.stringify({
      channels: { whatsapp: { allowFrom: numbers } },
      whatsappd: { whatsapp: { webSocketUrl, noiseRootKey } },
    })}\n`
  }

  function start(command: readonly string[], env: Readonly<Record<string, string>> = STATE): Running {
    const child = container.run(command, env)
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
    const process: Running = {
      get output() {
        return output
      },
      code: new Promise((resolve) => child.once('close', resolve)),
      kill: (signal) => void child.kill(signal),
      waitFor: (pattern) =>
        vi.waitFor(
          () => {
            const match = pattern.exec(output)
            if (match === null) throw new Error(`no ${String(pattern)} in:\n${output}`)
            return match
          },
          { timeout: 90_000 },
        ),
    }
    running.push(process)
    return process
  }
  const STATE = { WHATSAPPD_STATE_DIR: '/data/state' }
  const run = () => start(['whatsappd', 'run', '--config', CONFIG, '--host', INSIDE, '--port', '0'])

  async function end(...command: string[]): Promise<{ code: number | null; output: string }> {
    const process = start(command)
    return { code: await process.code, output: process.output }
  }
  const phone = (number: string) => {
    const found = simulator.phone(number)
    if (found === undefined) throw new Error(`no phone ${number}`)
    return found
  }
  async function ask(number: string, text: string): Promise<void> {
    await phone(number).sendText(OWNER, text)
    await phone(number).waitForText(text)
  }

  /** What `docker run -p` does; answers with the port outside. */
  async function mapPort(inside: number): Promise<number> {
    const server = createServer((outer) => {
      const inner = connect(inside, INSIDE)
      for (const [socket, other] of [
        [outer, inner],
        [inner, outer],
      ] as const) {
        socket.on('error', () => other.destroy())
        socket.pipe(other)
      }
      closings.push(() => outer.destroy())
    }).listen(0, '127.0.0.1')
    closings.push(() => server.close())
    await once(server, 'listening')
    return (server.address() as AddressInfo).port // a TCP server has an address of this shape
  }

  it('runs every command as far as it can without a daemon, and says what is missing', async () => {
    const { version } = JSON.parse(
      readFileSync(join(folder, 'node_modules/whatsappd/package.json'), 'utf8'),
    ) as {
      version: string
    }
    expect(await end('whatsappd', '--version')).toEqual({ code: 0, output: `${version}\n` })
    expect(await end('sh', '-c', 'whatsappd --version >/dev/full')).toEqual({
      code: 1,
      output: 'whatsappd: the output could not be written: the disk is full\n',
    })
    const homeless = start(['whatsappd', 'run', '--config', CONFIG], {})
    expect(await homeless.code).toBe(1)
    expect(homeless.output).toMatch(
      /^whatsappd: there is no home directory .* name a directory with --state-dir/,
    )
    const demo = await end('whatsappd', 'demo', '--port', '0')
    expect(demo.code).toBe(1)
    expect(demo.output).toMatch(
      /^whatsappd: the demo cannot make its temporary directory in \/tmp .*set TMPDIR/,
    )
    const outside = start(['whatsappd', 'run', '--config', CONFIG, '--state-dir', '/state'], {})
    expect(await outside.code).toBe(1)
    expect(outside.output).toMatch(/^whatsappd: .*\/state/)
    for (const { output } of running) expect(output).not.toMatch(/^\s+at |ERR_|uv_os/m)
  })

  it('links, answers, is edited from both sides of the mount, survives a kill -9, and stops in order', async () => {
    const daemon = run()
    const [, port = ''] = await daemon.waitFor(/is running on 127\.0\.0\.2, port (\d+)/)
    const link = start(['whatsappd', 'link', '--code', OWNER])
    const [, first = '', second = ''] = await link.waitFor(/: {2}(\w{4})-(\w{4})/)
    await phone(OWNER).enterCode(first + second)
    expect(await link.code).toBe(0)
    await ask(ALICE, 'from the first')
    const files = join(container.data, 'state/accounts/default')
    for (const name of readdirSync(files)) expect(statSync(join(files, name)).uid).toBe(CONTAINER_USER)

    const mapped = await mapPort(Number(port))
    const page = await fetch(`http://127.0.0.1:${mapped}/`)
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ])
    const token = readFileSync(join(container.data, 'state/token'), 'utf8').trim()
    const client = new WhatsappdClient({ url: `ws://127.0.0.1:${mapped}/v1/ws`, token, WebSocket })
    closings.push(() => client.close())
    await client.connect()
    // A file that is mounted by itself cannot be replaced: it is written in place.
    const { ino } = statSync(container.configPath)
    await client.request('config.addAllowFrom', { allowFrom: [BOB] })
    expect(statSync(container.configPath).ino).toBe(ino)
    expect(readFileSync(container.configPath, 'utf8')).toContain(BOB)
    await ask(BOB, 'from the second')

    const applied = new Promise((resolve) => client.on('config.applied', resolve))
    writeFileSync(container.configPath, configAllowing(ALICE))
    await inTime('config.applied', applied)
    const { accounts } = await client.request('config.get', {})
    expect(accounts['default']?.allowFrom).toEqual([ALICE])

    daemon.kill('SIGKILL')
    await daemon.code
    const again = run()
    await again.waitFor(/default: connected/)
    await ask(ALICE, 'after the kill')
    expect(await end('whatsappd', 'backup', '--config', CONFIG, '/data/copy.db')).toMatchObject({ code: 0 })
    expect((await end('whatsappd', 'status')).output).toMatch(
      /^daemon at 127\.0\.0\.2:\d+ [^]*default: connected/,
    )
    again.kill('SIGTERM')
    expect(await again.code).toBe(0)
    expect(await end('whatsappd', 'restore', '--config', CONFIG, '/data/copy.db')).toMatchObject({ code: 0 })
  })
})
