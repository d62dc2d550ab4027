import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../src/client/client.ts'
import { BotChild } from './bot-child.ts'
import { databaseDamage } from './sound-copy.ts'

const SHIFT_CLOCK = new URL('./shift-clock.mjs', import.meta.url).href
const LIMIT_PAGES = new URL('./limit-pages.mjs', import.meta.url).href
/** The promise for an orderly stop, and a little for a busy machine. */
const STOP_LIMIT_MS = 12_000
/** For a connection to its control plane. */
const CONNECT_LIMIT_MS = 60_000

export interface DaemonPlace {
  /** The built program. */
  program: string
  configPath: string
  stateDir: string
  /** 0 takes a free one at each start. */
  port: number
  /** Holds the offset of its clock in milliseconds; `null` leaves it the machine's. */
  clockFile: string | null
  /** Its databases cannot grow while this file exists; `null`: they always can. */
  fullFile: string | null
}

/** The built daemon as a process that is spawned, hurt and spawned again on the same state. */
export class DaemonProcess {
  readonly #place: DaemonPlace
  #crashes: string[] = []
  #child: BotChild | null = null

  constructor(place: DaemonPlace) {
    this.#place = place
  }

  get isRunning(): boolean {
    return this.#child?.isRunning ?? false
  }

  /** What it printed last. */
  get tail(): string {
    return this.#child?.tail ?? ''
  }

  /** How often it ended by itself since the last question. */
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
    const token = readFileSync(join(this.#place.stateDir, 'token'), 'utf8').trim()
    return { url: `ws://${address.host}:${address.port}/v1/ws`, token }
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGUSR2'): void {
    // Whoever has not come up yet reads the clock's file by itself, and would die of the signal.
    if (signal !== 'SIGUSR2' || this.#address() !== null) this.#child?.signal(signal)
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<{ inTime: boolean }> {
    return (await this.#child?.end(signal, STOP_LIMIT_MS)) ?? { inTime: true }
  }

  /** What is wrong with its databases, in words. The process must not run. */
  damage(): string[] {
    const { stateDir } = this.#place
    const accounts = join(stateDir, 'accounts')
    const others = readdirSync(accounts).filter((account) => account !== 'default')
    const files = ['default', ...others].map((account) => join(accounts, account, 'account.db'))
    return [...files, join(stateDir, 'daemon.db')].flatMap(databaseDamage)
  }

  /** Asks it over the control plane, with the local token. Rejects while it is not up. */
  async ask<T>(question: (client: WhatsappdClient) => Promise<T>): Promise<T> {
    const place = this.controlPlane()
    if (place === null) throw new Error('the daemon is not up')
    const client = new WhatsappdClient({ ...place, WebSocket, reconnect: false })
    try {
      // A paused process accepts the connection and says nothing: closing the client ends the wait.
      const timer = setTimeout(() => client.close(), CONNECT_LIMIT_MS)
      await client.connect().finally(() => clearTimeout(timer))
      return await question(client)
    } finally {
      client.close()
    }
  }

  #start(died: (how: string) => void): BotChild {
    const { program, configPath, stateDir, port, clockFile, fullFile } = this.#place
    const clock = clockFile === null ? [] : [{ program: SHIFT_CLOCK, variables: { CLOCK_FILE: clockFile } }]
    const pages = fullFile === null ? [] : [{ program: LIMIT_PAGES, variables: { FULL_FILE: fullFile } }]
    const preloaded = [...clock, ...pages]
    const paths = ['--config', configPath, '--state-dir', stateDir]
    return new BotChild([program, 'run', ...paths, '--port', String(port)], {
      ipc: false,
      env: {
        NODE_OPTIONS: preloaded.map((each) => `--import ${each.program}`).join(' '),
        ...Object.assign({}, ...preloaded.map(({ variables }) => variables)),
      },
      died,
    })
  }

  /** Where the control plane of this very process listens; `null` while it does not. */
  #address(): { host: string; port: number } | null {
    const path = join(this.#place.stateDir, 'daemon.json')
    try {
      // Ours, but a killed daemon leaves it behind, and it may be half-written.
      const { pid, ...address } = JSON.parse(readFileSync(path, 'utf8')) as {
        host: string
        port: number
        pid: number
      }
      return pid === this.#child?.pid && existsSync(join(this.#place.stateDir, 'token')) ? address : null
    } catch {
      return null
    }
  }
}
