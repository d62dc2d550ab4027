import { existsSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { type FSWatcher, watch } from 'chokidar'

/** Events of one save come in a burst: the file is read once they are over. */
const SETTLE_MS = 15
/** The file is looked at this often besides, for what no event tells: network volumes, a watcher that went deaf. */
const POLL_INTERVAL_MS = 1_000
/** Longest wait before a failed watcher is armed again; the poll goes on meanwhile. */
const REARM_DELAY_MS = 1_000

/**
 * Says "look at the file" whenever its content may have changed. It watches the file's directory and not the file
 * itself, so that atomic replaces, deletions and symlink swaps (Kubernetes ConfigMaps) are seen, and it looks once a
 * second besides. The watcher's own errors are reported, and it is armed again.
 */
export class FileWatch {
  readonly #path: string
  readonly #look: () => void
  readonly #failed: (error: unknown) => void
  #watcher: FSWatcher | null = null
  #poll: NodeJS.Timeout | undefined
  #settle: NodeJS.Timeout | undefined
  #rearm: NodeJS.Timeout | undefined
  #stopped = false

  constructor(options: { path: string; look: () => void; failed: (error: unknown) => void }) {
    this.#path = resolve(options.path)
    this.#look = options.look
    this.#failed = options.failed
  }

  /** Resolves when changes are seen. */
  async start(): Promise<void> {
    this.#poll = setInterval(() => {
      if (this.#watcher === null && this.#rearm === undefined) void this.#arm()
      this.#look()
    }, POLL_INTERVAL_MS)
    this.#poll.unref()
    await this.#arm()
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#poll)
    clearTimeout(this.#settle)
    clearTimeout(this.#rearm)
    const watcher = this.#watcher
    this.#watcher = null
    await watcher?.close()
  }

  /** What a watcher does that reports an error, for what cannot be provoked from outside. */
  fail(error: unknown): void {
    this.#watcher?.emit('error', error)
  }

  async #arm(): Promise<void> {
    const directory = dirname(this.#path)
    // A directory that is missing is waited for by the poll.
    if (this.#stopped || !existsSync(directory)) return
    const file = basename(this.#path)
    const watcher = watch(directory, {
      depth: 0,
      ignoreInitial: true,
      // The links of a ConfigMap (`..data`) change in place of the file.
      followSymlinks: false,
      ignored: (path) =>
        resolve(path) !== directory && basename(path) !== file && !basename(path).startsWith('..'),
    })
    this.#watcher = watcher
    watcher.on('all', () => this.#soon())
    watcher.on('raw', () => this.#soon())
    watcher.on('error', (error) => this.#broken(watcher, error))
    await new Promise<void>((ready) => {
      watcher.once('ready', ready)
      watcher.once('error', () => ready())
    })
  }

  #soon(): void {
    if (this.#stopped) return
    clearTimeout(this.#settle)
    this.#settle = setTimeout(this.#look, SETTLE_MS)
  }

  #broken(watcher: FSWatcher, error: unknown): void {
    if (this.#watcher !== watcher) return
    this.#watcher = null
    void watcher.close()
    if (this.#stopped) return
    this.#failed(error)
    this.#rearm = setTimeout(() => {
      this.#rearm = undefined
      void this.#arm()
      this.#look()
    }, REARM_DELAY_MS)
  }
}
