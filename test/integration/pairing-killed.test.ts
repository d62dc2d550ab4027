import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { Simulator, type TraceEntry } from '../../src/simulator/simulator.ts'
import { CommandLine } from '../support/command-line.ts'
import { ALICE, MALLORY, OWNER } from '../support/stack.ts'

const PRELOAD = new URL('../support/kill-at-sync.mjs', import.meta.url).href
const CODE = /[A-Z2-9]{4}-[A-Z2-9]{4}/
const TOLD = 'You can write to this assistant now.'
const DONE = `${MALLORY} can write to me now.`

/** What goes over the wire, or a sync of the edit of the config file: the file, its directory, the copy of the last valid content. */
type Moment = { wire: (entry: TraceEntry) => boolean } | { sync: number }

let home: string
let simulator: Simulator
let alice: SimulatedPhone
let mallory: SimulatedPhone
let command: CommandLine | null = null

const configPath = (): string => join(home, 'sandbox.config.json5')
const environment = (): NodeJS.ProcessEnv => ({ WHATSAPPD_STATE_DIR: join(home, 'state') })
const armPath = (): string => join(home, 'kill-at')

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'whatsappd-killed-'))
  simulator = new Simulator({ habits: { wantsAllPreKeys: false } })
  await simulator.start()
  const owner = simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
  alice = simulator.createPhone({ phoneNumber: ALICE, name: 'Alice' })
  mallory = simulator.createPhone({ phoneNumber: MALLORY, name: 'Mallory' })
  const { webSocketUrl, noiseRootKey } = simulator
  const whatsapp = { dmPolicy: 'pairing', allowFrom: [ALICE], commands: { owners: [ALICE] } }
  const whatsappd = { whatsapp: { webSocketUrl, noiseRootKey } }
  writeFileSync(configPath(), JSON.stringify({ channels: { whatsapp }, whatsappd }))
  await start()
  const link = new CommandLine(['link', '--code', OWNER], environment())
  const [, first = '', second = ''] = await link.waitFor(/: {2}(\w{4})-(\w{4})/)
  await owner.enterCode(first + second)
  await link.exit
})
afterEach(async () => {
  command?.signal('SIGKILL')
  await command?.exit
  await simulator.stop()
  rmSync(home, { recursive: true, force: true })
})

async function start(): Promise<void> {
  const how = ['run', '--config', configPath(), '--state-dir', join(home, 'state'), '--port', '0']
  command = new CommandLine(how, { NODE_OPTIONS: `--import ${PRELOAD}`, KILL_AT_SYNC: armPath() })
  await command.waitFor(/is running on/)
}

/** Resolves when the daemon is gone: killed as soon as this goes over the wire, or as `armPath()` says. */
async function killedAt(moment: Moment): Promise<void> {
  if ('sync' in moment) writeFileSync(armPath(), String(moment.sync))
  const stop = simulator.onTrace((entry) => {
    if ('wire' in moment && moment.wire(entry)) command?.signal('SIGKILL')
  })
  await command?.exit
  stop()
  rmSync(armPath(), { force: true })
}

/** Starts it again, and has done what was left when this resolves. */
async function startAgain(): Promise<void> {
  await start()
  await command?.waitFor(/default: connected as/)
}

/** Something that comes after all that was left to say. */
async function somethingElse(): Promise<void> {
  await alice.sendText(OWNER, 'and now something else')
  await alice.waitForText('and now something else')
}

const is = (direction: TraceEntry['direction'], tag: string, of = (_node: TraceEntry['node']) => true) => ({
  wire: (entry: TraceEntry) => entry.direction === direction && entry.node.tag === tag && of(entry.node),
})
const isTo = (phone: () => SimulatedPhone) =>
  is('in', 'message', ({ attrs }) => [phone().lid, phone().jid].includes(attrs.to ?? ''))
const codes = (): string[] => mallory.received.flatMap(({ text }) => CODE.exec(text)?.[0] ?? [])
const saying = (phone: SimulatedPhone, text: string): number =>
  phone.received.filter((message) => message.text.includes(text)).length
const allowed = (): unknown =>
  // Written by this test, and by the daemon.
  (JSON.parse(readFileSync(configPath(), 'utf8')) as { channels: { whatsapp: { allowFrom: unknown } } })
    .channels.whatsapp.allowFrom

describe('a stranger gets one code, the one that counts, when the daemon is killed', () => {
  it.each<[string, Moment]>([
    ['while their message is on its way to it', is('out', 'message')],
    ['when it has their message', is('in', 'receipt')],
    ['when the code is out and nothing has confirmed it', isTo(() => mallory)],
  ])('%s', async (_when, moment) => {
    const killed = killedAt(moment)
    await mallory.sendText(OWNER, 'may I?')
    await killed
    await startAgain()
    await somethingElse()
    // What it had not decided is as if it came while it was away, which is not answered with a code.
    await mallory.sendText(OWNER, 'hello?')
    await expect.poll(() => codes().length).toBe(1)
    await somethingElse()
    expect(codes()).toHaveLength(1)
    const [code = ''] = codes()
    const approved = await CommandLine.run(['pairing', 'approve', code], environment())
    expect(approved).toMatchObject({ code: 0, stdout: `${MALLORY} may write now.\n` })
  })
})

describe('/allow adds one person once, and says so once, when the daemon is killed', () => {
  it.each<[string, Moment]>([
    ['when it has the command', is('in', 'receipt')],
    ['before the file is there', { sync: 1 }],
    ['when the file is there', { sync: 3 }],
    ['when the stranger is told, and nothing has confirmed it', isTo(() => mallory)],
    ['when the owner is told, and nothing has confirmed it', isTo(() => alice)],
  ])('%s', async (_when, moment) => {
    await mallory.sendText(OWNER, 'may I?')
    await mallory.waitForText(CODE)
    const killed = killedAt(moment)
    await alice.sendText(OWNER, `/allow ${codes()[0]}`)
    await killed
    await startAgain()
    await expect.poll(() => [saying(mallory, TOLD), saying(alice, DONE)]).toEqual([1, 1])
    await somethingElse()
    expect([saying(mallory, TOLD), saying(alice, DONE), codes().length]).toEqual([1, 1, 1])
    expect(allowed()).toEqual([ALICE, MALLORY])
  })
})
