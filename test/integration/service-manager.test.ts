import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Simulator } from '../../src/simulator/simulator.ts'
import { BUILT_MAIN, CommandLine } from '../support/command-line.ts'

const OWNER = '+15550000001'
const NOBODY = 65_534
const WATCHDOG_MS = 3000

interface Message {
  fields: string[]
  senderIsThere: boolean
}

const obstacle = findObstacle()
if (obstacle !== null) console.warn(`no test of what the service manager is told: ${obstacle}`)

// A service runs as a user of its own: then systemd knows the sender by its process alone, which has to exist when it looks.
describe.runIf(obstacle === null)('what the service manager is told', () => {
  let directory: string
  let simulator: Simulator
  let receiver: ChildProcess
  let lines: Interface
  const messages: Message[] = []
  const commands: CommandLine[] = []

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-notify-'))
    chmodSync(directory, 0o755)
    messages.length = 0
    simulator = new Simulator()
    await simulator.start()
    simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    const { webSocketUrl, noiseRootKey } = simulator
    writeFileSync(
      configPath(),
      JSON.stringify({
        channels: { whatsapp: { allowFrom: ['+15550000002'] } },
        whatsappd: { whatsapp: { webSocketUrl, noiseRootKey } },
      }),
    )
    mkdirSync(stateDir())
    chmodSync(stateDir(), 0o700)
    chownSync(stateDir(), NOBODY, NOBODY)
    const program = join(import.meta.dirname, '../support/notify_receiver.py')
    receiver = spawn('python3', [program, socketPath()], { stdio: ['ignore', 'pipe', 'inherit'] })
    if (receiver.stdout === null) throw new Error('a pipe was asked for')
    lines = createInterface(receiver.stdout)
    await once(lines, 'line')
    lines.on('line', (line) => messages.push(JSON.parse(line) as Message))
  })
  afterEach(async () => {
    for (const command of commands.splice(0)) await command.end()
    receiver.kill()
    await simulator.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  const configPath = (): string => join(directory, 'sandbox.config.json5')
  const stateDir = (): string => join(directory, 'state')
  const socketPath = (): string => join(directory, 'notify')
  const begin = (arguments_: readonly string[], env: NodeJS.ProcessEnv): CommandLine => {
    const asNobody = [
      '--reuid',
      String(NOBODY),
      '--regid',
      String(NOBODY),
      '--clear-groups',
      '--no-new-privs',
    ]
    const command = new CommandLine(
      [...asNobody, process.execPath, BUILT_MAIN, ...arguments_],
      { WHATSAPPD_STATE_DIR: stateDir(), ...env },
      '/usr/bin/setpriv',
    )
    commands.push(command)
    return command
  }
  const run = (env: NodeJS.ProcessEnv): CommandLine =>
    begin(['run', '--config', configPath(), '--port', '0'], env)
  const told = (pattern: RegExp, after = 0): Promise<string> =>
    vi.waitFor(
      () => {
        const found = messages.slice(after).find(({ fields }) => fields.some((field) => pattern.test(field)))
        if (found === undefined) throw new Error(`no ${String(pattern)} in ${JSON.stringify(messages)}`)
        return found.fields.join('\n')
      },
      { timeout: 60_000 },
    )

  it('is told of the start, the accounts, signs of life and the stop, by senders that it can still find', async () => {
    const daemon = run({ NOTIFY_SOCKET: socketPath(), WATCHDOG_USEC: String(WATCHDOG_MS * 1000) })
    await told(/^READY=1$/)
    expect(daemon.stdout).toContain('is running on')
    expect(messages[0]?.fields[0]).toBe('READY=1')
    await told(/^STATUS=1 account, 1 unlinked; "whatsappd link" links one$/)
    // Nobody scans anything, and it is alive: two more signs, one after the other.
    await told(/^WATCHDOG=1$/)
    const first = messages.length
    await told(/^WATCHDOG=1$/, first)
    await told(/^WATCHDOG=1$/, messages.length)
    const link = begin(['link', '--code', OWNER], {})
    const [, one = '', two = ''] = await link.waitFor(/: {2}(\w{4})-(\w{4})/)
    await told(/^STATUS=1 account, 1 awaiting scan; /)
    await simulator.phone(OWNER)?.enterCode(one + two)
    expect(await link.exit).toBe(0)
    await told(/^STATUS=1 account, 1 connected$/)
    const linked = messages.length
    daemon.signal('SIGTERM')
    expect(await daemon.exit).toBe(0)
    expect(await told(/^STOPPING=1$/, linked)).toContain('STATUS=stopping')
    expect(messages.filter(({ senderIsThere }) => !senderIsThere)).toEqual([])
    expect(JSON.stringify(messages)).not.toMatch(/555|default/)
  })

  it('is told no sign of life that it did not ask for, or asked of another process', async () => {
    const env = { NOTIFY_SOCKET: socketPath(), WATCHDOG_USEC: '90000', WATCHDOG_PID: '1' }
    const daemon = run(env)
    await told(/^READY=1$/)
    daemon.signal('SIGTERM')
    await told(/^STOPPING=1$/)
    expect(messages.flatMap(({ fields }) => fields).filter((field) => field.startsWith('WATCHDOG'))).toEqual(
      [],
    )
  })

  it('is missed once in the log, and nowhere else, where its program is not there', async () => {
    const daemon = run({ NOTIFY_SOCKET: socketPath(), WATCHDOG_USEC: '300000', PATH: directory })
    await vi.waitFor(() => expect(daemon.stderr).toContain('the service manager is not told'), {
      timeout: 60_000,
    })
    daemon.signal('SIGTERM')
    expect(await daemon.exit).toBe(0)
    expect((daemon.stdout + daemon.stderr).match(/the service manager is not told/g)).toHaveLength(1)
  })
})

/** Why this machine cannot run these tests; `null` where it can. */
function findObstacle(): string | null {
  if (process.getuid?.() !== 0) return 'they take another user, which only root can do'
  try {
    execFileSync('systemd-notify', ['--version'], { stdio: 'ignore' })
    execFileSync('/usr/bin/setpriv', ['--version'], { stdio: 'ignore' })
    execFileSync('python3', ['--version'], { stdio: 'ignore' })
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
