import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Simulator } from '../../src/simulator/simulator.ts'
import { CommandLine } from '../support/command-line.ts'

const OWNER = '+15550000001'
const ALICE = '+15550000002'
const COMPRESSED_FLAG = 2
const UNPACKED_BYTES = 400 * 1024 * 1024
const MAX_GROWTH_KIB = 150 * 1024

let directory: string
let simulator: Simulator
let daemon: CommandLine

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-frames-'))
  simulator = new Simulator()
  await simulator.start()
  for (const phoneNumber of [OWNER, ALICE]) simulator.createPhone({ phoneNumber, name: 'Somebody' })
  const { webSocketUrl, noiseRootKey } = simulator
  const config = {
    channels: { whatsapp: { allowFrom: [ALICE] } },
    whatsappd: { whatsapp: { webSocketUrl, noiseRootKey } },
  }
  const path = join(directory, 'sandbox.config.json5')
  writeFileSync(path, JSON.stringify(config))
  daemon = new CommandLine(['run', '--config', path, '--port', '0'], environment())
  await daemon.waitFor(/is running on/)
})
afterEach(async () => {
  await daemon.end()
  await simulator.stop()
  rmSync(directory, { recursive: true, force: true })
})

const environment = (): NodeJS.ProcessEnv => ({ WHATSAPPD_STATE_DIR: join(directory, 'state') })

/** The most memory that the daemon ever had, KiB. */
function peakKib(): number {
  const { pid } = JSON.parse(readFileSync(join(directory, 'state/daemon.json'), 'utf8')) as { pid: number }
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}

// Baileys unpacks a frame whole, however much is in it: 16 MB can hold 16 GB, and the process is gone.
it('a frame that unpacks to hundreds of megabytes costs no memory', async () => {
  const command = new CommandLine(['link', '--code', OWNER], environment())
  const [, first = '', second = ''] = await command.waitFor(/: {2}(\w{4})-(\w{4})/)
  const [owner, alice] = [simulator.phone(OWNER), simulator.phone(ALICE)]
  await owner?.enterCode(first + second)
  expect(await command.exit).toBe(0)
  const ask = async (text: string): Promise<void> => {
    await alice?.sendText(OWNER, text)
    await alice?.waitForText((message) => message.text.includes(text))
  }
  await ask('before')
  const before = peakKib()
  const bomb = Buffer.concat([Buffer.of(COMPRESSED_FLAG), deflateSync(Buffer.alloc(UNPACKED_BYTES))])
  expect(simulator.faults.sendBytes(bomb)).toBe(1)
  await ask('after')
  expect(peakKib() - before).toBeLessThan(MAX_GROWTH_KIB)
})
