import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CONNECTORS } from '../../src/agents/registry.ts'
import { ConfigService } from '../../src/config/config-service.ts'
import type { AccountConfig, Config } from '../../src/config/model.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import type { ConfigProblem } from '../../src/protocol/config/config-problem.ts'

export const ALICE = '+15555550101'
export const BOB = '+15555550102'
export const CAROL = '+15555550103'

/** The text of a file that allows these numbers. */
export function allowing(...numbers: string[]): string {
  return `{\n  channels: { whatsapp: { allowFrom: ${JSON.stringify(numbers)} } },\n}\n`
}

/** A config file in a directory of its own, and the real service that follows it. */
export class ConfigPlace {
  /** What `stop` removes. */
  readonly root = mkdtempSync(join(tmpdir(), 'whatsappd-config-'))
  readonly directory = join(this.root, 'sandbox')
  readonly stateDir = join(this.root, 'state')
  readonly path = join(this.directory, 'sandbox.config.json5')
  readonly applied: { config: Config; changed: readonly string[] }[] = []
  readonly rejected: ConfigProblem[] = []
  /** Lines of the log, JSON. */
  readonly log: string[] = []
  readonly #watchers = new Set<() => void>()
  readonly #env: NodeJS.ProcessEnv
  #service: ConfigService | null = null

  constructor(env: NodeJS.ProcessEnv = {}) {
    this.#env = env
    mkdirSync(this.directory)
    mkdirSync(this.stateDir)
    chmodSync(this.stateDir, 0o700)
  }

  /** Started on a file with this text; `null` for no file. */
  static async with(text: string | Uint8Array | null, env?: NodeJS.ProcessEnv): Promise<ConfigPlace> {
    const place = new ConfigPlace(env)
    if (text !== null) place.write(text)
    await place.start()
    return place
  }

  get service(): ConfigService {
    if (this.#service === null) throw new Error('the service is not running')
    return this.#service
  }

  get account(): AccountConfig {
    const { accounts, defaultAccount } = this.service.current
    const account = accounts[defaultAccount]
    if (account === undefined) throw new Error(`no account ${defaultAccount}`)
    return account
  }

  /** Who is let in right now. */
  get allowed(): readonly string[] {
    return this.account.access.allowFrom
  }

  get text(): string {
    return readFileSync(this.path, 'utf8')
  }

  async start(): Promise<void> {
    const service = new ConfigService({
      configPath: this.path,
      stateDir: this.stateDir,
      env: this.#env,
      connectors: CONNECTORS,
      logger: createLogger({
        level: 'info',
        format: 'json',
        destination: { write: (line) => void this.log.push(line) },
      }),
    })
    service.onApplied((config, changed) => {
      this.applied.push({ config, changed })
      for (const watcher of this.#watchers) watcher()
    })
    service.onRejected((problem) => {
      this.rejected.push(problem)
      for (const watcher of this.#watchers) watcher()
    })
    this.#service = service
    await service.start()
  }

  async stop(): Promise<void> {
    await this.#service?.stop()
    this.#service = null
    rmSync(this.root, { recursive: true, force: true })
  }

  /** As after the end of one process and the start of the next, with `change` between the two. */
  async restart(change: () => void = () => {}): Promise<void> {
    await this.service.stop()
    change()
    await this.start()
  }

  /** Saves in place, as many editors do. */
  write(text: string | Uint8Array): void {
    writeFileSync(this.path, text)
  }

  /** Saves as careful editors do: a new file takes the old one's name. */
  replace(text: string): void {
    writeFileSync(`${this.path}.new`, text)
    renameSync(`${this.path}.new`, this.path)
  }

  /** Resolves as soon as `holds`, looking again at every event of the service. Answers with the milliseconds it took. */
  async until(what: string, holds: () => boolean, timeoutMs = 30_000): Promise<number> {
    const begin = performance.now()
    if (holds()) return 0
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer)
        this.#watchers.delete(look)
      }
      const look = (): void => {
        if (!holds()) return
        finish()
        resolve(performance.now() - begin)
      }
      const timer = setTimeout(() => {
        finish()
        reject(new Error(`waited in vain for ${what}; allowed: ${JSON.stringify(this.allowed)}`))
      }, timeoutMs)
      this.#watchers.add(look)
    })
  }

  untilAllowed(...numbers: string[]): Promise<number> {
    const wanted = JSON.stringify(numbers)
    return this.until(`${wanted} in force`, () => JSON.stringify(this.allowed) === wanted)
  }

  untilRejected(count = 1): Promise<number> {
    return this.until(`${count} rejected`, () => this.rejected.length >= count)
  }
}
