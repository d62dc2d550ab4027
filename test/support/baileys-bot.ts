import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BotProcess } from '../bench/bots/bot-process.ts'

const PROGRAM = fileURLToPath(new URL('../bench/bots/bare-bot.mjs', import.meta.url))

interface Report {
  qr?: string
  connected?: true
}

/** The bare bot of the benchmark in a process of its own, with Baileys' multi-file store in `directory`. */
export class BaileysBot {
  readonly directory: string
  readonly #root = mkdtempSync(join(tmpdir(), 'baileys-bot-'))
  readonly #url: string
  #process: BotProcess | null = null

  constructor(webSocketUrl: string) {
    this.#url = webSocketUrl
    this.directory = join(this.#root, 'auth')
  }

  /** Resolves with the first QR, or `null` once it is connected where it has a link. It answers these numbers. */
  async start(allowed: readonly string[]): Promise<string | null> {
    const allowDirectory = join(this.#root, 'allow')
    mkdirSync(allowDirectory, { recursive: true })
    writeFileSync(join(allowDirectory, 'allow.json'), JSON.stringify(allowed))
    this.#process = new BotProcess([PROGRAM], {
      ipc: true,
      env: { BOT_URL: this.#url, BOT_AUTH_DIR: this.directory, BOT_ALLOW_DIR: allowDirectory },
    })
    return this.#reported(({ qr, connected }) => qr ?? (connected === true ? null : undefined))
  }

  async connected(): Promise<void> {
    await this.#reported(({ connected }) => connected)
  }

  /** The store stays. */
  async stop(): Promise<void> {
    await this.#process?.stop()
    this.#process = null
  }

  /** Ends it, and removes the store. */
  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.#root, { recursive: true, force: true })
  }

  #reported<T>(read: (report: Report) => T | undefined): Promise<T> {
    const running = this.#process
    if (running === null) throw new Error('the bot does not run')
    const report = new Promise<T>((resolve) => {
      const listen = (message: unknown): void => {
        // Our own program is at the other end.
        const value = read(message as Report)
        if (value === undefined) return
        running.child.off('message', listen)
        resolve(value)
      }
      running.child.on('message', listen)
    })
    return Promise.race([report, running.died])
  }
}

/** As if the files in a directory had been changed last so many seconds ago. */
export function ageFiles(directory: string, seconds: number): void {
  const at = Date.now() / 1_000 - seconds
  for (const name of readdirSync(directory)) utimesSync(join(directory, name), at, at)
}
