import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../src/client/client.ts'
import { ASSISTANT_ID } from './assistants/assistant.ts'
import { BotChild } from './bot-child.ts'
import type { Bot, BotSetting, DeviceIdentity } from './bot.ts'
import { readIdentity } from './read-identity.ts'
import { databaseDamage, inSoundCopy } from './sound-copy.ts'

const SHIFT_CLOCK = new URL('./shift-clock.mjs', import.meta.url).href
const LIMIT_PAGES = new URL('./limit-pages.mjs', import.meta.url).href
export const BUILT_MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
/** The promise for an orderly stop, and a little for a busy machine. */
const STOP_LIMIT_MS = 12_000
const START_LIMIT_MS = 20_000
const CONTROL_LIMIT_MS = 2_000
const POLL_MS = 20
/** Beyond any clock jump of a run, so that nothing is too old to be answered. */
const CATCH_UP_MINUTES = 10_000

/** Everywhere, and as busy as it gets. */
const ACK_REACTION = { emoji: 'eyes', direct: true, group: 'always', removeAfterReply: true }

/** The daemon as a user runs it: built, with a config file, told things over the control plane with the local token. */
export class DaemonBot implements Bot {
  readonly name = 'ours'
  readonly takesOrders = true
  readonly answersOwner = true
  readonly answersGroups = true
  readonly #program: string
  readonly #setting: BotSetting
  readonly #configPath: string
  readonly #stateDir: string
  #crashes: string[] = []
  #child: BotChild | null = null

  constructor(program: string, setting: BotSetting) {
    this.#program = program
    this.#setting = setting
    this.#configPath = join(setting.directory, 'sandbox.config.json5')
    this.#stateDir = join(setting.stateDirectory, 'state')
    const { allowFrom, assistant, directory, groups, reacts, webSocketUrl, noiseRootKey } = setting
    const whatsapp = {
      allowFrom,
      groups: Object.fromEntries(groups.map((jid) => [jid, { requireMention: false }])),
      pace: { perMinute: 100_000, perHour: 1_000_000 },
      catchUp: { maxAgeMinutes: CATCH_UP_MINUTES },
      ...(reacts ? { ackReaction: ACK_REACTION } : {}),
      ...(assistant === null ? {} : { agents: { [ASSISTANT_ID]: assistant.settings(directory) } }),
    }
    const whatsappd = { whatsapp: { webSocketUrl, noiseRootKey }, log: { level: 'info', format: 'json' } }
    writeFileSync(this.#configPath, JSON.stringify({ channels: { whatsapp }, whatsappd }, null, 2))
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
    this.#child = this.#start((how) => this.#crashes.push(`the daemon ended by itself (${how})`))
  }

  spawnCopy(): () => Promise<void> {
    // A copy may end by itself: somebody else is at work.
    const copy = this.#start(() => {})
    return async () => void (await copy.end('SIGKILL', STOP_LIMIT_MS))
  }

  /** Where the control plane of this very process listens, and with what one is let in; `null` while it is not up. */
  controlPlane(): { url: string; token: string } | null {
    const address = this.#address()
    if (address === null) return null
    const token = readFileSync(join(this.#stateDir, 'token'), 'utf8').trim()
    return { url: `ws://${address.host}:${address.port}/v1/ws`, token }
  }

  async firstQr(): Promise<string> {
    const deadline = performance.now() + START_LIMIT_MS
    while (this.#address() === null) {
      if (performance.now() > deadline || !this.isRunning)
        throw new Error(`the daemon did not come up:\n${this.tail}`)
      await delay(POLL_MS)
    }
    const offer = await this.#ask((client) => client.request('accounts.link', { method: 'qr' }))
    if (offer.method !== 'qr') throw new Error('asked for a QR and got something else')
    return offer.qr
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGUSR2'): void {
    // Whoever has not come up yet reads the clock's file by itself, and would die of the signal.
    if (signal !== 'SIGUSR2' || this.#address() !== null) this.#child?.signal(signal)
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<{ inTime: boolean }> {
    return (await this.#child?.end(signal, STOP_LIMIT_MS)) ?? { inTime: true }
  }

  async reconnect(): Promise<void> {
    if (this.#address() === null) return
    try {
      await this.#ask((client) =>
        client.request('accounts.reconnect', { account: 'default' }, { timeoutMs: CONTROL_LIMIT_MS }),
      )
    } catch {
      // Killed, paused or blocked meanwhile: whoever wants the connection asks again.
    }
  }

  identity(): DeviceIdentity | null {
    try {
      const row = inSoundCopy(this.#database, (database) =>
        database.prepare('SELECT value FROM credentials WHERE id = 1').get(),
      )
      // The table's one column.
      return readIdentity((row as { value: string }).value)
    } catch {
      return null
    }
  }

  damage(): string[] {
    return [this.#database, join(this.#stateDir, 'daemon.db')].flatMap(databaseDamage)
  }

  #start(died: (how: string) => void): BotChild {
    const { clockFile, fullFile } = this.#setting
    const clock = clockFile === null ? [] : [{ program: SHIFT_CLOCK, variables: { CLOCK_FILE: clockFile } }]
    const preloaded = [...clock, { program: LIMIT_PAGES, variables: { FULL_FILE: fullFile } }]
    const paths = ['--config', this.#configPath, '--state-dir', this.#stateDir]
    return new BotChild([this.#program, 'run', ...paths, '--port', '0'], {
      ipc: false,
      env: {
        NODE_OPTIONS: preloaded.map(({ program }) => `--import ${program}`).join(' '),
        ...Object.assign({}, ...preloaded.map(({ variables }) => variables)),
      },
      died,
    })
  }

  get #database(): string {
    return join(this.#stateDir, 'accounts', 'default', 'account.db')
  }

  /** Where the control plane of this very process listens; `null` while it does not. */
  #address(): { host: string; port: number } | null {
    const path = join(this.#stateDir, 'daemon.json')
    try {
      // Ours, but a killed daemon leaves it behind, and it may be half-written.
      const { pid, ...address } = JSON.parse(readFileSync(path, 'utf8')) as {
        host: string
        port: number
        pid: number
      }
      return pid === this.#child?.pid && existsSync(join(this.#stateDir, 'token')) ? address : null
    } catch {
      return null
    }
  }

  async #ask<T>(question: (client: WhatsappdClient) => Promise<T>): Promise<T> {
    const place = this.controlPlane()
    if (place === null) throw new Error('the daemon is not up')
    const client = new WhatsappdClient({ ...place, WebSocket, reconnect: false })
    try {
      // A paused process accepts the connection and says nothing: closing the client ends the wait.
      const timer = setTimeout(() => client.close(), START_LIMIT_MS)
      await client.connect().finally(() => clearTimeout(timer))
      return await question(client)
    } finally {
      client.close()
    }
  }
}
