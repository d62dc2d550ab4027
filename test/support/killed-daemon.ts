import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { Simulator, type TraceEntry } from '../../src/simulator/simulator.ts'
import { CommandLine } from './command-line.ts'
import { ALICE, MALLORY, OWNER } from './stack.ts'

const PRELOAD = new URL('kill-at-sync.mjs', import.meta.url).href

/** What goes over the wire, or a sync of the edit of the config file: the file, its directory, the copy of the last valid content. */
export type Moment = { wire: (entry: TraceEntry) => boolean } | { sync: number }

/** The built daemon in a process of its own, linked to a simulated phone, which is killed (SIGKILL) at a chosen moment. */
export class KilledDaemon {
  readonly home = mkdtempSync(join(tmpdir(), 'whatsappd-killed-'))
  readonly configPath = join(this.home, 'sandbox.config.json5')
  readonly environment: NodeJS.ProcessEnv = { WHATSAPPD_STATE_DIR: join(this.home, 'state') }
  readonly simulator = new Simulator({ habits: { wantsAllPreKeys: false } })
  readonly alice: SimulatedPhone
  readonly mallory: SimulatedPhone
  readonly owner: SimulatedPhone
  #command: CommandLine | null = null

  private constructor() {
    this.alice = this.simulator.createPhone({ phoneNumber: ALICE, name: 'Alice' })
    this.mallory = this.simulator.createPhone({ phoneNumber: MALLORY, name: 'Mallory' })
    this.owner = this.simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
  }

  /** `whatsapp`: the settings of the channel. */
  static async start(whatsapp: Record<string, unknown>): Promise<KilledDaemon> {
    const daemon = new KilledDaemon()
    await daemon.#link(whatsapp)
    return daemon
  }

  async stop(): Promise<void> {
    this.#command?.signal('SIGKILL')
    await this.#command?.exit
    await this.simulator.stop()
    rmSync(this.home, { recursive: true, force: true })
  }

  /** Resolves when the daemon is gone: killed as soon as this happens. */
  async killedAt(moment: Moment): Promise<void> {
    if ('sync' in moment) writeFileSync(this.#armPath, String(moment.sync))
    const stop = this.simulator.onTrace((entry) => {
      if ('wire' in moment && moment.wire(entry)) this.#command?.signal('SIGKILL')
    })
    await this.#command?.exit
    stop()
    rmSync(this.#armPath, { force: true })
  }

  /** Kills it now; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#command?.signal('SIGKILL')
    await this.#command?.exit
  }

  /** Starts it again, and has done what was left when this resolves. */
  async startAgain(): Promise<void> {
    await this.#start()
    await this.#command?.waitFor(/default: connected as/)
  }

  get #armPath(): string {
    return join(this.home, 'kill-at')
  }

  async #link(whatsapp: Record<string, unknown>): Promise<void> {
    await this.simulator.start()
    const { webSocketUrl, noiseRootKey } = this.simulator
    const whatsappd = { whatsapp: { webSocketUrl, noiseRootKey } }
    writeFileSync(this.configPath, JSON.stringify({ channels: { whatsapp }, whatsappd }))
    await this.#start()
    const link = new CommandLine(['link', '--code', OWNER], this.environment)
    const [, first = '', second = ''] = await link.waitFor(/: {2}(\w{4})-(\w{4})/)
    await this.owner.enterCode(first + second)
    await link.exit
  }

  async #start(): Promise<void> {
    const how = ['run', '--config', this.configPath, '--state-dir', join(this.home, 'state'), '--port', '0']
    const environment = { NODE_OPTIONS: `--import ${PRELOAD}`, KILL_AT_SYNC: this.#armPath }
    this.#command = new CommandLine(how, environment)
    await this.#command.waitFor(/is running on/)
  }
}
