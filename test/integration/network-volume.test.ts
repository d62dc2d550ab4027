import {
  copyFileSync,
  readdirSync,
  rmSync,
  mkdtempSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eraseDirectory } from '../../src/accounts/life/erase-directory.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import { CommandLine } from '../support/command-line.ts'
import { FuseMount } from '../support/fuse-mount.ts'

// A state directory on a network volume, which processes cannot share memory through: WAL as SQLite has it by default ended
// with "disk I/O error".

const OWNER = '+15550000001'
const ALICE = '+15550000002'

const obstacle = FuseMount.obstacle()
if (obstacle !== null)
  console.warn(`no test of network volumes, which need root, bindfs and /dev/fuse: ${obstacle}`)

describe.runIf(obstacle === null)('an account on a network volume', () => {
  let root: string
  let volume: FuseMount
  let simulator: Simulator
  let account: string
  const commands: CommandLine[] = []

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'whatsappd-network-'))
    volume = new FuseMount(root)
    volume.mount()
    account = join(volume.directory, 'state/accounts/default')
    simulator = new Simulator()
    await simulator.start()
    simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    simulator.createPhone({ phoneNumber: ALICE, name: 'Alice' })
    const { webSocketUrl, noiseRootKey } = simulator
    const config = {
      channels: { whatsapp: { allowFrom: [ALICE] } },
      whatsappd: { whatsapp: { webSocketUrl, noiseRootKey } },
    }
    writeFileSync(join(volume.directory, 'sandbox.config.json5'), JSON.stringify(config))
  })
  afterEach(async () => {
    for (const command of commands.splice(0)) await command.end()
    await simulator.stop()
    volume.unmount()
    rmSync(root, { recursive: true, force: true })
  })

  const environment = (): NodeJS.ProcessEnv => ({
    WHATSAPPD_STATE_DIR: join(volume.directory, 'state'),
    SANDBOX_CONFIG: join(volume.directory, 'sandbox.config.json5'),
  })
  const begin = (...arguments_: string[]): CommandLine => {
    const command = new CommandLine(arguments_, environment())
    commands.push(command)
    return command
  }
  const run = () => begin('run', '--port', '0')
  const phone = (number: string) => {
    const found = simulator.phone(number)
    if (found === undefined) throw new Error(`no phone ${number}`)
    return found
  }
  const link = async (): Promise<void> => {
    const command = begin('link', '--code', OWNER)
    const [, first = '', second = ''] = await command.waitFor(/: {2}(\w{4})-(\w{4})/)
    await phone(OWNER).enterCode(first + second)
    expect(await command.exit).toBe(0)
  }
  const ask = async (text: string): Promise<void> => {
    await phone(ALICE).sendText(OWNER, text)
    await phone(ALICE).waitForText(text)
  }

  it('links, answers, survives a kill -9 and is backed up meanwhile, without memory that is shared', async () => {
    const first = run()
    await first.waitFor(/is running on/)
    await link()
    await ask('one')
    expect(readdirSync(account).filter((name) => name.endsWith('-shm'))).toEqual([])
    first.signal('SIGKILL')
    await first.exit

    const second = run()
    await second.waitFor(/default: connected/)
    await ask('two')
    const copy = join(root, 'copy.db')
    expect(await CommandLine.run(['backup', copy], environment())).toMatchObject({ code: 0, stderr: '' })
    const database = new DatabaseSync(copy, { readOnly: true })
    const texts = database.prepare('SELECT text FROM inbox ORDER BY sequence').all()
    database.close()
    expect(texts).toEqual([{ text: 'one' }, { text: 'two' }])
    second.signal('SIGTERM')
    expect(await second.exit).toBe(0)
    expect(readdirSync(account).filter((name) => /^account\.db-|^host/.test(name))).toEqual([])

    expect(await CommandLine.run(['restore', copy, '--yes'], environment())).toMatchObject({ code: 0 })
    const third = run()
    await third.waitFor(/default: connected/)
    await ask('three')
    expect(phone(OWNER).companions).toHaveLength(1)
  })

  it('is not used while another host may use it, which only a lock server can tell', async () => {
    const first = run()
    await first.waitFor(/is running on/)
    const mark = join(account, 'host.json')
    expect(JSON.parse(readFileSync(mark, 'utf8'))).toHaveProperty('bootId')
    first.signal('SIGTERM')
    await first.exit

    writeFileSync(mark, JSON.stringify({ bootId: 'another', hostname: 'elsewhere' }), { mode: 0o600 })
    const second = run()
    await second.waitFor(/default: .*Another host has used this account .*elsewhere/)
    // Nobody who works on the files takes them away from that host.
    const copy = join(root, 'copy.db')
    copyFileSync(join(account, 'account.db'), copy)
    second.signal('SIGTERM')
    await second.exit
    const restore = begin('restore', copy)
    expect(await restore.exit).toBe(1)
    expect(restore.stderr).toContain('Another host has used this account')
    expect(() => eraseDirectory(account, true)).toThrow('elsewhere')
    const third = run()
    await third.waitFor(/default: .*Another host has used this account .*elsewhere/)
    // Its last sign of life is long ago now.
    const past = new Date(Date.now() - 300_000)
    utimesSync(mark, past, past)
    await third.waitFor(/default: .*\n(?:.*\n)*default: (?:not linked|unlinked|no phone)/i)
  })
})
