import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ServerAddress } from '../whatsapp/simulator-requests.ts'
import { BotProcess } from './bot-process.ts'
import type { Bot } from './bot.ts'

const PROGRAM = fileURLToPath(new URL('./bare-bot.mjs', import.meta.url))

interface BareReport {
  qr?: string
  connected?: true
  allowed?: string[]
}

/** The bare Baileys bot, as it is without anything of ours. */
export class BareBot implements Bot {
  readonly name = 'bare'
  readonly #directory = mkdtempSync(join(tmpdir(), 'bench-bare-'))
  readonly #waiters = new Set<(report: BareReport) => void>()
  readonly #node: string | undefined
  #server: ServerAddress | null = null
  #process: BotProcess | null = null
  #connected: Promise<unknown> | null = null

  constructor({ node }: { node?: string | undefined } = {}) {
    this.#node = node
  }

  get pid(): number {
    return this.#running.pid
  }

  get lastWords(): string {
    return this.#process?.tail ?? ''
  }

  async start(
    server: ServerAddress,
    allowFrom: readonly string[],
  ): Promise<{ qr: string; firstQrMs: number }> {
    this.#server = server
    mkdirSync(this.#allowDirectory, { recursive: true })
    this.#writeAllowFrom(allowFrom)
    const startedAt = this.#spawn(server)
    const qr = await this.#reported((report) => report.qr)
    return { qr, firstQrMs: performance.now() - startedAt }
  }

  async connected(): Promise<void> {
    await this.#connected
  }

  async halt(): Promise<void> {
    await this.#process?.stop()
  }

  async resume(): Promise<number> {
    if (this.#server === null) throw new Error('the bot has not started')
    const startedAt = this.#spawn(this.#server)
    await this.#connected
    return performance.now() - startedAt
  }

  async saveAllowFrom(allowFrom: readonly string[]): Promise<number> {
    const wanted = JSON.stringify(allowFrom)
    const inForce = this.#reported(({ allowed }) => (JSON.stringify(allowed) === wanted ? true : undefined))
    const savedAt = performance.now()
    this.#writeAllowFrom(allowFrom)
    await inForce
    return performance.now() - savedAt
  }

  async stop(): Promise<void> {
    await this.#process?.stop()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  get #running(): BotProcess {
    if (this.#process === null) throw new Error('the bot has not started')
    return this.#process
  }

  get #allowDirectory(): string {
    return join(this.#directory, 'allow')
  }

  /** Answers when. */
  #spawn(server: ServerAddress): number {
    const startedAt = performance.now()
    this.#process = new BotProcess([PROGRAM], {
      ipc: true,
      node: this.#node,
      env: {
        BOT_URL: server.webSocketUrl,
        BOT_AUTH_DIR: join(this.#directory, 'auth'),
        BOT_ALLOW_DIR: this.#allowDirectory,
      },
    })
    this.#process.child.on('message', (report) => {
      // Our own program is at the other end.
      for (const waiter of this.#waiters) waiter(report as BareReport)
    })
    this.#connected = this.#reported((report) => report.connected)
    this.#connected.catch(() => undefined)
    return startedAt
  }

  #writeAllowFrom(allowFrom: readonly string[]): void {
    writeFileSync(join(this.#allowDirectory, 'allow.json'), JSON.stringify(allowFrom))
  }

  /** The first thing read out of a report from now on. */
  #reported<T>(read: (report: BareReport) => T | undefined): Promise<T> {
    const report = new Promise<T>((resolve) => {
      const waiter = (next: BareReport): void => {
        const value = read(next)
        if (value === undefined) return
        this.#waiters.delete(waiter)
        resolve(value)
      }
      this.#waiters.add(waiter)
    })
    return Promise.race([report, this.#running.died])
  }
}
