import {
  existsSync,
  type FSWatcher,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../../src/client/client.ts'
import type { ClientEvents } from '../../../src/client/client-events.ts'
import type { ServerAddress } from '../whatsapp/simulator-requests.ts'
import { BotProcess } from './bot-process.ts'
import type { Bot } from './bot.ts'
import { shebangFlags } from './shebang-flags.ts'

export interface OurBotOptions {
  /** The built `main.js`. */
  program: string
  /** The Node that runs it; this one without it. */
  node?: string | undefined
  /** Further flags for Node, such as `--cpu-prof`. */
  nodeFlags?: readonly string[]
  env?: NodeJS.ProcessEnv
  /** Called when it listens, before anything is asked of it. */
  listening?: () => Promise<void>
  /** Further keys of `channels.whatsapp` in its config. */
  channel?: Record<string, unknown>
  /** Further keys of `whatsappd` in its config. */
  settings?: Record<string, unknown>
  /** For config and state, which are removed at the end; one of its own without it. */
  directory?: string
}

const ACCOUNT = 'default'

/** The daemon as a user runs it: built, with a config file, driven over the control plane with the local token. */
export class OurBot implements Bot {
  readonly name = 'ours'
  readonly #options: OurBotOptions
  readonly #directory: string
  readonly #configPath: string
  readonly #stateDir: string
  #server: ServerAddress | null = null
  #address: { host: string; port: number } | null = null
  #process: BotProcess | null = null
  #client: WhatsappdClient | null = null
  #connected: Promise<unknown> | null = null
  /** Of a start under way. */
  #watcher: FSWatcher | null = null
  #state = 'not started'
  #channel: Record<string, unknown>

  constructor(options: OurBotOptions) {
    this.#options = options
    this.#directory = options.directory ?? mkdtempSync(join(tmpdir(), 'bench-ours-'))
    this.#configPath = join(this.#directory, 'sandbox.config.json5')
    this.#stateDir = join(this.#directory, 'state')
    this.#channel = options.channel ?? {}
  }

  get pid(): number {
    return this.#running.pid
  }

  get lastWords(): string {
    return `account ${this.#state}; ${this.#process?.tail ?? ''}`
  }

  /** Absolute. */
  get stateDirectory(): string {
    return this.#stateDir
  }

  get configPath(): string {
    return this.#configPath
  }

  /** With the local token, subscribed. */
  get client(): WhatsappdClient {
    if (this.#client === null) throw new Error('the daemon has not started')
    return this.#client
  }

  async start(
    server: ServerAddress,
    allowFrom: readonly string[],
  ): Promise<{ qr: string; firstQrMs: number }> {
    const startedAt = await this.open(server, allowFrom)
    const { qr } = await this.offerFor(ACCOUNT)
    return { qr, firstQrMs: performance.now() - startedAt }
  }

  /** Spawns it and connects a client, and links nothing. Answers when it was spawned (`performance.now()`). */
  async open(server: ServerAddress | null, allowFrom: readonly string[]): Promise<number> {
    this.#server = server
    this.#writeConfig(allowFrom)
    // Made here with the daemon's own mode, so that it can be watched before the daemon is there.
    mkdirSync(this.#stateDir, { mode: 0o700, recursive: true })
    const startedAt = performance.now()
    await this.#spawn()
    return startedAt
  }

  /** Where dashboards connect, and with what. */
  get controlPlane(): { url: string; token: string } {
    return {
      url: `ws://${this.authority}/v1/ws`,
      token: readFileSync(join(this.#stateDir, 'token'), 'utf8').trim(),
    }
  }

  /** `host:port` of the control plane. */
  get authority(): string {
    if (this.#address === null) throw new Error('the daemon has not started')
    return `${this.#address.host}:${this.#address.port}`
  }

  /** A fresh QR after one that was cancelled. */
  async offerQr(): Promise<void> {
    await this.#client?.request('accounts.link', { method: 'qr' })
  }

  /** The first QR of an account. */
  async offerFor(account: string): Promise<{ qr: string }> {
    const offer = await this.client.request('accounts.link', { account, method: 'qr' })
    if (offer.method !== 'qr') throw new Error('asked for a QR and got something else')
    return offer
  }

  async cancelLink(): Promise<void> {
    await this.#client?.request('accounts.cancelLink', {})
  }

  async connected(): Promise<void> {
    await this.#connected
  }

  async halt(): Promise<void> {
    this.#client?.close()
    await this.#process?.stop()
    rmSync(join(this.#stateDir, 'daemon.json'), { force: true })
    this.#state = 'stopped'
  }

  async resume(): Promise<number> {
    const startedAt = performance.now()
    await this.#spawn()
    await this.#connected
    return performance.now() - startedAt
  }

  async saveAllowFrom(allowFrom: readonly string[]): Promise<number> {
    // Nothing else saves this file, so the next one applied is this one.
    const inForce = this.#event('config.applied', () => true)
    const savedAt = performance.now()
    this.#writeConfig(allowFrom)
    await inForce
    return performance.now() - savedAt
  }

  /** Saves the file with these keys of `channels.whatsapp` besides; answers as `saveAllowFrom`. They stay. */
  async saveChannel(channel: Record<string, unknown>, allowFrom: readonly string[]): Promise<number> {
    this.#channel = { ...this.#channel, ...channel }
    return this.saveAllowFrom(allowFrom)
  }

  /** Resolves when this account is connected; the account's own state when it is asked for counts, too. */
  async untilConnected(account: string): Promise<void> {
    const later = this.#event(
      'account.status',
      (view) => view.account === account && view.state === 'connected',
    )
    const { accounts } = await this.client.request('accounts.list', {})
    if (accounts.some((view) => view.account === account && view.state === 'connected')) return
    await later
  }

  async stop(): Promise<void> {
    // A daemon that died at once never wrote its address.
    this.#watcher?.close()
    this.#client?.close()
    await this.#process?.stop()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  get #running(): BotProcess {
    if (this.#process === null) throw new Error('the bot has not started')
    return this.#process
  }

  async #spawn(): Promise<void> {
    const infoFile = this.#appears('daemon.json')
    const { program, node, nodeFlags = [] } = this.#options
    // The installed command starts with its first line's flags.
    const flags = [...shebangFlags(program), ...nodeFlags]
    this.#state = 'not known yet'
    this.#process = new BotProcess(
      [...flags, program, 'run', '--config', this.#configPath, '--state-dir', this.#stateDir, '--port', '0'],
      { ipc: false, node, env: this.#options.env ?? {} },
    )
    this.#address = await Promise.race([infoFile, this.#process.died])
    await this.#options.listening?.()
    const client = new WhatsappdClient({ ...this.controlPlane, WebSocket })
    this.#client = client
    this.#connected = this.#untilDefaultIsConnected(client)
    this.#connected.catch(() => undefined)
    await client.connect()
  }

  #untilDefaultIsConnected(client: WhatsappdClient): Promise<unknown> {
    const already = new Promise<void>((resolve) => {
      client.on('account.status', ({ account, state }) => {
        if (account === ACCOUNT) this.#state = state
        if (account === ACCOUNT && state === 'connected') resolve()
      })
      client.on('snapshot', ({ snapshot: { accounts } }) => {
        const state = accounts.find(({ account }) => account === ACCOUNT)?.state
        if (state !== undefined) this.#state = state
        if (state === 'connected') resolve()
      })
    })
    return Promise.race([already, this.#running.died])
  }

  #writeConfig(allowFrom: readonly string[]): void {
    const config = {
      channels: {
        whatsapp: {
          allowFrom,
          pace: { perMinute: 1_000_000, perHour: 10_000_000 },
          ...this.#channel,
        },
      },
      whatsappd: { ...(this.#server !== null && { whatsapp: this.#server }), ...this.#options.settings },
    }
    writeFileSync(this.#configPath, JSON.stringify(config, null, 2))
  }

  /** Resolves with the daemon's address as soon as the file is there and whole. */
  #appears(name: string): Promise<{ host: string; port: number }> {
    const path = join(this.#stateDir, name)
    return new Promise((resolve) => {
      this.#watcher = watch(this.#stateDir, () => {
        if (!existsSync(path)) return
        const text = readFileSync(path, 'utf8')
        if (!text.endsWith('}')) return
        this.#watcher?.close()
        resolve(JSON.parse(text))
      })
    })
  }

  /** The first such event from now on. */
  #event<Name extends 'account.status' | 'config.applied'>(
    name: Name,
    fits: (payload: ClientEvents[Name][0]) => boolean,
  ): Promise<void> {
    const event = new Promise<void>((resolve) => {
      const unsubscribe = this.#client?.on(name, (...[payload]) => {
        if (!fits(payload)) return
        unsubscribe?.()
        resolve()
      })
    })
    return Promise.race([event, this.#running.died])
  }
}
