import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { type FSWatcher, watch } from 'chokidar'

/** Events of one save come in a burst: the file is read once they are over. */
const SETTLE_MS = 15
/** The file is looked at this often besides, for what no event tells: network volumes, a watcher that went deaf. */
const POLL_INTERVAL_MS = 1_000
/** How long a failed watcher is left alone; the poll goes on meanwhile. */
const REARM_DELAY_MS = 500

export interface FileWatchOptions {
  /** The config file, and those that it includes now. */
  paths: () => readonly string[]
  /** Looks at the file; called more often than it changes. */
  look: () => void
  /** The watcher failed; it will be armed again. */
  failed: (error: unknown) => void
}

/**
 * Says "look at the file" whenever its content may have changed. It watches the file's directory and not the file
 * itself, so that atomic replaces, deletions and symlink swaps (Kubernetes ConfigMaps) are seen; where the file is a link,
 * the directory that it leads to as well; and it looks once a second besides. The watcher's own errors are reported, and
 * it is armed again, as it is when another directory takes the place of a watched one.
 */
export class FileWatch {
  readonly #options: FileWatchOptions
  #watcher: FSWatcher | null = null
  /** The directories that are watched, with what identified them. */
  #armedFor = ''
  #poll: NodeJS.Timeout | undefined
  #settle: NodeJS.Timeout | undefined
  #restUntil = 0
  /** Checked after every await: a later call has taken over when it differs. */
  #generation = 0
  /** Ends the wait for a watcher that is closed before it is ready. */
  #release = (): void => {}
  #stopped = false

  constructor(options: FileWatchOptions) {
    this.#options = options
  }

  /** Resolves when changes are seen. */
  async start(): Promise<void> {
    this.#poll = setInterval(() => this.#tick(), POLL_INTERVAL_MS)
    this.#poll.unref()
    await this.#arm()
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#poll)
    clearTimeout(this.#settle)
    await this.#disarm()
  }

  #tick(): void {
    this.#options.look()
    const isResting = performance.now() < this.#restUntil
    if (!this.#stopped && !isResting && this.#armedFor !== this.#identity()) void this.#arm()
  }

  async #arm(): Promise<void> {
    const closed = this.#disarm()
    const generation = this.#generation
    const directories = this.#directories()
    this.#armedFor = this.#identity()
    await closed
    // A directory that is missing is waited for by the poll.
    if (generation !== this.#generation || this.#stopped || directories.length === 0) return
    const watcher = this.#watch(directories)
    this.#watcher = watcher
    await new Promise<void>((resolve) => {
      this.#release = resolve
      watcher.once('ready', resolve)
      watcher.once('error', () => resolve())
    })
    // What was saved before the watcher was ready.
    if (generation === this.#generation) this.#soon()
  }

  #watch(directories: readonly string[]): FSWatcher {
    const paths = this.#options.paths()
    const names = new Set(paths.flatMap((path) => [basename(path), basename(realPathOf(path) ?? path)]))
    const watcher = watch([...directories], {
      depth: 0,
      ignoreInitial: true,
      // The links of a ConfigMap (`..data`) change in place of the file.
      followSymlinks: false,
      ignored: (path) =>
        !directories.includes(resolve(path)) &&
        !names.has(basename(path)) &&
        !basename(path).startsWith('..'),
    })
    watcher.on('all', () => this.#soon())
    watcher.on('raw', () => this.#soon())
    watcher.on('error', (error) => this.#broken(watcher, error))
    return watcher
  }

  async #disarm(): Promise<void> {
    this.#generation += 1
    const watcher = this.#watcher
    this.#watcher = null
    this.#armedFor = ''
    this.#release()
    await watcher?.close()
  }

  /** Later events of a burst do not push the look further away: a busy directory must not starve it. */
  #soon(): void {
    if (this.#stopped || this.#settle !== undefined) return
    this.#settle = setTimeout(() => {
      this.#settle = undefined
      this.#tick()
    }, SETTLE_MS)
  }

  #broken(watcher: FSWatcher, error: unknown): void {
    if (this.#watcher !== watcher || this.#stopped) return
    this.#restUntil = performance.now() + REARM_DELAY_MS
    void this.#disarm()
    this.#options.failed(error)
  }

  #directories(): string[] {
    return [...new Set(this.#options.paths().flatMap((path) => directoriesOf(resolve(path))))]
  }

  #identity(): string {
    return [identityOf(this.#directories()), ...this.#options.paths()].join('|')
  }
}

/**
 * Those that exist of the file's directory and, where it is a link that leads away, its target's. A ConfigMap's link
 * leads to a directory inside, which is another one after each swap and never written to.
 */
function directoriesOf(path: string): string[] {
  const directory = realPathOf(dirname(path))
  if (directory === null) return []
  const file = realPathOf(path)
  const target = file === null ? directory : dirname(file)
  const isInside = target === directory || target.startsWith(join(directory, sep))
  return isInside ? [directory] : [directory, target]
}

/** Tells a directory from another one that has taken its place. */
function identityOf(directories: readonly string[]): string {
  return directories
    .map((directory) => {
      const stat = statSync(directory, { throwIfNoEntry: false })
      return `${directory}:${stat?.dev}:${stat?.ino}:${stat?.birthtimeMs}`
    })
    .join('|')
}

function realPathOf(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}
