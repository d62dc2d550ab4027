import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BotChild } from './bot-child.ts'
import type { Bot, BotSetting, DeviceIdentity } from './bot.ts'
import { readIdentity } from './read-identity.ts'

const PROGRAM = fileURLToPath(new URL('../bench/bots/bare-bot.mjs', import.meta.url))
const STOP_LIMIT_MS = 5_000
const START_LIMIT_MS = 60_000

interface Report {
  qr?: string
  connected?: true
}

/** The bare Baileys bot of the benchmark, under a supervisor that starts it again. */
export class PlainBot implements Bot {
  readonly name = 'bare'
  readonly takesOrders = false
  readonly answersOwner = false
  readonly answersGroups = false
  readonly #setting: BotSetting
  readonly #authDirectory: string
  readonly #allowDirectory: string
  #crashes: string[] = []
  #child: BotChild | null = null
  #wasConnected = false
  #offered: (qr: string) => void = () => {}

  constructor(setting: BotSetting) {
    this.#setting = setting
    this.#authDirectory = join(setting.stateDirectory, 'auth')
    this.#allowDirectory = join(setting.directory, 'allow')
    mkdirSync(this.#allowDirectory)
    writeFileSync(join(this.#allowDirectory, 'allow.json'), JSON.stringify(setting.allowFrom))
  }

  get isRunning(): boolean {
    return this.#child?.isRunning ?? false
  }

  get tail(): string {
    return this.#child?.tail ?? ''
  }

  takeCrashes(): string[] {
    return this.#crashes.splice(0)
  }

  spawn(): void {
    const child = this.#start((how) => this.#crashes.push(`the bot ended by itself (${how})`))
    this.#child = child
    // Our own program is at the other end.
    child.process.on('message', (report) => this.#told(report as Report))
  }

  controlPlane(): null {
    return null
  }

  spawnCopy(): () => Promise<void> {
    const copy = this.#start(() => {})
    return async () => void (await copy.end('SIGKILL', STOP_LIMIT_MS))
  }

  firstQr(): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the bot showed no QR:\n${this.tail}`)), START_LIMIT_MS)
      this.#offered = (qr) => {
        clearTimeout(timer)
        resolve(qr)
      }
    })
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGUSR2'): void {
    // Its clock is the machine's, and this signal would end it.
    if (signal !== 'SIGUSR2') this.#child?.signal(signal)
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<{ inTime: boolean }> {
    return (await this.#child?.end(signal, STOP_LIMIT_MS)) ?? { inTime: true }
  }

  async reconnect(): Promise<void> {
    // It connects again by itself, always at once.
  }

  identity(): DeviceIdentity | null {
    try {
      return readIdentity(readFileSync(this.#credentials, 'utf8'))
    } catch {
      return null
    }
  }

  storedMessages(): null {
    return null
  }

  damage(): string[] {
    return this.identity() === null ? ['creds.json is torn'] : []
  }

  #start(died: (how: string) => void): BotChild {
    return new BotChild([PROGRAM], {
      ipc: true,
      env: {
        BOT_URL: this.#setting.webSocketUrl,
        BOT_AUTH_DIR: this.#authDirectory,
        BOT_ALLOW_DIR: this.#allowDirectory,
      },
      died,
    })
  }

  get #credentials(): string {
    return join(this.#authDirectory, 'creds.json')
  }

  #told(report: Report): void {
    if (report.connected) this.#wasConnected = true
    if (report.qr === undefined) return
    if (this.#wasConnected) this.#crashes.push('the bot has lost its link and shows a QR')
    this.#offered(report.qr)
  }
}
