import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { createDaemon, type Daemon, type DaemonOptions } from '../../src/daemon.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import type { AccountView } from '../../src/protocol/account/account.ts'
import type { AccountState } from '../../src/protocol/account/account-states.ts'
import type { Stack } from './stack.ts'

const STATE_LIMIT_MS = 60_000

/** Whose sibling it is. */
type SiblingOf = Pick<Stack, 'directory' | 'stateDir' | 'configPath'>

/** A second daemon with the config of a stack and a copy of its state directory, as a cloned sandbox has it. */
export class Sibling {
  readonly #stack: SiblingOf
  readonly #stateDir: string
  readonly #options: Pick<DaemonOptions, 'env' | 'timings'>
  readonly #watchers = new Set<() => void>()
  #daemon: Daemon | null = null
  /** Of its control plane, once it runs. */
  url = ''

  /** Copies the directory now; best while the stack's daemon is stopped. */
  constructor(
    stack: SiblingOf,
    options: Pick<DaemonOptions, 'env'> & Partial<Pick<DaemonOptions, 'timings'>> = { env: {} },
  ) {
    this.#stack = stack
    this.#stateDir = join(stack.directory, 'sibling')
    this.#options = { timings: { reconnect: { firstDelayMs: 20, capMs: 200 } }, ...options }
    // Another process does it: closing a file in this one would drop the locks that SQLite holds on it.
    execFileSync('cp', ['-a', stack.stateDir, this.#stateDir])
  }

  get daemon(): Daemon {
    if (this.#daemon === null) throw new Error('the sibling is not running')
    return this.#daemon
  }

  async start(): Promise<void> {
    const daemon = createDaemon({
      configPath: this.#stack.configPath,
      stateDir: this.#stateDir,
      logger: createLogger({ level: 'silent' }),
      version: '0.0.0-test',
      listen: { port: 0 },
      ...this.#options,
    })
    daemon.subscribe(() => {
      for (const watcher of this.#watchers) watcher()
    })
    const { host, port } = await daemon.start()
    this.url = `http://${host}:${port}`
    this.#daemon = daemon
  }

  async stop(): Promise<void> {
    await this.#daemon?.stop()
    this.#daemon = null
  }

  account(): AccountView {
    const [account] = this.daemon.registry.list()
    if (account === undefined) throw new Error('the sibling has no account')
    return account
  }

  untilState(state: AccountState, timeoutMs = STATE_LIMIT_MS): Promise<AccountView> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.account().state !== state) return
        clearTimeout(timer)
        this.#watchers.delete(look)
        resolve(this.account())
      }
      const timer = setTimeout(() => {
        this.#watchers.delete(look)
        reject(new Error(`waited in vain for ${state}; the sibling is ${this.account().state}`))
      }, timeoutMs)
      this.#watchers.add(look)
      look()
    })
  }
}
