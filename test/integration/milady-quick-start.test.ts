import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Simulator } from '../../src/simulator/simulator.ts'
import { CommandLine } from '../support/command-line.ts'
import { miladyQuickStart } from '../support/milady-quick-start.ts'
import { OWNER } from '../support/stack.ts'

// The file allows nobody: `pairing` was read as a list, which was empty, and no QR came.

let directory: string
let simulator: Simulator
const commands: CommandLine[] = []

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-milady-'))
  simulator = new Simulator()
  await simulator.start()
  writeFileSync(join(directory, 'milady.json'), miladyQuickStart(simulator))
})
afterEach(async () => {
  for (const command of commands.splice(0).toReversed()) await command.end()
  await simulator.stop()
  rmSync(directory, { recursive: true, force: true })
})

it("Milady's quick start draws its QR in the terminal, also that of whatsappd link, and can be linked", async () => {
  const owner = simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
  const env = { WHATSAPPD_STATE_DIR: join(directory, 'state') }
  const begin = (how: CommandLine): CommandLine => {
    commands.push(how)
    return how
  }
  const run = ['run', '--config', join(directory, 'milady.json'), '--port', '0']
  const terminal = begin(CommandLine.inTerminal(run, env, { columns: 80, rows: 60 }))
  await terminal.waitFor(/█[^]*QR code 1, until/)
  expect(terminal.stdout).not.toMatch(/not in force|nobody/i)
  const drawn = begin(new CommandLine(['link'], env))
  await drawn.waitFor(/█[^]*QR code \d, until/)
  await drawn.end()
  const link = begin(new CommandLine(['link', '--code', OWNER], env))
  const [, first = '', second = ''] = await link.waitFor(/: {2}(\w{4})-(\w{4})/)
  await owner.enterCode(first + second)
  await terminal.waitFor(/default: connected as/)
  expect(existsSync(join(directory, 'auth/whatsapp/account.db'))).toBe(true)
})
