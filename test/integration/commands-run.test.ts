import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import { CommandLine } from '../support/command-line.ts'

const OWNER = '+15550000001'
const ALICE = '+15550000002'
/** It gives up after nine seconds by itself, with another exit code. */
const STOP_LIMIT_MS = 30_000
const KEY_MATERIAL =
  /privKey|rootKey|chainKey|ephemeralKeyPair|Closing session|Session error|<Buffer|[A-Za-z0-9+/]{42,}=/

/** Every key that is stored for the account, as base64 and as hex. */
function storedSecrets(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true })
  const rows = [
    ...database.prepare('SELECT value FROM credentials').all(),
    ...database.prepare('SELECT value FROM signal_keys').all(),
  ]
  database.close()
  const found = rows.flatMap((row) => String(row['value']).match(/[A-Za-z0-9+/]{42,}={0,2}/g) ?? [])
  return found.flatMap((key) => [key, Buffer.from(key, 'base64').toString('hex')])
}

describe('whatsappd run', () => {
  let directory: string
  let simulator: Simulator
  let configPath: string
  let stateDir: string
  const commands: CommandLine[] = []

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-run-'))
    configPath = join(directory, 'sandbox.config.json5')
    stateDir = join(directory, 'state')
    simulator = new Simulator()
    await simulator.start()
    simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    simulator.createPhone({ phoneNumber: ALICE, name: 'Alice' })
    writeConfig()
  })
  afterEach(async () => {
    for (const command of commands.splice(0)) await command.end()
    await simulator.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  const writeConfig = (daemon: Record<string, unknown> = {}): void => {
    const { webSocketUrl, noiseRootKey } = simulator
    const config = {
      channels: { whatsapp: { allowFrom: [ALICE] } },
      whatsappd: { ...daemon, whatsapp: { webSocketUrl, noiseRootKey } },
    }
    writeFileSync(configPath, JSON.stringify(config))
  }
  const begin = (...arguments_: string[]): CommandLine => {
    const command = new CommandLine(arguments_, { WHATSAPPD_STATE_DIR: stateDir })
    commands.push(command)
    return command
  }
  const run = () => begin('run', '--config', configPath, '--port', '0')
  const phone = (number: string) => {
    const found = simulator.phone(number)
    if (found === undefined) throw new Error(`no phone ${number}`)
    return found
  }
  /** Links the owner's phone through the command line, by pairing code. */
  const link = async (): Promise<void> => {
    const command = begin('link', '--code', OWNER)
    const [, first = '', second = ''] = await command.waitFor(/: {2}(\w{4})-(\w{4})/)
    await phone(OWNER).enterCode(first + second)
    expect(await command.exit).toBe(0)
  }

  it('serves until SIGTERM, then stops in order with 0, and comes back linked', async () => {
    const first = run()
    await first.waitFor(/is running on 127\.0\.0\.1, port \d+/)
    expect(statSync(join(stateDir, 'daemon.json')).mode & 0o777).toBe(0o600)
    await link()
    await phone(ALICE).sendText(OWNER, 'anybody there?')
    await phone(ALICE).waitForText(/anybody there\?/)

    const stoppedAt = Date.now()
    first.signal('SIGTERM')
    expect(await first.exit).toBe(0)
    expect(Date.now() - stoppedAt).toBeLessThan(STOP_LIMIT_MS)
    expect(existsSync(join(stateDir, 'daemon.json'))).toBe(false)
    expect(phone(OWNER).companions).toHaveLength(1)

    const second = run()
    await second.waitFor(/default: connected as \+•••01/)
    second.signal('SIGINT')
    expect(await second.exit).toBe(0)
    for (const { stdout, stderr } of [first, second]) {
      expect(stdout + stderr).not.toMatch(KEY_MATERIAL)
      expect(stdout + stderr).not.toMatch(/5550000001|5550000002|anybody/)
    }
  })

  // Nobody was allowed at the start: the code never came, and a small terminal showed the lower half of one.
  it('draws the code in a terminal as soon as somebody is allowed, and says what to do in a small one', async () => {
    const full = readFileSync(configPath, 'utf8')
    writeFileSync(configPath, full.replace(JSON.stringify([ALICE]), '[]'))
    const size = { columns: 60, rows: 20 }
    const env = { WHATSAPPD_STATE_DIR: stateDir }
    const terminal = CommandLine.inTerminal(['run', '--config', configPath, '--port', '0'], env, size)
    commands.push(terminal)
    await terminal.waitFor(/The QR code is drawn here then\./)
    expect(terminal.stdout).not.toContain('█')
    writeFileSync(configPath, full)
    await terminal.waitFor(/this terminal has 60 and 20[^]*whatsappd link --code[^]*QR code 1, until/)
    expect(terminal.stdout).toContain('█')
  })

  it('without a terminal says in one line how to link', async () => {
    const daemon = run()
    await daemon.waitFor(
      /To link it: whatsappd link {3}\(or whatsappd link --code <its number>, or whatsappd open\)/,
    )
    expect(daemon.stdout).not.toContain('█')
  })

  it('lets no key, text, number, QR or code out in a full life at level trace', async () => {
    writeConfig({ log: { level: 'trace' } })
    const daemon = run()
    await daemon.waitFor(/is running on/)
    await link()
    const delivered: Stanza[] = []
    simulator.onTrace(({ direction, node }) => {
      if (direction === 'out' && node.tag === 'message') delivered.push(node)
    })
    const alice = phone(ALICE)
    const secrets = new Set<string>(['anybody', ALICE.slice(2), OWNER.slice(2)])
    const exchange = async (text: string): Promise<void> => {
      await alice.sendText(OWNER, text)
      await alice.waitForText((message) => message.text.includes(text))
    }
    // The first one carries the session's keys; only the second is a plain message of the session.
    await exchange('anybody one')
    await exchange('anybody two')
    // Nothing can decrypt a damaged message, and whoever tries has words for that, and keys at hand.
    for (const stanza of delivered.slice()) simulator.faults.send(damaged(stanza))
    // Messages are taken in their order: when this one is answered, the damaged ones are done with.
    await exchange('anybody after damage')
    for (const disturb of ['garbageFrame', 'reset'] as const) {
      expect(simulator.faults[disturb]()).toBe(1)
      await exchange(`anybody after ${disturb}`)
    }
    for (const secret of storedSecrets(join(stateDir, 'accounts/default/account.db'))) secrets.add(secret)
    secrets.add(readFileSync(join(stateDir, 'token'), 'utf8').trim())
    await phone(OWNER).removeCompanion()
    await daemon.waitFor(/default: logged out/)
    const relink = begin('link')
    await relink.waitFor(/QR code 1/)
    relink.signal('SIGINT')
    await relink.exit
    daemon.signal('SIGTERM')
    expect(await daemon.exit).toBe(0)
    const output = daemon.stdout + daemon.stderr
    expect(output).toContain('failed to decrypt message')
    expect(secrets.size).toBeGreaterThan(20)
    expect([...secrets].filter((secret) => output.includes(secret))).toEqual([])
    expect(output).not.toMatch(KEY_MATERIAL)
  })

  it('names the config file, and the place in it that keeps it from being in force', async () => {
    const text = '{ channels: { whatsapp: {\n  allowFrm: ["+15550000002"],\n} } }'
    writeFileSync(configPath, text)
    const broken = run()
    const [said] = await broken.waitFor(/config {5}.*\n.*/)
    expect(said).toContain(`${configPath}, line 2, column 3`)
    expect(said).toContain('not in force: unknown_key; "whatsappd status" tells more')
    broken.signal('SIGTERM')
    await broken.exit
    expect(broken.stderr + broken.stdout).toContain(`"path":"channels.whatsapp.allowFrm","line":2,"column":3`)
    rmSync(configPath)
    const none = begin('run', '--config', configPath, '--port', '0', '--state-dir', `${stateDir}-2`)
    await none.waitFor(/no file yet: nobody is allowed/)
  })

  it('prints no single-use link where nobody but a log reads it', async () => {
    const command = run()
    await command.waitFor(/run "whatsappd open" for a link/)
    expect(command.stdout).not.toContain('#code=')
  })

  it('a second signal ends it at once', async () => {
    const command = run()
    await command.waitFor(/is running on/)
    // Both before it can have stopped.
    command.signal('SIGINT')
    command.signal('SIGTERM')
    expect([0, 130]).toContain(await command.exit)
  })

  it('says which setting to change when the port is taken, and leaves nothing behind', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { code, stderr } = await CommandLine.run([
      'run',
      '--config',
      configPath,
      '--port',
      String(port),
      '--state-dir',
      stateDir,
    ])
    taken.close()
    expect(code).toBe(1)
    expect(stderr).toMatch(
      new RegExp(`^whatsappd: Port ${port} on 127\\.0\\.0\\.1 is taken .*whatsappd\\.listen\\.port`, 'm'),
    )
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(existsSync(join(stateDir, 'daemon.json'))).toBe(false)
  })

  it('refuses a state dir with files of others that they can enter, naming the cure', async () => {
    const open = join(directory, 'open')
    mkdirSync(open)
    writeFileSync(join(open, 'notes.txt'), '')
    chmodSync(open, 0o755)
    const { code, stderr } = await CommandLine.run([
      'run',
      '--config',
      configPath,
      '--port',
      '0',
      '--state-dir',
      open,
    ])
    expect(code).toBe(1)
    expect(stderr).toContain(`${open} has mode 0755`)
    expect(stderr).toContain('0700')
  })
})

/** The same message under another id, with its last encrypted byte changed. */
function damaged({ tag, attrs, content }: Stanza): Stanza {
  const parts = Array.isArray(content) ? content : []
  return {
    tag,
    attrs: { ...attrs, id: `${attrs.id ?? ''}D` },
    content: parts.map((part) => {
      if (part.tag !== 'enc' || !(part.content instanceof Uint8Array)) return part
      const bytes = Buffer.from(part.content)
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
      return { ...part, content: bytes }
    }),
  }
}
