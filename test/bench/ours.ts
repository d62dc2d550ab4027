import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../src/client/client.ts'
import type { ClientEvents } from '../../src/client/client-events.ts'
import { BotProcess } from './bot-process.ts'
import type { Bot } from './bot.ts'
import { shebangFlags } from './shebang-flags.ts'
import type { ServerAddress } from './simulator-requests.ts'

export interface OurBotOptions {
  /** The built `main.js`. */
  program: string
  /** Further flags for Node, such as `--cpu-prof`. */
  nodeFlags?: readonly string[]
  env?: NodeJS.ProcessEnv
  /** Called when it listens, before anything is asked of it. */
  listening?: () => Promise<void>
  /** Further keys of `channels.whatsapp` in its config. */
  channel?: Record<string, unknown>
  /** Further keys of `whatsappd` in its config. */
  settings?: Record<string, unknown>
}

/** The daemon as a user runs it: built, with a config file, driven over the control plane with the local token. */
export class OurBot implements Bot {
  readonly name = 'ours'
  readonly #options: OurBotOptions
  readonly #directory = mkdtempSync(join(tmpdir(), 'bench-ours-'))
  readonly #configPath = join(this.#directory, 'sandbox.config.json5')
  readonly #stateDir = join(this.#directory, 'state')
  #server: ServerAddress | null = null
  #address: { host: string; port: number } | null = null
  #process: BotProcess | null = null
  #client: WhatsappdClient | null = null
  #connected: Promise<unknown> | null = null

  constructor(options: OurBotOptions) {
    this.#options = options
  }

  get pid(): number {
    return this.#running.pid
  }

  /** Absolute. */
  get stateDirectory(): string {
    return this.#stateDir
  }

  async start(
    server: ServerAddress,
    allowFrom: readonly string[],
  ): Promise<{ qr: string; firstQrMs: number }> {
    this.#server = server
    this.#writeConfig(allowFrom)
    // Made here with the daemon's own mode, so that it can be watched before the daemon is there.
    mkdirSync(this.#stateDir, { mode: 0o700 })
    const infoFile = this.#appears('daemon.json')
    const { program, nodeFlags = [] } = this.#options
    // The installed command starts with its first line's flags.
    const flags = [...shebangFlags(program), ...nodeFlags]
    const startedAt = performance.now()
    this.#process = new BotProcess(
      [...flags, program, 'run', '--config', this.#configPath, '--state-dir', this.#stateDir, '--port', '0'],
      { ipc: false, env: this.#options.env ?? {} },
    )
    this.#address = await Promise.race([infoFile, this.#process.died])
    await this.#options.listening?.()
    const client = new WhatsappdClient({ ...this.controlPlane, WebSocket })
    this.#client = client
    this.#connected = this.#event('account.status', ({ state }) => state === 'connected')
    await client.connect()
    const { qr } = await this.#qr(client)
    return { qr, firstQrMs: performance.now() - startedAt }
  }

  /** Where dashboards connect, and with what. */
  get controlPlane(): { url: string; token: string } {
    if (this.#address === null) throw new Error('the daemon has not started')
    const { host, port } = this.#address
    return {
      url: `ws://${host}:${port}/v1/ws`,
      token: readFileSync(join(this.#stateDir, 'token'), 'utf8').trim(),
    }
  }

  /** A fresh QR after one that was cancelled. */
  async offerQr(): Promise<void> {
    await this.#client?.request('accounts.link', { method: 'qr' })
  }

  async cancelLink(): Promise<void> {
    await this.#client?.request('accounts.cancelLink', {})
  }

  async connected(): Promise<void> {
    await this.#connected
  }

  async saveAllowFrom(allowFrom: readonly string[]): Promise<number> {
    // Nothing else saves this file, so the next one applied is this one.
    const inForce = this.#event('config.applied', () => true)
    const savedAt = performance.now()
    this.#writeConfig(allowFrom)
    await inForce
    return performance.now() - savedAt
  }

  async stop(): Promise<void> {
    this.#client?.close()
    await this.#process?.stop()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  get #running(): BotProcess {
    if (this.#process === null) throw new Error('the bot has not started')
    return this.#process
  }

  async #qr(client: WhatsappdClient): Promise<{ qr: string }> {
    const offer = await client.request('accounts.link', { method: 'qr' })
    if (offer.method !== 'qr') throw new Error('asked for a QR and got something else')
    return offer
  }

  #writeConfig(allowFrom: readonly string[]): void {
    const config = {
      channels: {
        whatsapp: {
          allowFrom,
          pace: { perMinute: 1_000_000, perHour: 10_000_000 },
          ...this.#options.channel,
        },
      },
      whatsappd: { whatsapp: this.#server, ...this.#options.settings },
    }
    writeFileSync(this.#configPath, JSON.stringify(config, null, 2))
  }

  /** Resolves with the daemon's address as soon as the file is there and whole. */
  #appears(name: string): Promise<{ host: string; port: number }> {
    const path = join(this.#stateDir, name)
    return new Promise((resolve) => {
      const watcher = watch(this.#stateDir, () => {
        if (!existsSync(path)) return
        const text = readFileSync(path, 'utf8')
        if (!text.endsWith('}')) return
        watcher.close()
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
